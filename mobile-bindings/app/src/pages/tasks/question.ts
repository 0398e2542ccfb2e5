/** What a task asks, in one language: what the server words itself it gives in both, `中文 / English`. */
import type { Language } from '@/i18n'

const HAN = /\p{Script=Han}/u

export function questionIn(text: string, language: Language): string {
  const at = text.lastIndexOf(' / ')
  const [zh, en] = [text.slice(0, at), text.slice(at + 3)]
  // A clerk's own words may have a stroke in them, too.
  if (at < 0 || !HAN.test(zh) || HAN.test(en)) return text
  return language === 'zh' ? zh : en
}
