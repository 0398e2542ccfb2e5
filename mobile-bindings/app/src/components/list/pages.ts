/**
 * A list read from the core in pages as the window needs them: 2,000 shops never stand in memory
 * twice, and the first screen asks for one page only.
 */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { Page, Problem } from '@/core/types'
import { problemOf } from '@/core/client'

export const PAGE_ROWS = 40

export interface Paged<T, P extends Page<T>> {
  /** Sparse: undefined where not read yet. */
  rows: ShallowRef<(T | undefined)[]>
  /** What came with the last answer, such as counts. */
  last: ShallowRef<P | null>
  loading: Ref<boolean>
  problem: ShallowRef<Problem | null>
  /** Makes sure that these rows are there. */
  need(first: number, end: number): void
  /** Reads anew, keeping what shows until the answer is here. */
  reload(): Promise<void>
  /** The question is another one: only its first page is read next. */
  forget(): void
  /** Puts another row in the place of one, without asking the core. */
  replace(at: number, row: T): void
}

export function usePages<T, P extends Page<T>>(
  read: (offset: number, limit: number) => Promise<P>,
): Paged<T, P> {
  const rows = shallowRef<(T | undefined)[]>([])
  const last = shallowRef(null) as ShallowRef<P | null>
  const loading = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const asked = new Set<number>()
  // Answers to a question that is no longer asked are dropped.
  let turn = 0

  async function fetchPage(page: number, mine: number): Promise<void> {
    asked.add(page)
    try {
      const answer = await read(page * PAGE_ROWS, PAGE_ROWS)
      if (mine !== turn) return
      const next = rows.value.slice()
      next.length = answer.total
      answer.rows.forEach((row, n) => {
        next[page * PAGE_ROWS + n] = row
      })
      rows.value = next
      last.value = answer
      problem.value = null
    } catch (error) {
      if (mine !== turn) return
      asked.delete(page)
      problem.value = problemOf(error)
    }
  }

  async function reload(): Promise<void> {
    turn += 1
    const mine = turn
    const wanted = asked.size === 0 ? [0] : [...asked].sort((a, b) => a - b)
    asked.clear()
    loading.value = true
    // The first page alone, then the others: what is on screen comes first.
    const first = wanted[0] ?? 0
    await fetchPage(first, mine)
    if (mine !== turn) return
    loading.value = false
    await Promise.all(
      wanted
        .filter((page) => page !== first && page * PAGE_ROWS < rows.value.length)
        .map((page) => fetchPage(page, mine)),
    )
  }

  return {
    rows,
    last,
    loading,
    problem,
    reload,
    need(first, end) {
      if (end <= first) return
      for (let page = Math.floor(first / PAGE_ROWS); page <= Math.floor((end - 1) / PAGE_ROWS); page += 1) {
        if (!asked.has(page)) void fetchPage(page, turn)
      }
    },
    forget() {
      asked.clear()
    },
    replace(at, row) {
      const next = rows.value.slice()
      next[at] = row
      rows.value = next
    },
  }
}
