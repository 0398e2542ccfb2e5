/** What the person chose for this browser: language and theme, the keyboard of Review. Nothing else is kept. */
import { reactive, readonly, ref, watchEffect } from 'vue'
import { keep, kept, mark, usualLanguage, wishesDark } from '#phone/kept'
import { language, type Language } from './i18n'

export interface Settings {
  language: Language
  theme: 'auto' | 'light' | 'dark'
  /** Single keys on the review page; off for those whom they disturb (WCAG 2.1.4). */
  keys: boolean
}

const NAME = 'gridbook.console'
const DEFAULTS: Settings = { language: usualLanguage, theme: 'auto', keys: true }

export const settings: Settings = reactive(kept(NAME, DEFAULTS))
const theme = ref<'light' | 'dark'>('light')
/** What shows, for what cannot take its colours from style sheets. */
export const shownTheme = readonly(theme)

function show(): void {
  theme.value = mark(settings.theme, settings.language)
  language.value = settings.language
}

/** Applies the settings now and whenever one changes, and keeps them. */
export function useSettings(): void {
  watchEffect(() => {
    show()
    keep(NAME, settings)
  })
  wishesDark.addEventListener('change', show)
}
