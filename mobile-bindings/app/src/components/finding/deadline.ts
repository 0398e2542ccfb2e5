/** A case's clock as a mark and words. Pure. */
import type { CaseStatus } from '@/core/types'
import type { Language } from '@/i18n'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export interface Deadline {
  mark: '◌' | '●' | '◐' | '▲' | '‖' | '✓'
  look: 'muted' | 'ok' | 'soon' | 'over' | 'pause'
  words: string
}

/** The largest unit that is not nought. */
export function spanWords(ms: number, language: Language): string {
  const of = (n: number, zh: string, en: string): string =>
    language === 'zh' ? `${n} ${zh}` : `${n} ${en}${n === 1 ? '' : 's'}`
  if (ms >= 2 * DAY) return of(Math.floor(ms / DAY), '天', 'day')
  if (ms >= HOUR) return of(Math.floor(ms / HOUR), '小时', 'hour')
  return of(Math.max(1, Math.floor(ms / MINUTE)), '分钟', 'minute')
}

/** `start_ms`: from when the time counts, as well as this phone knows. */
export function deadline(status: CaseStatus | null, start_ms: number, now: number, language: Language): Deadline {
  const zh = language === 'zh'
  if (status !== null && status.closed_ms !== null) return { mark: '✓', look: 'muted', words: zh ? '已办结' : 'closed' }
  if (status?.paused === true) return { mark: '‖', look: 'pause', words: zh ? '延期中' : 'extended' }
  if (status === null || status.due_ms === null) return { mark: '◌', look: 'muted', words: zh ? '未起算' : 'not started' }
  const left = status.due_ms - now
  if (left < 0) {
    const over = spanWords(-left, language)
    return { mark: '▲', look: 'over', words: zh ? `超 ${over}` : `${over} over` }
  }
  const span = spanWords(left, language)
  const words = zh ? `余 ${span}` : `${span} left`
  const quarter = (status.due_ms - start_ms) / 4
  return left < quarter ? { mark: '◐', look: 'soon', words } : { mark: '●', look: 'ok', words }
}
