import { expect, it } from 'vitest'
import { BANDS, bandOf, shareText } from '@/pages/overview/bands'

it('a share is whole percent, and whole only once nothing is left', () => {
  expect(shareText({ shops: 200, visited: 199 })).toBe('99%')
  expect(shareText({ shops: 200, visited: 200 })).toBe('100%')
  expect(shareText({ shops: 0, visited: 0 })).toBe('—')
})

it('bands meet without a gap', () => {
  expect([0, 19, 20, 59, 79, 80, 100].map((visited) => bandOf({ shops: 100, visited }))).toEqual(['b0', 'b0', 'b1', 'b2', 'b3', 'b4', 'b4'])
  expect(BANDS.map(({ words }) => words)).toEqual(['0–19%', '20–39%', '40–59%', '60–79%', '80–100%'])
})
