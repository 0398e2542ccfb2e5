/** What an office may say of an item. Pure; the server decides. */
import type { Item } from '@/api/types'

export type Mark = 'entered' | 'existing' | 'back' | 'done' | 'void'

export const POPULATION = 'population-office'
export const CENTRE = 'linkage-centre'

export function marksOf(item: Pick<Item, 'form' | 'state'>, office: string | null | undefined, role: string): Mark[] {
  if (item.state !== 'open' && item.state !== 'back') return []
  if (office === POPULATION) return ['entered', 'existing', 'back']
  if (item.form === 'item_then_case') return role === 'office_head' ? ['void'] : []
  return item.form === 'item' ? ['done'] : []
}

/** Whether the office files it as a case. */
export function mayFile(item: Pick<Item, 'form' | 'state'>, office: string | null | undefined): boolean {
  return item.form === 'item_then_case' && item.state === 'open' && office === CENTRE
}
