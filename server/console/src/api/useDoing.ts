import { ref, type Ref } from 'vue'
import { problemFrom, type Problem } from './problem'

export interface Doing {
  busy: Ref<boolean>
  /** What the last job ended with; null while one runs, and where all was well. */
  problem: Ref<Problem | null>
  doing(job: () => Promise<void>): Promise<void>
}

/** A page's jobs: whether one is under way, and why the last one failed. */
export function useDoing(): Doing {
  const busy = ref(false)
  const problem = ref<Problem | null>(null)
  async function doing(job: () => Promise<void>): Promise<void> {
    busy.value = true
    problem.value = null
    try {
      await job()
    } catch (error) {
      problem.value = problemFrom(error)
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, doing }
}
