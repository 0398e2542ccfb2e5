/** What filters are set to, in words: an empty list names them. */
import { inject, onBeforeUnmount, watchEffect, type InjectionKey } from 'vue'

export const SAID: InjectionKey<Map<symbol, string>> = Symbol('said')

/** A filter says what it is set to; nothing where it is not. */
export function useSaid(words: () => string): void {
  const said = inject(SAID, null)
  if (!said) return
  const mine = Symbol('filter')
  watchEffect(() => { said.set(mine, words()) })
  onBeforeUnmount(() => { said.delete(mine) })
}
