/** Shops of one grid with their places, page by page. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { api, take } from '@/api/client'
import { useDoing } from '@/api/useDoing'
import type { Problem } from '@/api/problem'
import type { RecordRow } from '@/api/types'
import { title } from '@/i18n'
import { every } from '@/list/every'
import type { Place } from '@/parts/map/plan'

export interface Shop {
  row: RecordRow
  name: string
  /** Null: it has no place. */
  at: Place | null
}

export interface Shops {
  shops: ComputedRef<Shop[]>
  busy: Ref<boolean>
  problem: Ref<Problem | null>
  chosen: ShallowRef<ReadonlySet<string>>
  /** `on` sets; without it each is turned over. */
  toggle(ids: readonly string[], on?: boolean): void
  reload(): Promise<void>
}

export function useShops(grid: () => string): Shops {
  const rows = ref<RecordRow[]>([])
  const chosen = shallowRef<ReadonlySet<string>>(new Set())
  const { busy, problem, doing } = useDoing()

  const reload = () => doing(async () => {
    rows.value = await every((after) => take(api.GET('/records', { params: { query: { kind: 'shop', grid: grid(), limit: 200, ...(after ? { after } : {}) } } })))
    // What went to another grid is not chosen here any more.
    const here = new Set(rows.value.map(({ id }) => id))
    chosen.value = new Set([...chosen.value].filter((id) => here.has(id)))
  })

  function toggle(ids: readonly string[], on?: boolean): void {
    const next = new Set(chosen.value)
    for (const id of ids) {
      if (on ?? !next.has(id)) next.add(id)
      else next.delete(id)
    }
    chosen.value = next
  }

  watch(grid, () => {
    rows.value = []
    chosen.value = new Set()
    void reload()
  }, { immediate: true })

  return {
    shops: computed(() => rows.value.map((row) => ({ row, name: title(row.title), at: row.shop?.place ?? null }))),
    busy, problem, chosen, toggle, reload,
  }
}
