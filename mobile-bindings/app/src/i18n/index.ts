/**
 * Every word of the app in both languages, one table a page. Texts of the register (field names, codes,
 * reasons) come from the core as `Words` and are picked by `w`.
 */
import { createI18n } from 'vue-i18n'
import { shallowRef, watchEffect } from 'vue'
import type { Words } from '@/core/types'
import { column } from './table'
import { tables, type TextKey } from './tables'

export type { TextKey }

export type Language = 'zh' | 'en'

function messages(language: 0 | 1) {
  return Object.fromEntries(Object.entries(tables).map(([page, texts]) => [page, column(texts, language)]))
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh',
  messages: { zh: messages(0), en: messages(1) },
  missingWarn: false,
  fallbackWarn: false,
})

/** The language shown now. */
export const language = shallowRef<Language>('zh')
watchEffect(() => {
  i18n.global.locale.value = language.value
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
})

/** A text of the tables. English plurals: `{n} photo{n_s}` takes its s from the number n. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  const plurals = Object.entries(values).map(([name, value]) => [`${name}_s`, value === 1 ? '' : 's'] as const)
  return i18n.global.t(key, { ...values, ...Object.fromEntries(plurals) })
}

/** A text that the core gave. */
export function w(words: Words | null | undefined): string {
  return words ? words[language.value] || words.zh || words.en : ''
}

export function useText() {
  return { t, w, language }
}
