/**
 * Times as people read them: the phone app's words. They speak the language of `@/i18n`, which is
 * each app's own.
 */
export { clock, dayOf } from '#phone/ui/time'
import { dayOf } from '#phone/ui/time'

/** `2026-11-22 14:05:09`, for traces. */
export function exact(ms: number): string {
  const at = new Date(ms)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${dayOf(ms)} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/** The same to the minute: for facts, which are also printed, where yesterday is no date. */
export const minute = (ms: number): string => exact(ms).slice(0, 16)

/** From `YYYY-MM-DD` or `YYYY-MM-DDTHH:mm` of this desk's clock; null where it is no time. */
export function msOf(local: string | null | undefined): number | null {
  if (!local) return null
  const ms = new Date(local.length === 10 ? `${local}T00:00` : local).getTime()
  return Number.isNaN(ms) ? null : ms
}
