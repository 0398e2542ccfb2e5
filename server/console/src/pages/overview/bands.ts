/** How far a grid's round is, in steps that a map can show. Pure. */
import type { Coverage } from '@/api/types'

export type Band = 'b0' | 'b1' | 'b2' | 'b3' | 'b4'
type Round = Pick<Coverage, 'shops' | 'visited'>

/** From so many percent on. */
const FROM: readonly [Band, number][] = [['b0', 0], ['b1', 20], ['b2', 40], ['b3', 60], ['b4', 80]]

export const BANDS = FROM.map(([name, from]) => ({ name, words: from === 80 ? '80–100%' : `${from}–${from + 19}%` }))

/** Whole percent: never 100 while a shop is left. */
function percent({ shops, visited }: Round): number {
  return shops === 0 ? 0 : Math.floor((visited / shops) * 100)
}

export function bandOf(round: Round): Band {
  return FROM.findLast(([, from]) => percent(round) >= from)?.[0] ?? 'b0'
}

export function shareText(round: Round): string {
  return round.shops === 0 ? '—' : `${percent(round)}%`
}
