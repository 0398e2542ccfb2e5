import { describe, expect, it } from 'vitest'
import type { Case } from '@/api/types'
import { inspectionFor, licencesFor, stepsFor } from '@/pages/cases/acts'

const HOUR = 3_600_000
const milestone = (name: string, more: object = {}) => ({ name, clock: 'working_days', within: 3, extra: 0, bound: 3, due_ms: 100 * HOUR, due_state: 'running', over: false, done_ms: null, ...more })
const one = (more: object = {}): Case => ({
  type: 'finding', state: 'handling', office: 'fire-brigade', lead: 'linkage-centre', returns: 0, assigned_ms: 1,
  milestones: [milestone('close')], offices: [], licences: [], steps: ['reach', 'report', 'request_extension'], ...more,
}) as unknown as Case
const CLERK = { role: 'office_clerk', office: 'fire-brigade' }
const acts = (of: Case, who = CLERK, now = 0) => Object.fromEntries(stepsFor(of, who, now).map(({ act, off }) => [act, off]))

describe('acts on a case', () => {
  it('shows a clerk what the head does, and why it is off', () => {
    expect(acts(one())).toEqual({ report: null, request_extension: null, return: 'cases.off_head' })
    expect(acts(one({ state: 'extension_requested', steps: [] }), { role: 'office_clerk', office: 'linkage-centre' })).toEqual({ grant_extension: 'cases.off_head', decline_extension: 'cases.off_head' })
    expect(acts(one({ steps: ['return'] }), { role: 'office_head', office: 'fire-brigade' })).toEqual({ return: null })
    expect(acts(one({ steps: ['return'], returns: 2 }), { role: 'office_head', office: 'fire-brigade' })).toEqual({ return: 'cases.off_returned' })
  })

  it('says what milestones and limits do not allow', () => {
    const two = [milestone('stop'), milestone('close')]
    expect(acts(one({ milestones: two }))).toMatchObject({ reach: null, report: 'cases.off_milestones' })
    expect(acts(one({ milestones: [milestone('stop', { done_ms: 1 }), milestone('close')] }))).toMatchObject({ reach: 'cases.off_reached', report: null })
    expect(acts(one({ milestones: [milestone('close', { extra: 3 })] }))).toMatchObject({ request_extension: 'cases.off_bound' })
    expect(acts(one(), CLERK, 101 * HOUR)).toMatchObject({ request_extension: 'cases.off_late' })
  })

  it('lets the lead gather and those gathered speak, until the case has ended', () => {
    const gathered = one({ offices: [{ office: 'urban-management', at_ms: 1 }] })
    expect(inspectionFor(gathered, { role: 'office_clerk', office: 'linkage-centre' })).toEqual([{ act: 'gather', off: null }])
    expect(inspectionFor(gathered, { role: 'office_clerk', office: 'urban-management' })).toEqual([{ act: 'opinion', off: null }])
    expect(inspectionFor(gathered, CLERK)).toEqual([])
    expect(inspectionFor(gathered, { role: 'supervisor', office: null })).toEqual([])
    expect(inspectionFor(one({ state: 'closed' }), { role: 'office_head', office: 'linkage-centre' })).toEqual([{ act: 'gather', off: 'cases.off_ended' }])
  })

  it('lets the office of a business-type change and its lead help with licences', () => {
    const change = one({ type: 'business', state: 'guided', office: 'business-office', lead: 'economics-section' })
    expect(licencesFor(change, { role: 'office_clerk', office: 'business-office' })).toEqual({ act: 'licence', off: null })
    expect(licencesFor({ ...change, assigned_ms: null }, { role: 'office_head', office: 'economics-section' })).toEqual({ act: 'licence', off: 'cases.off_unassigned' })
    expect(licencesFor(change, CLERK)).toBeNull()
    expect(licencesFor(one(), CLERK)).toBeNull()
  })
})
