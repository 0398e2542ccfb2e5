import { expect, it } from 'vitest'
import { leftText } from '@/pages/people/left'

it('counts down in minutes and seconds, with hours where there are some', () => {
  expect([600_000, 599_001, 60_000, 5_400, 0, -5].map(leftText)).toEqual(['10:00', '10:00', '1:00', '0:06', '0:00', '0:00'])
  expect(leftText(86_399_000)).toBe('23:59:59')
  expect(leftText(3_605_000)).toBe('1:00:05')
})
