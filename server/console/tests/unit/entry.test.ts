import { expect, it } from 'vitest'
import type { RecordOut } from '@/api/types'
import { linesOf } from '@/pages/entry/lines'

const words = (zh: string) => ({ zh, en: zh })
const field = (key: string, value: unknown, more: object = {}) => ({ key, label: words(key), type: 'text', conflict: false, contested: false, values: [{ value, label: null, masked: false, by: [], decided: false }], ...more })
const record = { fields: [field('name', '张三'), field('id_number', '3101**********1233', { values: [{ value: '3101**********1233', masked: true, by: [], decided: false }] }), field('shop', 'ab', { type: 'ref' }), field('phone', null), field('told', true)] } as unknown as RecordOut

it('of a record that is copied come the fields of the target system, in its order and by its names', () => {
  const target = [{ path: 'id_number', heading: words('公民身份号码') }, { path: 'phone', heading: words('电话') }, { path: 'name', heading: words('姓名') }]
  expect(linesOf(record, target).map(({ label, text, masked }) => [label.zh, text, masked])).toEqual([['公民身份号码', '3101**********1233', true], ['姓名', '张三', false]])
  expect(linesOf(record, undefined).map(({ key }) => key)).toEqual(['name', 'id_number', 'told'])
})
