/** A value of a field as people read it. */
import type { Words } from '@/api/types'
import { t, w } from '@/i18n'
import { minute } from './time'

export interface Shown {
  value?: unknown
  label?: Words | null
}

/** `type` is the field's: what a number means depends on it. */
export function valueText(shown: Shown, type: string): string {
  if (shown.label) return w(shown.label)
  const { value } = shown
  if (value === null || value === undefined) return t('shell.none')
  if (type === 'time' && typeof value === 'number') return minute(value)
  if (type === 'point' && typeof value === 'object') {
    const point = value as { lat?: number; lon?: number }
    return `${((point.lat ?? 0) / 1e7).toFixed(5)}, ${((point.lon ?? 0) / 1e7).toFixed(5)}`
  }
  if (value === true) return t('shell.yes')
  if (value === false) return t('shell.no')
  return String(value)
}
