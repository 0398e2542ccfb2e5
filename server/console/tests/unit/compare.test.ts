import { describe, expect, it } from 'vitest'
import type { RecordOut } from '@/api/types'
import { givenBack, lines, takenOver } from '@/pages/review/compare'

const record = (values: Record<string, unknown>): RecordOut => ({
  fields: Object.entries(values).map(([key, value]) => ({
    key, label: { zh: key, en: key }, type: 'text', conflict: false, contested: false,
    values: [{ value, label: null, masked: key === 'phone', by: [], decided: false }],
  })),
}) as unknown as RecordOut

describe('two records side by side', () => {
  const all = lines(record({ gas: 'piped', sign: '张记', phone: '138****1' }), record({ sign: '老张', gas: 'piped', lease: '2027-01-01', phone: '139****2' }), ['sign', 'gas'])

  it('come in the order of the form and say what is the same', () => {
    expect(all.map((line) => [line.key, line.same])).toEqual([['sign', false], ['gas', true], ['phone', false], ['lease', false]])
  })

  it('only what was picked, differs and is not masked is written', () => {
    expect(takenOver(all, new Set(['sign', 'gas', 'phone']))).toEqual([{ op: 'set', key: 'sign', value: '老张' }])
  })

  it('undoing writes what stood before, or clears', () => {
    expect(givenBack(all, new Set(['sign', 'lease']))).toEqual([{ op: 'set', key: 'sign', value: '张记' }, { op: 'clear', key: 'lease' }])
  })
})
