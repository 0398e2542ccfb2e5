/** The words of the sync line: the first case that applies, parts that are zero left out. */
import { clock } from '@/ui/time'
import { t } from '@/i18n'
import type { SyncState } from './state'

export function leftOf(state: SyncState): string {
  const { waiting: n, photos: p, last_sync_ms } = state.counts
  if (state.disabled) return n > 0 ? t('shell.lineDisabled', { n }) : t('shell.lineDisabledEmpty')
  if (state.expired) return t('shell.lineExpired')
  if (!state.online) {
    if (n > 0 && p > 0) return t('shell.lineOfflineBoth', { n, p })
    if (n > 0) return t('shell.lineOfflineChanges', { n })
    return p > 0 ? t('shell.lineOfflinePhotos', { p }) : t('shell.lineOfflineNothing')
  }
  if (state.retry_at_ms !== null) {
    const at = clock(state.retry_at_ms)
    if (n > 0 && p > 0) return t('shell.lineUnreachedBoth', { n, p, t: at })
    if (n > 0) return t('shell.lineUnreached', { n, t: at })
    return p > 0 ? t('shell.lineUnreachedPhotos', { p, t: at }) : t('shell.lineUnreachedNothing', { t: at })
  }
  const step = state.running ? state.progress : null
  if (step?.phase === 'text' && step.of > 0 && step.done < step.of) {
    return t('shell.lineSending', { i: step.done + 1, n: step.of })
  }
  if (step?.phase === 'photos' && step.of > 0) {
    return t('shell.linePhotos', { i: Math.min(step.done + 1, step.of), p: step.of })
  }
  if (step) return t('shell.lineUpdating', { n: step.records })
  if (n > 0) return p > 0 ? t('shell.lineWaitingBoth', { n, p }) : t('shell.lineWaiting', { n })
  if (p > 0) return t('shell.linePhotosWaiting', { p })
  return last_sync_ms === null ? t('shell.lineNever') : t('shell.lineSynced', { t: clock(last_sync_ms) })
}

export function rightOf(state: SyncState): { refused: string; held: string } {
  const { held, refused } = state.counts
  return {
    refused: refused > 0 ? t('shell.lineRefused', { n: refused }) : '',
    held: held > 0 ? t('shell.lineHeld', { n: held }) : '',
  }
}
