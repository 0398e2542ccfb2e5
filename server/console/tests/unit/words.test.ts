import { describe, expect, it } from 'vitest'
import { problemOf } from '@/api/problem'
import { pathOf } from '@/ref/fields'
import { tables } from '@/i18n/tables'
import { marksOf, mayFile } from '@/pages/inbox/marks'
import { placeOn } from '@/pages/cases/steps'
import { navOf } from '@/layout/nav'


describe('texts', () => {
  it('none is empty, and both languages fill in the same values', () => {
    for (const [page, texts] of Object.entries(tables)) {
      for (const [name, [zh, en]] of Object.entries(texts as Record<string, readonly [string, string]>)) {
        // Plurals stand beside their number, in English alone; a name may come more often in one of them.
        const holes = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1] ?? '').filter((hole) => !hole.endsWith('_s')))].sort()
        expect(zh && en, `${page}.${name}`).toBeTruthy()
        expect(holes(zh), `${page}.${name}`).toEqual(holes(en))
        // These begin links and plurals in the library's messages.
        expect(`${zh}${en}`, `${page}.${name}`).not.toMatch(/[@|]/)
      }
    }
  })
})

describe('problems', () => {
  it('are read from a document, or made of the status', () => {
    expect(problemOf(412, { type: '/problems/stale', title: 'x', status: 412 }, null).kind).toBe('stale')
    expect(problemOf(429, { type: '/problems/too-many-attempts' }, '30').wait).toBe(30)
    expect(problemOf(502, '<html>', null).kind).toBe('internal')
  })
})

describe('duties', () => {
  it('each role has its pages', () => {
    expect(navOf('auditor').map((item) => item.name)).toEqual(['overview', 'checks', 'audit'])
    expect(navOf('administrator').map((item) => item.name)).toEqual(['overview', 'people', 'accounts', 'rules'])
    expect(navOf('office_clerk').map((item) => item.name)).toEqual(['overview', 'inbox', 'cases', 'records', 'checks', 'figures'])
  })

  it('marks are those of the office', () => {
    const item = { form: 'item', state: 'open' }
    expect(marksOf(item, 'population-office', 'office_clerk')).toEqual(['entered', 'existing', 'back'])
    expect(marksOf(item, 'fire-brigade', 'office_clerk')).toEqual(['done'])
    expect(marksOf({ ...item, state: 'done' }, 'fire-brigade', 'office_clerk')).toEqual([])
    expect(mayFile({ form: 'item_then_case', state: 'open' }, 'linkage-centre')).toBe(true)
    expect(mayFile({ form: 'item_then_case', state: 'open' }, 'fire-brigade')).toBe(false)
  })

  it('what lies beside a case’s way counts as where it goes on', () => {
    expect(placeOn('finding', 'postponed')).toBe(3)
    expect(placeOn('finding', 'returned')).toBe(1)
    expect(placeOn('business', 'closed')).toBe(7)
  })
})

describe('registers', () => {
  it('belong to fields of forms', () => {
    expect(pathOf('licences.AAAAAAAAAAE.expires')).toBe('licences.expires')
    expect(pathOf('roles#tenant')).toBe('roles')
  })
})
