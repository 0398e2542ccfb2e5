/** Choices that a browser keeps for this person, and what follows from them. */

/** The choices kept under a name; `usual` where there are none or they cannot be read. */
export function kept<T extends object>(name: string, usual: T): T {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<T>) }
  } catch {
    return { ...usual }
  }
}

/** Keeps choices. On a full disk they hold until the page closes. */
export function keep(name: string, choices: object): void {
  try {
    localStorage.setItem(name, JSON.stringify(choices))
  } catch {
    // Said above.
  }
}

/** The language of a browser that has not been asked. */
export const usualLanguage = navigator.language.startsWith('zh') ? 'zh' : 'en'

/** The device's own wish for dark pages. */
export const wishesDark = matchMedia('(prefers-color-scheme: dark)')

/** How the root of the page is marked, for style sheets and readers. */
export function mark(theme: 'auto' | 'light' | 'dark', language: 'zh' | 'en'): 'light' | 'dark' {
  const shown = theme === 'auto' ? (wishesDark.matches ? 'dark' : 'light') : theme
  const root = document.documentElement
  root.dataset.theme = shown
  root.lang = language === 'zh' ? 'zh-CN' : 'en'
  return shown
}
