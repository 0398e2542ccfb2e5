/** The order of a list, for the headings of its columns. */
import type { ComputedRef, InjectionKey } from 'vue'

export interface Ordered {
  sort: ComputedRef<string | undefined>
  sortBy(key: string): void
}

export const ORDERED: InjectionKey<Ordered> = Symbol('ordered')
