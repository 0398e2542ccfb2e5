import { table } from './table'

export const tasks = table({
  title: ['待办', 'Tasks'],
})
