/** Texts of one page: the Chinese first, then the English, so that neither can be missing. */
export type Table = Record<string, readonly [zh: string, en: string]>

/** Keeps the keys of a table as types. `{n}` is filled in by `t(key, { n })`. */
export function table<const T extends Table>(texts: T): T {
  return texts
}

/** One language of a table. */
export function column(texts: Table, language: 0 | 1): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, pair]) => [key, pair[language]]))
}
