/** What was changed in a shop since its last visit was marked, so that the visit can say so itself. */
import { reactive } from 'vue'
import type { Id } from '@/core/types'

/** Codes of `visit-change`. */
export type Change = 'residents' | 'workers' | 'business-type' | 'operator' | 'landlord-tenant' | 'licences' | 'premises' | 'finding'

const noted = reactive(new Map<Id, Set<Change>>())

export function changeOf(kind: string, key: string): Change {
  if (kind === 'resident') return 'residents'
  if (kind === 'worker') return 'workers'
  if (kind === 'finding') return 'finding'
  if (kind === 'party') return 'landlord-tenant'
  if (key.startsWith('licences.')) return 'licences'
  if (key === 'business_type') return 'business-type'
  if (key === 'operator' || key === 'sign_name') return 'operator'
  return key === 'landlord' || key === 'tenant' || key === 'lease_end' ? 'landlord-tenant' : 'premises'
}
export function note(shop: Id, change: Change): void {
  noted.set(shop, new Set([...(noted.get(shop) ?? []), change]))
}
export function changesOf(shop: Id): Change[] {
  return [...(noted.get(shop) ?? [])]
}
export function told(shop: Id): void {
  noted.delete(shop)
}
