/** Times as people here write them. */
import { language } from '@/i18n'

const DAY_MS = 86_400_000

function two(n: number): string {
  return String(n).padStart(2, '0')
}

/** `YYYY-MM-DD` of the phone's day. */
export function dayOf(ms: number): string {
  const at = new Date(ms)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** 14:05 today, 昨天 14:05, 11月3日 14:05, or with the year where it is another. */
export function clock(ms: number, now = Date.now()): string {
  const at = new Date(ms)
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  if (dayOf(ms) === dayOf(now)) return time
  const zh = language.value === 'zh'
  if (dayOf(ms) === dayOf(now - DAY_MS)) return `${zh ? '昨天' : 'yesterday'} ${time}`
  const year = at.getFullYear() === new Date(now).getFullYear() ? '' : `${at.getFullYear()}${zh ? '年' : '-'}`
  const day = zh ? `${at.getMonth() + 1}月${at.getDate()}日` : `${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${year}${day} ${time}`
}
