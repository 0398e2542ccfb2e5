/** Many shops to another grid: some at once, each done or refused by itself. */
import { ref, type Ref } from 'vue'
import { api, take } from '@/api/client'
import { problemFrom, problemOf, type Problem } from '@/api/problem'
import type { Shop } from './shops'

/** What the API takes at once. */
const AT_ONCE = 100

export interface Outcome {
  to: string
  done: number
  /** With why each stayed. */
  refused: { name: string; problem: Problem }[]
}

export interface Moving {
  /** How far it is, while it runs. */
  progress: Ref<{ done: number; of: number } | null>
  outcome: Ref<Outcome | null>
  move(shops: readonly Shop[], to: string, reason: string): Promise<void>
}

export function useMoves(): Moving {
  const progress = ref<{ done: number; of: number } | null>(null)
  const outcome = ref<Outcome | null>(null)

  async function some(shops: readonly Shop[], to: string, reason: string): Promise<Outcome['refused']> {
    const records = shops.map(({ row }) => ({ record: row.id, version: row.version }))
    try {
      const { rows } = await take(api.POST('/records/moves', { body: { grid: to, reason, records } }))
      return rows.flatMap(({ record, problem }) => (problem ? [{ name: shops.find(({ row }) => row.id === record)?.name ?? record, problem: problemOf(problem.status, problem, null) }] : []))
    } catch (error) {
      // None of these went, or nobody knows: what is left in the grid is read again.
      const problem = problemFrom(error)
      return shops.map(({ name }) => ({ name, problem }))
    }
  }

  async function move(shops: readonly Shop[], to: string, reason: string): Promise<void> {
    const refused: Outcome['refused'] = []
    outcome.value = null
    progress.value = { done: 0, of: shops.length }
    for (let at = 0; at < shops.length; at += AT_ONCE) {
      const part = shops.slice(at, at + AT_ONCE)
      refused.push(...await some(part, to, reason))
      progress.value = { done: at + part.length, of: shops.length }
    }
    progress.value = null
    outcome.value = { to, done: shops.length - refused.length, refused }
  }

  return { progress, outcome, move }
}
