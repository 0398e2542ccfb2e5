/** What each step asks for, and where a case stands on its way. Pure; the server's table decides. */
import type { CaseSummary, State, Step } from '@/api/types'

export type Ask = 'to_office' | 'handler' | 'milestone' | 'amount' | 'until' | 'verifier' | 'into'

export const ASKS: Partial<Record<Step, readonly Ask[]>> = {
  assign: ['to_office'], return: ['to_office'], handle: ['handler'], guide: ['handler'], reach: ['milestone'],
  verify_pass: ['verifier'], verify_fail: ['verifier'], join: ['into'], request_extension: ['milestone', 'amount'],
  grant_extension: ['amount'], request_postponement: ['until'], grant_postponement: ['until'],
}

const REASON: readonly Step[] = ['report', 'verify_fail', 'settle', 'return', 'void', 'join', 'request_extension', 'decline_extension', 'request_postponement', 'decline_postponement']
/** Asked for here, granted by the lead's head. */
const APPROVED: readonly Step[] = ['request_extension', 'request_postponement']
/** What ends or turns the usual way stands apart. */
const GRAVE: readonly Step[] = ['return', 'void', 'join', 'verify_fail', 'decline_extension', 'decline_postponement']

/** What an office says of the site may come with pictures of it. */
const PICTURED: readonly Step[] = ['report', 'reach', 'adjust', 'settle', 'verify_fail']

/** What has ended goes nowhere from there. */
export const isOver = (state: State): boolean => ['closed', 'void', 'joined'].includes(state)

export const takesPictures = (step: Step): boolean => PICTURED.includes(step)
export const needsReason = (step: Step): boolean => REASON.includes(step)
export const needsApproval = (step: Step): boolean => APPROVED.includes(step)
export const isGrave = (step: Step): boolean => GRAVE.includes(step)

const WAYS: Record<CaseSummary['type'], readonly State[]> = {
  finding: ['pending', 'filed', 'assigned', 'handling', 'reported', 'verified', 'closed'],
  business: ['pending', 'filed', 'assigned', 'guided', 'adjusted', 'settled', 'closed'],
}

export function wayOf(type: CaseSummary['type']): readonly State[] {
  return WAYS[type]
}

/** How far on its way; what lies beside the way counts as where it goes on. */
export function placeOn(type: CaseSummary['type'], state: State): number {
  const at = WAYS[type].indexOf(state)
  if (at >= 0) return state === 'closed' ? at + 1 : at
  return state === 'returned' ? 1 : 3
}

/** The type of cases that an office leads. */
export function leadOf(office: string | null | undefined): CaseSummary['type'] | null {
  if (office === 'linkage-centre') return 'finding'
  return office === 'economics-section' ? 'business' : null
}
