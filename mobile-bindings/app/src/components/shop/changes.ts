/**
 * Shops in which something was changed since their last visit was marked: the visit is then 有变化.
 * What changed, the core knows itself.
 */
import { reactive } from 'vue'
import type { Id } from '@/core/types'

const changed = reactive(new Set<Id>())

export function note(shop: Id): void {
  changed.add(shop)
}
export function isChanged(shop: Id): boolean {
  return changed.has(shop)
}
export function told(shop: Id): void {
  changed.delete(shop)
}
