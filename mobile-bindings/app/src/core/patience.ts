import { ref, type Ref } from 'vue'

/** Skeleton rows show only after this long, ms. */
const PATIENCE_MS = 300

export interface Patience {
  /** It takes long and there is nothing to show meanwhile. */
  slow: Readonly<Ref<boolean>>
  /** Waits for `work`; of two that are waited for the later one counts. */
  during<T>(work: () => Promise<T>): Promise<T>
}

/** `empty` says whether there is nothing to show yet. */
export function usePatience(empty: () => boolean = () => true): Patience {
  const slow = ref(false)
  let turn = 0
  return {
    slow,
    async during(work) {
      const mine = ++turn
      const timer = setTimeout(() => { slow.value = empty() }, PATIENCE_MS)
      try {
        return await work()
      } finally {
        clearTimeout(timer)
        if (mine === turn) slow.value = false
      }
    },
  }
}
