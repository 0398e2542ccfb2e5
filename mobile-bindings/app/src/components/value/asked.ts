/** The value that ?value= names: its sheet opens once the page knows it, for going on with what was typed. */
import { watch } from 'vue'
import { useRoute } from 'vue-router'
import type { Key } from '@/core/types'

export function useAskedValue(ready: () => boolean, open: (key: Key) => void): void {
  const { value } = useRoute().query
  // Opened once: a step back to this page shows the page. The address stays, for it is the page's name.
  let asked = typeof value === 'string' && window.history.state?.valueOpened !== true ? value : null
  watch(ready, (is) => {
    const key = asked
    if (!is || key === null) return
    asked = null
    window.history.replaceState({ ...window.history.state, valueOpened: true }, '')
    open(key)
  }, { immediate: true })
}
