/**
 * Every word of the app in both languages, one table a page. Texts of the register (field names, codes,
 * reasons) come from the core as `Words` and are picked by `w`.
 */
import { createI18n } from 'vue-i18n'
import { shallowRef, watchEffect } from 'vue'
import type { Words } from '@/core/types'
import { messages, pick, withPlurals, type Language } from './messages'
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

/** A text of the tables. English plurals: `{n} photo{n_s}` takes its s from the number n. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  return i18n.global.t(key, withPlurals(values))
}

/** A text that the core gave. */
export function w(words: Words | null | undefined): string {
  return pick(words, language.value)
}

export function useText() {
  return { t, w, language }
}
