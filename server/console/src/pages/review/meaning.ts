/** Whether two values say the same: width, case, blanks and punctuation count for nothing. Pure. */
import type { ValueOut } from '@/api/types'

export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[\p{P}\p{S}\p{Z}\s]/gu, '')
}

/** Masked values do not tell. */
export function meanSame(values: readonly Pick<ValueOut, 'value' | 'masked'>[]): boolean {
  if (values.length < 2 || values.some((value) => value.masked)) return false
  const texts = values.map(({ value }) => (typeof value === 'string' ? folded(value) : JSON.stringify(value)))
  return texts.every((text) => text !== '' && text === texts[0])
}
