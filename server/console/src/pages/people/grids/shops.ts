/** Shops of one grid with their places. Lists do not say where a shop is, so each is opened, a few at a time. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Place } from '#phone/components/map/view'
import { api, take } from '@/api/client'
import { useDoing } from '@/api/useDoing'
import type { Problem } from '@/api/problem'
import type { RecordRow } from '@/api/types'
import { title } from '@/i18n'
import { every } from '@/list/every'
import { forgetRecords, recordOf } from '@/ref/records'

export interface Shop {
  row: RecordRow
  name: string
  /** Null: it has no place; undefined: not known yet. */
  at: Place | null | undefined
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

function placeOf(id: string): Place | null | undefined {
  const record = recordOf(id)
  if (record === undefined) return undefined
  const value = record?.fields.find((field) => field.type === 'point')?.values[0]?.value as Partial<Place> | null | undefined
  return typeof value?.lat === 'number' && typeof value.lon === 'number' ? { lat: value.lat, lon: value.lon } : null
}

export function useShops(grid: () => string): Shops {
  const rows = ref<RecordRow[]>([])
  const chosen = shallowRef<ReadonlySet<string>>(new Set())
  const { busy, problem, doing } = useDoing()

  const reload = () => doing(async () => {
    forgetRecords()
    rows.value = await every((after) => take(api.GET('/records', { params: { query: { kind: 'shop', grid: grid(), limit: 200, ...(after ? { after } : {}) } } })))
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
    shops: computed(() => rows.value.map((row) => ({ row, name: title(row.title), at: placeOf(row.id) }))),
    busy, problem, chosen, toggle, reload,
  }
}
