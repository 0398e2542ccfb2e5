/** What the texts of the phone app and of the console share: the form that vue-i18n wants, plurals, words that a server or core gave. */
import { column, type Table } from './table'

export type Language = 'zh' | 'en'

/** A text in both languages. */
export interface Pair {
  zh: string
  en: string
}

/** All tables in one language, by page. */
export function messages(tables: Record<string, Table>, language: Language) {
  const at = language === 'zh' ? 0 : 1
  return Object.fromEntries(Object.entries(tables).map(([page, texts]) => [page, column(texts, at)]))
}

/** The values of a text, and for English plurals an `s` or nothing beside each: `{n} photo{n_s}`. */
export function withPlurals(values: Record<string, string | number>): Record<string, string | number> {
  const plurals = Object.entries(values).map(([name, value]) => [`${name}_s`, value === 1 ? '' : 's'] as const)
  return { ...values, ...Object.fromEntries(plurals) }
}

/** A text that was given, in this language if it has it. */
export function pick(words: Pair | null | undefined, language: Language): string {
  return words ? words[language] || words.zh || words.en : ''
}
