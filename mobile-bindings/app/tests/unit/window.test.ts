import { describe, expect, it } from 'vitest'
import { Heights, frame, startOf } from '@/components/list/window'

const total = (f: { before: number; after: number; first: number; end: number }, h: Heights): number => {
  let shown = 0
  for (let row = f.first; row < f.end; row += 1) shown += h.of(row)
  return f.before + shown + f.after
}

describe('the window of a long list', () => {
  it('shows the rows on screen and a few either side', () => {
    const f = frame(2000, new Heights(100), 10_000, 800, 6)
    expect(f).toEqual({ first: 94, end: 114, before: 9400, after: (2000 - 114) * 100 })
  })
  it('begins and ends with the list', () => {
    expect(frame(3, new Heights(100), 0, 800, 6)).toEqual({ first: 0, end: 3, before: 0, after: 0 })
    expect(frame(0, new Heights(100), 0, 800, 6)).toEqual({ first: 0, end: 0, before: 0, after: 0 })
    expect(frame(2000, new Heights(100), 1e9, 800, 2).end).toBe(2000)
  })
  it('counts measured heights as they are and the others as their mean', () => {
    const h = new Heights(100)
    expect(h.measured(0, 200)).toBe(true)
    expect(h.measured(0, 200.2)).toBe(false)
    expect(h.measured(1, 100)).toBe(true)
    expect(h.of(5)).toBe(150)
    expect(startOf(3, h)).toBe(450)
  })
  it('keeps the whole height whatever is shown', () => {
    const h = new Heights(100)
    h.measured(0, 180)
    h.measured(7, 60)
    const all = total(frame(50, h, 0, 800, 6), h)
    for (const top of [0, 333, 1200, 4000]) expect(total(frame(50, h, top, 800, 6), h)).toBeCloseTo(all, 6)
  })
})
