/** What the person chose for this phone. No secret and nothing about anyone else is kept here. */
import { reactive, watchEffect } from 'vue'
import { language, type Language } from './i18n'

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
  language: navigator.language.startsWith('zh') ? 'zh' : 'en',
  theme: 'auto', hand: 'right', text: 100, lock_minutes: 5,
}

function load(): Settings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(NAME) ?? '{}') as Partial<Settings>) }
  } catch {
    return { ...DEFAULTS }
  }
}

export const settings: Settings = reactive(load())
const dark = matchMedia('(prefers-color-scheme: dark)')

function show(): void {
  const root = document.documentElement
  const isDark = settings.theme === 'dark' || (settings.theme === 'auto' && dark.matches)
  root.dataset.theme = isDark ? 'dark' : 'light'
  root.dataset.hand = settings.hand
  root.dataset.text = String(settings.text)
  root.style.setProperty('--text-scale', String(settings.text / 100))
  language.value = settings.language
  for (const meta of document.querySelectorAll('meta[name=theme-color]')) {
    meta.setAttribute('content', isDark ? '#1A222B' : '#FFFFFF')
    meta.removeAttribute('media')
  }
}

/** Applies the settings now and whenever one changes, and keeps them. */
export function useSettings(): void {
  watchEffect(() => {
    show()
    try {
      localStorage.setItem(NAME, JSON.stringify(settings))
    } catch {
      // A full disk: the choice holds until the page closes.
    }
  })
  dark.addEventListener('change', show)
}
