import { describe, expect, it } from 'vitest'
import { addDays, dateWords, dayOf, dayWords, daysBetween, isDay, timeWords } from '@/components/dates'
import { byDue, dueLook } from '@/pages/tasks/due'
import { deadline, spanWords } from '@/components/finding/deadline'

const today = '2026-11-22'
const HOUR = 3_600_000

describe('days in the words people use', () => {
  it('says today, yesterday and tomorrow', () => {
    expect(dayWords(today, today, 'zh')).toBe('今天')
    expect(dayWords('2026-11-21', today, 'zh')).toBe('昨天')
    expect(dayWords('2026-11-23', today, 'en')).toBe('tomorrow')
    expect(dateWords('2026-11-21', today, 'zh')).toBe('2026-11-21（昨天）')
  })
  it('names the year only where it is another', () => {
    expect(dayWords('2026-01-05', today, 'zh')).toBe('1 月 5 日')
    expect(dayWords('2027-01-05', today, 'zh')).toBe('2027 年 1 月 5 日')
    expect(dayWords('2027-01-05', today, 'en')).toBe('5 Jan 2027')
  })
  it('crosses months, leap days and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
    expect(daysBetween('2026-11-22', '2027-01-10')).toBe(49)
  })
  it('knows what is no day', () => {
    expect(isDay('2026-02-29')).toBe(false)
    expect(isDay('2026-2-9')).toBe(false)
    expect(isDay('2028-02-29')).toBe(true)
    expect(dayWords('soon', today, 'zh')).toBe('soon')
  })
  it('gives a time of today without its day', () => {
    const now = new Date(2026, 10, 22, 18, 0).getTime()
    expect(timeWords(new Date(2026, 10, 22, 9, 5).getTime(), now, 'zh')).toBe('09:05')
    expect(timeWords(new Date(2026, 10, 21, 9, 5).getTime(), now, 'zh')).toBe('昨天 09:05')
    expect(dayOf(now)).toBe(today)
  })
})

describe('clocks', () => {
  const status = { state: 'assigned', words: { zh: '', en: '' }, office: null, due_ms: 100 * HOUR, paused: false, closed_ms: null, told_ms: 0 }
  it('shows each state by mark and words', () => {
    expect(deadline(null, 0, 0, 'zh')).toEqual({ mark: '◌', look: 'muted', words: '未起算' })
    expect(deadline(status, 0, 20 * HOUR, 'zh')).toEqual({ mark: '●', look: 'ok', words: '余 3 天' })
    expect(deadline(status, 0, 98 * HOUR, 'zh')).toEqual({ mark: '◐', look: 'soon', words: '余 2 小时' })
    expect(deadline(status, 0, 102 * HOUR, 'en')).toEqual({ mark: '▲', look: 'over', words: '2 hours over' })
    expect(deadline({ ...status, paused: true }, 0, 102 * HOUR, 'zh').mark).toBe('‖')
    expect(deadline({ ...status, closed_ms: 1 }, 0, 102 * HOUR, 'zh').mark).toBe('✓')
  })
  it('never says nought', () => {
    expect(spanWords(5, 'en')).toBe('1 minute')
  })
  it('puts the most urgent task first and those without a date last', () => {
    const order = byDue([{ due_ms: null }, { due_ms: 5 }, { due_ms: 2 }])
    expect(order.map(({ due_ms }) => due_ms)).toEqual([2, 5, null])
    expect([dueLook(5, 10), dueLook(15, 10), dueLook(10 + 30 * HOUR, 10), dueLook(null, 10)]).toEqual(['over', 'soon', 'muted', 'muted'])
  })
})
