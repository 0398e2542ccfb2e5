import { describe, expect, it } from 'vitest'
import type { RecordOut } from '@/api/types'
import { entriesOf, lines, taken } from '@/pages/review/compare'

const field = (key: string, value: unknown, type = 'text') => ({
  key, label: { zh: key, en: key }, type, conflict: false, contested: false,
  values: [{ value, label: null, masked: key === 'phone', by: [], decided: false }],
})
const record = (values: Record<string, unknown>, groups: unknown[] = []): RecordOut => ({
  fields: Object.entries(values).map(([key, value]) => field(key, value, key === 'picture' ? 'photo' : 'text')), groups,
}) as unknown as RecordOut

describe('two records side by side', () => {
  const goes = record({ sign: '老张', gas: 'piped', lease: '2027-01-01', phone: '139****2', picture: 'ab' }, [
    { name: 'licences', label: { zh: '证照', en: 'Licences' }, entries: [{ id: 'AAE', contested: false, fields: [field('licences.AAE.type', 'food'), field('licences.AAE.expires', null)] }] },
  ])
  const all = lines(record({ gas: 'piped', sign: '张记', phone: '138****1', picture: 'cd' }), goes, ['sign', 'gas'])

  it('come in the order of the form and say what is the same', () => {
    expect(all.map((line) => [line.key, line.same])).toEqual([['sign', false], ['gas', true], ['phone', false], ['picture', false], ['lease', false]])
  })

  it('the merge takes what was picked and differs, masked or not; a picture stays with its shop', () => {
    expect(taken(all, entriesOf(goes), new Set(['sign', 'gas', 'phone', 'picture']))).toEqual(['sign', 'phone'])
    expect(taken(all, entriesOf(goes), new Set())).toEqual([])
  })

  it('entries of groups go along by name, with what they hold', () => {
    expect(entriesOf(goes).map(({ key, fields }) => [key, fields.length])).toEqual([['licences.AAE', 1]])
    expect(taken(all, entriesOf(goes), new Set(['licences.AAE', 'lease']))).toEqual(['lease', 'licences.AAE'])
  })
})
