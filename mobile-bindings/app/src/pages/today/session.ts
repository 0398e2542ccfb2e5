/**
 * What today's list remembers while the app is open: filter, marks and rows, so that coming back
 * from a dossier finds the same place. A marked row stays where it was until the list is read anew.
 */
import { reactive, ref } from 'vue'
import { useCore } from '@/core/client'
import type { Due, Id, ShopRow, TodayPage } from '@/core/types'
import { here } from '@/components/here'
import { usePages } from '@/components/list/pages'

export interface Mark {
  outcome: string
  record: Id
  at_ms: number
  /** Still on this phone alone, as far as is known. */
  undoable: boolean
}

export const filter = ref<Due>('due')
/** One grid, or all of the phone's. */
export const grid = ref<string | null>(null)
export const view = ref<'list' | 'map'>('list')
export const marks = reactive(new Map<Id, Mark>())
export const counts = ref<TodayPage['counts'] | null>(null)

const scope = () => ({
  ...(grid.value === null ? {} : { grid: grid.value }),
  ...(here.value === null ? { order: 'door' as const } : { order: 'near' as const, here: here.value }),
})

export const pages = usePages<ShopRow, TodayPage>(async (offset, limit) => {
  const page = await useCore().today({ ...scope(), due: filter.value, offset, limit })
  counts.value = page.counts
  return page
})

/** Reads the list anew; marked rows go where they belong now. */
export async function readAnew(): Promise<void> {
  marks.clear()
  await pages.reload()
}

/** Only the numbers on the chips: rows stay under the finger. */
export async function recount(): Promise<void> {
  const page = await useCore().today({ ...scope(), due: filter.value, offset: 0, limit: 1 })
  counts.value = page.counts
}
