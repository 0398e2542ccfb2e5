import { t, w } from '@/i18n'
import { words } from '@/i18n/words'
import type { Problem } from './types'

/** Why a call did nothing. */
export class CoreError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}

/** The problem of whatever was thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof CoreError) return thrown.problem
  return { code: 'internal', words: words('shell.problemInternal') }
}

/** What to tell the person about whatever was thrown. */
export function saidBy(thrown: unknown): string {
  return thrown instanceof CoreError ? w(thrown.problem.words) : t('shell.problemInternal')
}
