/** What the person chose for this phone. No secret and nothing about anyone else is kept here. */
import { reactive, watchEffect } from 'vue'
import { language, type Language } from './i18n'
import { keep, kept, mark, usualLanguage, wishesDark } from './kept'

export interface Settings {
  language: Language
  theme: 'auto' | 'light' | 'dark'
  /** Which hand holds the phone: row buttons stand on its side. */
  hand: 'left' | 'right'
  /** Per cent of the browser's text size. */
  text: 100 | 125 | 150 | 200
  /** Minutes without a touch until the keypad shows. */
  lock_minutes: 2 | 5 | 15
}

const NAME = 'gridbook.settings'
const DEFAULTS: Settings = {
  language: usualLanguage,
  theme: 'auto', hand: 'right', text: 100, lock_minutes: 5,
}

export const settings: Settings = reactive(kept(NAME, DEFAULTS))

function show(): void {
  const root = document.documentElement
  const theme = mark(settings.theme, settings.language)
  root.dataset.hand = settings.hand
  root.dataset.text = String(settings.text)
  root.style.setProperty('--text-scale', String(settings.text / 100))
  language.value = settings.language
  for (const meta of document.querySelectorAll('meta[name=theme-color]')) {
    meta.setAttribute('content', theme === 'dark' ? '#1A222B' : '#FFFFFF')
    meta.removeAttribute('media')
  }
}

/** Applies the settings now and whenever one changes, and keeps them. */
export function useSettings(): void {
  watchEffect(() => {
    show()
    keep(NAME, settings)
  })
  wishesDark.addEventListener('change', show)
}
