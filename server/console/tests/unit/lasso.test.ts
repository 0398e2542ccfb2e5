import { expect, it } from 'vitest'
import { inside } from '@/pages/people/grids/lasso'

it('takes what a drawn line encloses, also where it turns in', () => {
  const line = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 5, y: 2 }, { x: 0, y: 10 }]
  expect(inside(line, { x: 2, y: 4 })).toBe(true)
  expect(inside(line, { x: 5, y: 6 })).toBe(false)
  expect(inside(line, { x: 11, y: 5 })).toBe(false)
  expect(inside([], { x: 0, y: 0 })).toBe(false)
})
