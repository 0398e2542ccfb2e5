import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'
import { t } from '@/i18n'

/** The words of how long a wait still is, counted down; empty when it is over. */
export function useWait(until_ms: () => number): ComputedRef<string> {
  const now = ref(Date.now())
  const timer = setInterval(() => { now.value = Date.now() }, 1_000)
  onScopeDispose(() => clearInterval(timer))
  return computed(() => {
    const seconds = Math.ceil((until_ms() - now.value) / 1_000)
    if (seconds <= 0) return ''
    const left = seconds < 90 ? t('unlock.seconds', { n: seconds }) : t('unlock.minutes', { n: Math.ceil(seconds / 60) })
    return t('unlock.wait', { t: left })
  })
}
