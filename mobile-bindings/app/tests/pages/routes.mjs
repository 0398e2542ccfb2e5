/** Name of the picture → route. */
export const routes = {
  today: 'today',
  shops: 'shops',
  tasks: 'tasks',
  me: 'me',
  sync: 'sync',
}
