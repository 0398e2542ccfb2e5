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
  next: ShallowRef<string | null>
  busy: ShallowRef<boolean>
  /** Nothing was ever shown. */
  first: ComputedRef<boolean>
  problem: ShallowRef<Problem | null>
  /** As they stand in the address; empty ones are left out. */
  filters: Filters
  place: ComputedRef<Place>
  filtered: ComputedRef<boolean>
  set(name: string, value: string | null | undefined): void
  clear(): void
  go(to: 'first' | 'previous' | 'next'): void
  reload(): Promise<void>
}

/** `names`: the filters that the list knows. `fetch` gives a page of them. */
export function useList<T>(names: readonly string[], fetch: (filters: Filters, after: string | undefined) => Promise<Page<T>>, fixed: Filters = {}): List<T> {
  const route = useRoute()
  const router = useRouter()
  const own = route.name
  const rows = shallowRef<T[]>([])
  const total = shallowRef<number | null>(null)
  const next = shallowRef<string | null>(null)
  const busy = shallowRef(false)
  const shown = shallowRef(false)
  const problem = shallowRef<Problem | null>(null)
  const filters: Filters = reactive({})
  const place = computed(() => placeOf(route.query))
  let asked = 0

  function read(): void {
    for (const name of names) {
      const value = route.query[name]
      filters[name] = typeof value === 'string' ? value : (fixed[name] ?? '')
    }
  }

  async function reload(): Promise<void> {
    const mine = ++asked
    busy.value = true
    const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''))
    try {
      const page = await fetch(given, place.value.after)
      if (mine !== asked) return
      rows.value = page.rows
      next.value = page.next ?? null
      if (page.total !== null && page.total !== undefined) total.value = page.total
      else if (place.value.after === undefined) total.value = null
      problem.value = null
      shown.value = true
    } catch (error) {
      if (mine === asked) problem.value = problemFrom(error)
    } finally {
      if (mine === asked) busy.value = false
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

  watch(() => [route.name, ...names.map((name) => route.query[name]), route.query.after].join('\n'), () => {
    if (route.name !== own) return
    read()
    void reload()
  }, { immediate: true })

  return {
    rows, total, next, busy, problem, filters, place, set, clear, go, reload,
    first: computed(() => !shown.value),
    filtered: computed(() => names.some((name) => (filters[name] ?? '') !== (fixed[name] ?? ''))),
  }
}
