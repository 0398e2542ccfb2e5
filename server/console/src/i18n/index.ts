/** Every word of the console in both languages, one table a page. The server's words (`Words`) are picked by `w`. */
import { createI18n } from 'vue-i18n'
import { shallowRef, watchEffect } from 'vue'
import { messages, pick, withPlurals, type Language } from '#phone/i18n/messages'
import type { Table } from '#phone/i18n/table'
import { clock } from '#phone/ui/time'
import type { Words } from '@/api/types'
import { tables, type TextKey } from './tables'

export type { Language, TextKey }

export const i18n = createI18n({
  legacy: false,
  locale: 'zh',
  messages: { zh: messages(tables, 'zh'), en: messages(tables, 'en') },
  missingWarn: false,
  fallbackWarn: false,
})

/** The language shown now. */
export const language = shallowRef<Language>('zh')
watchEffect(() => {
  i18n.global.locale.value = language.value
})

/** A text of the tables. English plurals: `{n} shop{n_s}` takes its s from the number n. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  return i18n.global.t(key, withPlurals(values))
}

/** Whether the tables have it: keys that are made of codes of the server. */
export function has(key: string): key is TextKey {
  return i18n.global.te(key)
}

/** The text of a code, or the code itself where the tables do not know it. */
export function word(page: keyof typeof tables, code: string | null | undefined): string {
  // Codes may have dots, which keys of texts split at.
  const texts: Table = tables[page]
  const pair = code && Object.hasOwn(texts, code) ? texts[code] : undefined
  return pair ? pair[language.value === 'zh' ? 0 : 1] : (code ?? '')
}

/** A text that the server gave. */
export function w(words: Words | null | undefined): string {
  return pick(words, language.value)
}

/** Names in a row. */
export function listed(names: string[]): string {
  return names.filter(Boolean).join(language.value === 'zh' ? '、' : ', ')
}

/** A title's parts in a row. A time in a title comes as its milliseconds. */
export function title(parts: Words[], between = ' · ', time: (ms: number) => string = clock): string {
  const text = (part: Words): string => (/^1\d{12}$/.test(w(part)) ? time(Number(w(part))) : w(part))
  return parts.map(text).filter(Boolean).join(between)
}
