import { describe, expect, it } from 'vitest'
import { aside, rings } from '@/parts/map/apart'
import { centred, enlarged, keyed, moved, pinched, seenAt, spotSeen, turned, WHOLE, type View } from '@/parts/map/zoom'

const SIZE = { width: 800, height: 600 }

describe('a closer look at a map', () => {
  it('keeps the spot that it is about, and finds back', () => {
    const about = { x: 200, y: 450 }
    const near = enlarged(WHOLE, about, 4, SIZE)
    expect(near.scale).toBe(4)
    expect(seenAt(near, about)).toEqual(about)
    const spot = { x: 123.4, y: 56.7 }
    const back = spotSeen(near, seenAt(near, spot))
    expect(back.x).toBeCloseTo(spot.x)
    expect(back.y).toBeCloseTo(spot.y)
    expect(enlarged(near, about, 1 / 4, SIZE)).toEqual(WHOLE)
  })

  it('has an end in both directions, and the middle of the window never leaves the sheet', () => {
    let view: View = WHOLE
    for (let n = 0; n < 40; n += 1) view = enlarged(view, { x: 0, y: 0 }, 1.5, SIZE)
    expect(view.scale).toBe(40)
    for (let n = 0; n < 80; n += 1) view = moved(view, { x: 900, y: -900 }, SIZE)
    const middle = spotSeen(view, { x: 400, y: 300 })
    expect(middle).toEqual({ x: 0, y: 600 })
    for (let n = 0; n < 80; n += 1) view = enlarged(view, { x: 400, y: 300 }, 0.5, SIZE)
    expect(view.scale).toBe(0.5)
  })

  it('two fingers keep what lies between them', () => {
    const near = pinched(WHOLE, [{ x: 300, y: 300 }, { x: 500, y: 300 }], [{ x: 220, y: 320 }, { x: 620, y: 320 }], SIZE)
    expect(near.scale).toBe(2)
    expect(spotSeen(near, { x: 420, y: 320 })).toEqual({ x: 400, y: 300 })
    expect(pinched(WHOLE, [{ x: 1, y: 1 }, { x: 1, y: 1 }], [{ x: 9, y: 9 }, { x: 30, y: 9 }], SIZE).scale).toBe(1)
  })

  it('keys enlarge, move and show all; others are the page’s', () => {
    expect(keyed(WHOLE, '+', SIZE)?.scale).toBe(1.5)
    expect(keyed(WHOLE, '-', SIZE)?.scale).toBeCloseTo(1 / 1.5)
    const near = enlarged(WHOLE, { x: 400, y: 300 }, 2, SIZE)
    expect(keyed(near, '0', SIZE)).toEqual(WHOLE)
    expect(keyed(near, 'ArrowRight', SIZE)).toEqual({ ...near, x: near.x - 80 })
    expect(keyed(near, 'ArrowDown', SIZE)).toEqual({ ...near, y: near.y - 60 })
    for (const key of ['Tab', 'Enter', 'a', 'constructor']) expect(keyed(near, key, SIZE), key).toBe(null)
  })

  it('a turn of the wheel towards the map enlarges, away from it the same back', () => {
    expect(turned(-100, false, false)).toBeGreaterThan(1.15)
    expect(turned(-100, false, false) * turned(100, false, false)).toBeCloseTo(1)
    expect(turned(-5, true, false)).toBeCloseTo(turned(-100, false, false))
    expect(turned(-5000, false, false)).toBeLessThan(1.6)
    expect(turned(-10, false, true)).toBeGreaterThan(turned(-10, false, false))
  })

  it('a spot is brought to the middle', () => {
    const near = centred(enlarged(WHOLE, { x: 0, y: 0 }, 4, SIZE), { x: 700, y: 500 }, SIZE)
    expect(seenAt(near, { x: 700, y: 500 })).toEqual({ x: 400, y: 300 })
  })
})

describe('points in one spot', () => {
  const points = [
    { id: 'a', at: { x: 100, y: 100 } }, { id: 'b', at: { x: 300, y: 100 } },
    { id: 'c', at: { x: 100.1, y: 100 } }, { id: 'd', at: { x: 100, y: 99.9 } },
  ]

  it('stand in a ring around it, the others where they are', () => {
    const placed = rings(points)
    expect(placed.map(({ point, nth, of }) => [point.id, nth, of])).toEqual([['a', 0, 3], ['b', 0, 1], ['c', 1, 3], ['d', 2, 3]])
    expect(placed[2]?.at).toEqual({ x: 100, y: 100 })
    expect(aside({ nth: 0, of: 1 }, 8)).toEqual({ x: 0, y: 0 })
  })

  it('come apart as one looks closer, until each can be met', () => {
    const between = (of: number, scale: number): number => {
      const [one, other] = [aside({ nth: 0, of }, scale), aside({ nth: 1, of }, scale)]
      return Math.hypot(one.x - other.x, one.y - other.y)
    }
    expect(between(3, 1)).toBeLessThan(between(3, 2))
    for (const of of [2, 3, 12, 40]) expect(between(of, 40), `${of}`).toBeCloseTo(18)
    for (const of of [2, 3]) expect(between(of, 1), `${of}`).toBeGreaterThan(8)
  })
})
