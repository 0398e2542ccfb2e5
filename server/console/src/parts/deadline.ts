/** A clock as a mark and words. Pure. */
import type { DueState } from '@/api/types'
import type { Language } from '@/i18n'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export interface Clock {
  due_ms: number | null
  due_state: DueState | null
  /** From when the time counts. */
  start_ms: number
  /** It has ended. */
  closed: boolean
}

export interface Deadline {
  mark: '◌' | '●' | '◐' | '▲' | '‖' | '✓'
  look: 'muted' | 'ok' | 'soon' | 'over' | 'pause'
  words: string
}

/** In the largest unit that says enough. */
export function span(ms: number, language: Language): string {
  const of = (n: number, zh: string, en: string): string => (language === 'zh' ? `${n} ${zh}` : `${n} ${en}${n === 1 ? '' : 's'}`)
  if (ms >= 2 * DAY) return of(Math.floor(ms / DAY), '天', 'day')
  if (ms >= HOUR) return of(Math.floor(ms / HOUR), '小时', 'hour')
  return of(Math.max(1, Math.floor(ms / MINUTE)), '分钟', 'minute')
}

export function deadline(clock: Clock, now: number, language: Language): Deadline {
  const say = (zh: string, en: string): string => (language === 'zh' ? zh : en)
  if (clock.closed) return { mark: '✓', look: 'muted', words: say('已办结', 'Closed') }
  if (clock.due_state === 'paused') return { mark: '‖', look: 'pause', words: say('缓办中', 'Put off') }
  if (clock.due_state === 'unknown') return { mark: '◌', look: 'muted', words: say('缺日历', 'No calendar') }
  if (clock.due_ms === null) return { mark: '◌', look: 'muted', words: say('未起算', 'Not started') }
  const left = clock.due_ms - now
  if (left < 0) return { mark: '▲', look: 'over', words: say(`超 ${span(-left, language)}`, `${span(-left, language)} over`) }
  const words = say(`余 ${span(left, language)}`, `${span(left, language)} left`)
  const soon = left < (clock.due_ms - clock.start_ms) / 4
  return soon ? { mark: '◐', look: 'soon', words } : { mark: '●', look: 'ok', words }
}
