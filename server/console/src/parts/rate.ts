/** A rate in words: none where its sample is too small to say anything. */
import type { Rate } from '@/api/types'
import { t } from '@/i18n'

const percent = (part: number): string => `${(part * 100).toFixed(1)}%`

export function rateText(rate: Rate): string {
  return rate.enough && typeof rate.rate === 'number' ? percent(rate.rate) : t('checks.tooFew')
}

/** Its sample, and the interval that it stands for. */
export function sampleText(rate: Rate): string {
  const span = rate.enough && typeof rate.low === 'number' && typeof rate.high === 'number' ? ` ${percent(rate.low)}–${percent(rate.high)}` : ''
  return `${rate.hits}/${rate.n}${span}`
}
