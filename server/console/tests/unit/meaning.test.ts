import { describe, expect, it } from 'vitest'
import { folded, meanSame } from '@/pages/review/meaning'

const values = (...all: unknown[]) => all.map((value) => ({ value: value as never, masked: false }))

describe('equal in meaning', () => {
  it('width, case, blanks and punctuation count for nothing', () => {
    expect(folded('ＫＦＣ（ 漕宝路店）')).toBe('kfc漕宝路店')
    expect(meanSame(values('张记 小馆', '张记小馆'))).toBe(true)
    expect(meanSame(values(3, 3))).toBe(true)
  })

  it('other words, one value, masks and nothing but punctuation do not', () => {
    expect(meanSame(values('张记小馆', '张记饭店'))).toBe(false)
    expect(meanSame(values('张记小馆'))).toBe(false)
    expect(meanSame(values('！', '？'))).toBe(false)
    expect(meanSame([{ value: '****' as never, masked: true }, { value: '****' as never, masked: true }])).toBe(false)
  })
})
