/** The minute it is, for words such as "2 hours left". */
import { onScopeDispose, readonly, ref, type Ref } from 'vue'

const at = ref(Date.now())
setInterval(() => { at.value = Date.now() }, 30_000)

export const now = readonly(at)

/** The second it is, while whoever asks is there. */
export function useSeconds(): Readonly<Ref<number>> {
  const second = ref(Date.now())
  const timer = setInterval(() => { second.value = Date.now() }, 1_000)
  onScopeDispose(() => clearInterval(timer))
  return readonly(second)
}
