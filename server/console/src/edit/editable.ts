/** Types that the console writes; places, photos and references are the phone's. */
const TYPES = ['text', 'choice', 'flag', 'date', 'integer', 'remark', 'phone', 'id-card', 'uscc', 'presence']

export function isEditable(type: string): boolean {
  return TYPES.includes(type)
}
