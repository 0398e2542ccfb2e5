/** Days and times in the words people use. Pure: the caller says what now is. */

import type { Language as Lang } from '@/i18n'

const DAY_MS = 86_400_000
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const two = (n: number): string => String(n).padStart(2, '0')

/** `YYYY-MM-DD` of a time, where the phone is. */
export function dayOf(ms: number): string {
  const at = new Date(ms)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** `HH:MM` of a time, where the phone is. */
export function clockOf(ms: number): string {
  const at = new Date(ms)
  return `${two(at.getHours())}:${two(at.getMinutes())}`
}

/** Whether this is a day of the calendar, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (found === null) return false
  const [, y, m, d] = found
  const at = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)))
  return at.getUTCFullYear() === Number(y) && at.getUTCMonth() === Number(m) - 1 && at.getUTCDate() === Number(d)
}

/** Whole days from one day to another; negative for the past. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

/** A day some days after another. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** A day: 今天, 昨天, 明天, else its date, with the year where it is not this one. */
export function dayWords(day: string, today: string, lang: Lang): string {
  if (!isDay(day)) return day
  const away = daysBetween(today, day)
  if (away === 0) return lang === 'zh' ? '今天' : 'today'
  if (away === -1) return lang === 'zh' ? '昨天' : 'yesterday'
  if (away === 1) return lang === 'zh' ? '明天' : 'tomorrow'
  const [year = '', month = '', date = ''] = day.split('-')
  const sameYear = year === today.slice(0, 4)
  if (lang === 'zh') {
    const short = `${Number(month)} 月 ${Number(date)} 日`
    return sameYear ? short : `${year} 年 ${short}`
  }
  const short = `${Number(date)} ${MONTHS[Number(month) - 1] ?? ''}`
  return sameYear ? short : `${short} ${year}`
}

/** A day written so that it reads the same on paper: `2026-11-22`, with 今天 or 昨天 where it is. */
export function dateWords(day: string, today: string, lang: Lang): string {
  const near = Math.abs(daysBetween(today, day)) <= 1
  if (!isDay(day) || !near) return day
  const words = dayWords(day, today, lang)
  return lang === 'zh' ? `${day}（${words}）` : `${day} (${words})`
}

/** A time: 10:24 today, 昨天 10:24, else the day and the time. */
export function timeWords(ms: number, now: number, lang: Lang): string {
  const day = dayOf(ms)
  const today = dayOf(now)
  const clock = clockOf(ms)
  return day === today ? clock : `${dayWords(day, today, lang)} ${clock}`
}
