import type { TextKey } from '@/i18n'

const LEAST = 8
const LEAST_DIGITS = 12

/** What is wrong with a passphrase typed twice, or null. */
export function faultOf(first: string, second: string): TextKey | null {
  const length = [...first.normalize('NFKC')].length
  if (length < LEAST) return 'setup.passphraseShort'
  if (/^\d+$/.test(first) && length < LEAST_DIGITS) return 'setup.passphraseDigits'
  return first === second ? null : 'setup.passphraseDiffers'
}
