/**
 * A list that pages on the server. Filters and place stand in the address, so that a link or a step
 * back shows the same; old rows stay until new ones are there.
 */
import { computed, reactive, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'
import { problemFrom, type Problem } from '@/api/problem'
import type { Page } from '@/api/types'
import { keepPlace, placeOf, type Place } from './place'

export type Filters = Record<string, string>

export interface List<T> {
  rows: ShallowRef<T[]>
  total: ShallowRef<number | null>
  /** There are more than `total`: counting has an end. */
  over: ShallowRef<boolean>
  next: ShallowRef<string | null>
  busy: ShallowRef<boolean>
  /** Nothing was ever shown. */
  first: ComputedRef<boolean>
  problem: ShallowRef<Problem | null>
  /** As they stand in the address; empty ones are left out. */
  filters: Filters
  place: ComputedRef<Place>
  filtered: ComputedRef<boolean>
  /** A key of the list's, `-key` downwards; nothing for its usual order. */
  sort: ComputedRef<string | undefined>
  sortBy(key: string): void
  /** As it was last asked for: filters in the API's words and the order, for files of it. */
  asked(): Filters
  set(name: string, value: string | null | undefined): void
  clear(): void
  go(to: 'first' | 'previous' | 'next'): void
  reload(): Promise<void>
}

/**
 * `names`: the filters that the list knows. `fetch` gives a page of them, and finds the order among
 * them as `sort`.
 */
export function useList<T>(names: readonly string[], fetch: (filters: Filters, after: string | undefined) => Promise<Page<T>>, fixed: Filters = {}): List<T> {
  const route = useRoute()
  const router = useRouter()
  const own = route.name
  const rows = shallowRef<T[]>([])
  const total = shallowRef<number | null>(null)
  const over = shallowRef(false)
  const next = shallowRef<string | null>(null)
  const busy = shallowRef(false)
  const shown = shallowRef(false)
  const problem = shallowRef<Problem | null>(null)
  const filters: Filters = reactive({})
  const place = computed(() => placeOf(route.query))
  const sort = computed(() => (typeof route.query.sort === 'string' && route.query.sort !== '' ? route.query.sort : undefined))
  let asks = 0

  function read(): void {
    for (const name of names) {
      const value = route.query[name]
      filters[name] = typeof value === 'string' ? value : (fixed[name] ?? '')
    }
  }

  const asked = (): Filters => ({ ...Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== '')), ...(sort.value === undefined ? {} : { sort: sort.value }) })

  async function reload(): Promise<void> {
    const mine = ++asks
    busy.value = true
    try {
      const page = await fetch(asked(), place.value.after)
      if (mine !== asks) return
      rows.value = page.rows
      next.value = page.next ?? null
      if (page.total !== null && page.total !== undefined) {
        total.value = page.total
        over.value = page.over === true
      } else if (place.value.after === undefined) total.value = null
      problem.value = null
      shown.value = true
    } catch (error) {
      if (mine === asks) problem.value = problemFrom(error)
    } finally {
      if (mine === asks) busy.value = false
    }
  }

  function put(query: LocationQuery): void {
    void router.replace({ query })
  }

  function set(name: string, value: string | null | undefined): void {
    const { [name]: _, after: __, row: ___, ...rest } = route.query
    const said = value ?? ''
    put(said === (fixed[name] ?? '') ? rest : { ...rest, [name]: said })
  }

  /** Up, down, and back to the usual order. */
  function sortBy(key: string): void {
    const { sort: now, after: _, row: __, ...rest } = route.query
    put(now === key ? { ...rest, sort: `-${key}` } : now === `-${key}` ? rest : { ...rest, sort: key })
  }

  function clear(): void {
    const rest = Object.fromEntries(Object.entries(route.query).filter(([name]) => !names.includes(name) && name !== 'after' && name !== 'row'))
    put(rest)
  }

  function go(to: 'first' | 'previous' | 'next'): void {
    const { after: _, row: __, ...rest } = route.query
    if (to === 'first') return put(rest)
    if (to === 'previous') return put({ ...rest, ...place.value.before })
    if (next.value === null) return
    const there = { after: next.value, row: String(place.value.from + rows.value.length) }
    keepPlace(there, route.query)
    void router.push({ query: { ...rest, ...there } })
  }

  watch(() => [route.name, ...names.map((name) => route.query[name]), route.query.sort, route.query.after].join('\n'), () => {
    if (route.name !== own) return
    read()
    void reload()
  }, { immediate: true })

  return {
    rows, total, over, next, busy, problem, filters, place, sort, set, sortBy, clear, go, reload, asked,
    first: computed(() => !shown.value),
    filtered: computed(() => names.some((name) => (filters[name] ?? '') !== (fixed[name] ?? ''))),
  }
}
