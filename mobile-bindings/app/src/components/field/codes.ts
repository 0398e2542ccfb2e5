/** Finding one of a long list of codes by what is typed. Pure but for what was used last. */
import type { CodeDef } from '@/core/types'

const MOST = 60
const KEPT = 6

/** Codes whose name or number has every word typed; those that begin with it first. */
export function matching(codes: readonly CodeDef[], text: string, most = MOST): CodeDef[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return codes.slice(0, most)
  const scored: { code: CodeDef; score: number }[] = []
  for (const code of codes) {
    const hay = `${code.code} ${code.words.zh} ${code.words.en}`.toLowerCase()
    if (!words.every((word) => hay.includes(word))) continue
    const first = words[0] ?? ''
    const starts = [code.code, code.words.zh, code.words.en].some((name) => name.toLowerCase().startsWith(first))
    scored.push({ code, score: (starts ? 0 : 100) + code.words.zh.length })
  }
  return scored.sort((a, b) => a.score - b.score).slice(0, most).map(({ code }) => code)
}

/** The most frequent first; each once. */
export function byFrequency(codes: readonly string[], most = KEPT * 2): string[] {
  const times = new Map<string, number>()
  for (const code of codes) times.set(code, (times.get(code) ?? 0) + 1)
  return [...times].sort((a, b) => b[1] - a[1]).slice(0, most).map(([code]) => code)
}

const storeKey = (list: string): string => `gridbook.recent.${list}`

/** Codes used last on this phone; they say nothing about any shop or person. */
export function recent(list: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storeKey(list)) ?? '[]')
    return Array.isArray(kept) ? kept.filter((code): code is string => typeof code === 'string') : []
  } catch {
    return []
  }
}

export function used(list: string, code: string): void {
  try {
    const next = [code, ...recent(list).filter((other) => other !== code)].slice(0, KEPT)
    localStorage.setItem(storeKey(list), JSON.stringify(next))
  } catch {
    // Without storage there is no list of those used last; nothing else is lost.
  }
}
