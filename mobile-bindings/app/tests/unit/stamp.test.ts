import { describe, expect, it } from 'vitest'
import { fit, noteOf, placeText, stampLines, withComment } from '@/components/photo/stamp'
import { fromBase64, toBase64 } from '@/components/photo/bytes'

const stamp = {
  at_ms: new Date(2026, 10, 22, 9, 5, 7).getTime(),
  place: { lat: 311_400_012, lon: 1_213_905_299 },
  accuracy: 11.6,
  about: '莲花路104号',
}

describe('the stamp of a photo', () => {
  it('says when, where and what', () => {
    expect(stampLines(stamp)).toEqual(['2026-11-22 09:05:07', '31.14000°N 121.39053°E ±12 m', '莲花路104号'])
  })
  it('says so where the place is not known', () => {
    expect(stampLines({ ...stamp, place: null, about: '' })).toEqual(['2026-11-22 09:05:07', '未定位 no location'])
  })
  it('names the hemisphere', () => {
    expect(placeText({ lat: -10_000_000, lon: -1_200_000_000 })).toBe('1.00000°S 120.00000°W')
  })
  it('scales the longest side to 1600 and never up', () => {
    expect(fit(4000, 3000)).toEqual({ width: 1600, height: 1200 })
    expect(fit(3000, 4000)).toEqual({ width: 1200, height: 1600 })
    expect(fit(800, 600)).toEqual({ width: 800, height: 600 })
  })
})

describe('the note in the file', () => {
  const note = noteOf('ab'.repeat(32), stamp)
  it('holds the hash of the original', () => {
    expect(note).toContain(`original-sha256=${'ab'.repeat(32)}`)
  })
  it('stands after the leading segments, and nothing else moves', () => {
    const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xdb, 0, 2, 0xff, 0xd9])
    const made = withComment(jpeg, 'hello')
    expect([...made]).toEqual([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xfe, 0, 7, ...new TextEncoder().encode('hello'), 0xff, 0xdb, 0, 2, 0xff, 0xd9])
  })
  it('leaves alone what is no JPEG', () => {
    expect([...withComment(new Uint8Array([1, 2, 3]), note)]).toEqual([1, 2, 3])
  })
})

describe('bytes in a draft', () => {
  it('come back as they were, however many', () => {
    const bytes = Uint8Array.from({ length: 100_003 }, (_, n) => (n * 31) % 256)
    const back = fromBase64(toBase64(bytes))
    expect(back.length).toBe(bytes.length)
    expect(back.every((byte, n) => byte === bytes[n])).toBe(true)
  })
})
