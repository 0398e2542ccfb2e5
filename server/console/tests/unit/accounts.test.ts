import { describe, expect, it } from 'vitest'
import { firstPassword } from '@/pages/accounts/password'
import { isOver, monthBefore } from '@/pages/rosters/months'

describe('a first password', () => {
  it('has four groups of signs that nobody mistakes', () => {
    expect(firstPassword()).toMatch(/^([a-hj-kmnp-z2-9]{4}-){3}[a-hj-kmnp-z2-9]{4}$/)
    expect(firstPassword()).not.toBe(firstPassword())
  })

  it('leaves out what would make some signs likelier', () => {
    let turn = 0
    const random = (into: Uint8Array<ArrayBuffer>) => into.fill(turn++ === 0 ? 255 : 0)
    expect(firstPassword(random)).toBe('aaaa-aaaa-aaaa-aaaa')
    expect(turn).toBe(2)
  })
})

describe('months of rosters', () => {
  it('are filed once they are over', () => {
    const november = new Date(2026, 10, 23).getTime()
    expect(monthBefore(november)).toBe('2026-10')
    expect(monthBefore(new Date(2027, 0, 1).getTime())).toBe('2026-12')
    expect([isOver('2026-10', november), isOver('2026-11', november)]).toEqual([true, false])
  })
})
