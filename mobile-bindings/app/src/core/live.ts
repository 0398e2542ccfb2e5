import { onScopeDispose, shallowRef, type Ref } from 'vue'
import { onChanged } from './client'
import { usePatience } from './patience'
import { problemOf } from './problem'
import type { Problem } from './types'

export interface Live<T> {
  data: Readonly<Ref<T | undefined>>
  problem: Readonly<Ref<Problem | undefined>>
  /** There is nothing to show yet and it is taking long: show skeleton rows. */
  slow: Readonly<Ref<boolean>>
  reload: () => Promise<void>
}

/**
 * What `ask` answers, asked again after every change of the book. The old answer stays until the new one
 * is there; of two answers on the way the later question's counts.
 */
export function useLive<T>(ask: () => Promise<T>): Live<T> {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const { slow, during } = usePatience(() => data.value === undefined)
  let turn = 0

  async function reload(): Promise<void> {
    const mine = ++turn
    try {
      const answer = await during(ask)
      if (mine !== turn) return
      data.value = answer
      problem.value = undefined
    } catch (thrown) {
      if (mine === turn) problem.value = problemOf(thrown)
    }
  }

  onScopeDispose(onChanged(() => void reload()))
  void reload()
  return { data, problem, slow, reload }
}
