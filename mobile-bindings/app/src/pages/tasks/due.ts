/** When a task is due, in words with a look. Pure. */
import { dayOf, dayWords } from '@/components/dates'
import type { Language } from '@/i18n'

const DAY_MS = 86_400_000

export function dueLook(due_ms: number | null, now: number): 'muted' | 'soon' | 'over' {
  if (due_ms === null) return 'muted'
  if (due_ms < now) return 'over'
  return due_ms - now < DAY_MS ? 'soon' : 'muted'
}

export function dueDay(due_ms: number, now: number, language: Language): string {
  return dayWords(dayOf(due_ms), dayOf(now), language)
}

/** The most urgent first; those without a date last. */
export function byDue<T extends { due_ms: number | null }>(tasks: readonly T[]): T[] {
  return [...tasks].sort((a, b) => (a.due_ms ?? Infinity) - (b.due_ms ?? Infinity))
}
