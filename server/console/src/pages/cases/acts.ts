/** What one may do to a case beside and among its steps, and why something is off. Pure; the server decides. */
import type { TextKey } from '@/i18n'
import type { Case, State, Step } from '@/api/types'
import { isOver, leadOf } from './steps'

/** Who looks at the case. */
export interface Looker {
  role: string
  office: string | null | undefined
}

export interface Act<T> {
  act: T
  /** Why it is off; null where it may be done. */
  off: TextKey | null
}

/** Offices on a case at most, beside the one that has it. */
const GATHERED_MOST = 8

/** Steps that a head alone takes: at which states, and of which office's. */
const HEADS: readonly { step: Step; of: 'office' | 'lead'; from: Partial<Record<Case['type'], readonly State[]>> }[] = [
  { step: 'return', of: 'office', from: { finding: ['assigned', 'handling'], business: ['assigned'] } },
  { step: 'void', of: 'lead', from: { finding: ['pending', 'filed', 'returned', 'assigned', 'handling'], business: ['pending', 'filed', 'returned', 'assigned', 'guided'] } },
  ...(['grant', 'decline'] as const).flatMap((answer) => (['extension', 'postponement'] as const).map((what) => {
    const state: State = `${what}_requested`
    return { step: `${answer}_${what}` as const, of: 'lead' as const, from: { finding: [state], business: [state] } }
  })),
]

/** How much more a milestone may be given, in all. */
export const moreOf = (milestone: Pick<Case['milestones'][number], 'bound' | 'extra'>): number => Math.max(0, milestone.bound - milestone.extra)

/** Why a step that the table allows would be refused as things stand. */
function blocked(step: Step, one: Case, now: number): TextKey | null {
  const before = one.milestones.slice(0, -1)
  if (step === 'return' && one.returns >= 2) return 'cases.off_returned'
  if (step === 'report' && before.some((milestone) => !milestone.done_ms)) return 'cases.off_milestones'
  if (step === 'reach' && before.every((milestone) => milestone.done_ms)) return 'cases.off_reached'
  if (step !== 'request_extension') return null
  const open = one.milestones.filter((milestone) => !milestone.done_ms)
  if (open.every((milestone) => moreOf(milestone) === 0)) return 'cases.off_bound'
  return open.every((milestone) => milestone.due_ms != null && milestone.due_ms < now) ? 'cases.off_late' : null
}

/** The steps of the page: those one may take, and those for which one has to ask the head. */
export function stepsFor(one: Case, who: Looker, now: number): Act<Step>[] {
  const own = one.steps
    // With one milestone there is none to reach before the end.
    .filter((step) => step !== 'reach' || one.milestones.length > 1)
    .map((step) => ({ act: step, off: blocked(step, one, now) }))
  if (who.role !== 'office_clerk') return own
  const heads = HEADS.filter(({ of, from }) => one[of] === who.office && from[one.type]?.includes(one.state))
  return [...own, ...heads.filter(({ step }) => !one.steps.includes(step)).map(({ step }) => ({ act: step, off: 'cases.off_head' as const }))]
}

const isOfOffice = ({ role }: Looker): boolean => role === 'office_clerk' || role === 'office_head'

/** 联合检查: the lead gathers offices, those say what they found. */
export function inspectionFor(one: Case, who: Looker): Act<'gather' | 'opinion'>[] {
  if (!isOfOffice(who)) return []
  const ended: TextKey | null = isOver(one.state) ? 'cases.off_ended' : null
  const full: TextKey | null = one.offices.length >= GATHERED_MOST ? 'cases.off_full' : null
  return [
    ...(leadOf(who.office) === one.type ? [{ act: 'gather' as const, off: ended ?? full }] : []),
    ...(one.offices.some(({ office }) => office === who.office) ? [{ act: 'opinion' as const, off: ended }] : []),
  ]
}

/** 协助办证: by the office that has a business-type change, and its lead; null where it is not theirs. */
export function licencesFor(one: Case, who: Looker): Act<'licence'> | null {
  if (one.type !== 'business' || !isOfOffice(who) || ![one.office, one.lead].includes(who.office ?? '')) return null
  return { act: 'licence', off: isOver(one.state) ? 'cases.off_ended' : one.assigned_ms == null ? 'cases.off_unassigned' : null }
}
