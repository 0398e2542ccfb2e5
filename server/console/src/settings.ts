/** What the person chose for this browser: language and theme, the keyboard of Review. Nothing else is kept. */
import { reactive, readonly, ref, watchEffect } from 'vue'
import { language, type Language } from './i18n'

export interface Settings {
  language: Language
  theme: 'auto' | 'light' | 'dark'
  /** Single keys on the review page; off for those whom they disturb (WCAG 2.1.4). */
  keys: boolean
}

const NAME = 'gridbook.console'
const DEFAULTS: Settings = { language: navigator.language.startsWith('zh') ? 'zh' : 'en', theme: 'auto', keys: true }

function load(): Settings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(NAME) ?? '{}') as Partial<Settings>) }
  } catch {
    return { ...DEFAULTS }
  }
}

export const settings: Settings = reactive(load())
const dark = matchMedia('(prefers-color-scheme: dark)')
const theme = ref<'light' | 'dark'>('light')
/** What shows, for what cannot take its colours from style sheets. */
export const shownTheme = readonly(theme)

function show(): void {
  const isDark = settings.theme === 'dark' || (settings.theme === 'auto' && dark.matches)
  theme.value = isDark ? 'dark' : 'light'
  document.documentElement.dataset.theme = theme.value
  language.value = settings.language
  document.documentElement.lang = settings.language === 'zh' ? 'zh-CN' : 'en'
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
