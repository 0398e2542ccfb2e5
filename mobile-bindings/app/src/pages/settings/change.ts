import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { saidBy } from '@/core/problem'
import { refreshSession } from '@/core/session'

/** Changes how the book opens: back to the settings once that is done, and words where it is not. */
export function useChange() {
  const router = useRouter()
  const said = ref('')
  async function change(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
      await refreshSession()
      router.back()
    } catch (thrown) {
      said.value = saidBy(thrown)
    }
  }
  return { said, change }
}
