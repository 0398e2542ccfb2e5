import { describe, expect, it } from 'vitest'
import { keepPlace, placeOf } from '@/list/place'

describe('place in a list', () => {
  it('is the first page without a cursor, whatever row an address claims', () => {
    expect(placeOf({ row: '51' })).toEqual({ after: undefined, from: 1, before: {} })
    expect(placeOf({ after: 'x', row: 'no' }).from).toBe(1)
  })

  it('finds back the way it came', () => {
    keepPlace({ after: 'b', row: '51' }, {})
    keepPlace({ after: 'c', row: '101' }, { after: 'b', row: '51' })
    expect(placeOf({ after: 'c', row: '101' })).toEqual({ after: 'c', from: 101, before: { after: 'b', row: '51' } })
    expect(placeOf({ after: 'b', row: '51' }).before).toEqual({})
  })
})
