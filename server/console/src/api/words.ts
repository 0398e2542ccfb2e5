/** A problem in words for people. */
import { has, language, t, w } from '@/i18n'
import { details } from '@/i18n/problems'
import type { Problem } from './problem'

/** What the server's fixed words mean here: in the console's words, else in the server's. */
function told({ detail, words }: Problem): string | null {
  if (detail === null) return null
  const known = Object.entries(details).find(([words]) => detail.includes(words))
  if (known) return known[1][language.value === 'zh' ? 0 : 1]
  return words ? w(words) : language.value === 'en' ? detail : null
}

/** `name`: what people call the field at fault, where a page knows. */
export function problemWords(problem: Problem, name: (at: string) => string | null = () => null): string {
  const key = `problems.${problem.kind}`
  const at = problem.at === null ? '' : (name(problem.at) ?? problem.at)
  const values = { at, wait: problem.wait ?? 5 }
  const head = has(key) ? t(key, values) : t('problems.internal')
  const more = told(problem)
  return more === null ? head : problem.kind === 'conflict' ? more : `${head} ${more}`
}
