import { expect, it } from 'vitest'
import { crosses, middleOf, outlineOf, planOf, polygonOf } from '@/parts/map/plan'

const CORNERS = [{ lat: 311400000, lon: 1213900000 }, { lat: 311400000, lon: 1213950000 }, { lat: 311430000, lon: 1213950000 }]

it('a place goes to a pixel and back', () => {
  for (const room of [0, 0.5]) {
    const plan = planOf(CORNERS, 800, 600, room)
    for (const corner of CORNERS) {
      const spot = plan.spotOf(corner)
      expect(spot.x).toBeGreaterThanOrEqual(0)
      expect(spot.y).toBeLessThanOrEqual(600)
      const back = plan.placeOf(spot)
      expect(Math.abs(back.lat - corner.lat)).toBeLessThanOrEqual(1)
      expect(Math.abs(back.lon - corner.lon)).toBeLessThanOrEqual(1)
    }
  }
  const [north, south] = [planOf(CORNERS, 800, 600).spotOf(CORNERS[2]!), planOf(CORNERS, 800, 600).spotOf(CORNERS[0]!)]
  expect(north.y).toBeLessThan(south.y)
})

it('an outline is closed for the API and open here', () => {
  const outline = polygonOf(CORNERS)
  expect(outline.coordinates[0]).toHaveLength(4)
  expect(outline.coordinates[0]?.[0]).toEqual([121.39, 31.14])
  expect(outlineOf({ outline })).toEqual(CORNERS)
  expect(outlineOf({ outline: null })).toEqual([])
})

it('a line that crosses itself is told from one that only turns in', () => {
  expect(crosses([{ x: 0, y: 0 }, { x: 10, y: 10 }, { x: 10, y: 0 }, { x: 0, y: 10 }])).toBe(true)
  expect(crosses([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 5, y: 2 }, { x: 0, y: 10 }])).toBe(false)
  expect(crosses([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 0, y: 10 }])).toBe(false)
})

it('a name stands in the middle of its area', () => {
  expect(middleOf([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 4 }, { x: 0, y: 4 }])).toEqual({ x: 5, y: 2 })
  expect(middleOf([{ x: 2, y: 2 }, { x: 4, y: 2 }])).toEqual({ x: 3, y: 2 })
})
