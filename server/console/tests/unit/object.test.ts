import { expect, it } from 'vitest'
import { language } from '@/i18n'
import { objectText } from '@/pages/audit/object'
import { places } from '@/ref/places'

const fields = { phone: { zh: '电话', en: 'Phone' } }

it('names what an act was about, lists in a row, ids as they are', () => {
  places.grids = [{ grid: '310112901001001', label: { zh: '第 1 网格', en: 'Grid 1' } }] as typeof places.grids
  const object = { record: '01a1', keys: ['phone', 'gone'], grid: '310112901001001', office: null, filters: { text: true } }
  expect(objectText({ object, fields })).toBe('档案 01a1 · 项目 电话、gone · 网格 第 1 网格 · 查找 true')
  language.value = 'en'
  expect(objectText({ object: { account: 4, grids: ['310112901001001', '7'], unknown_thing: 1, key: 'phone' }, fields })).toBe('Account 4 · Grids Grid 1, 7 · unknown_thing 1 · Field Phone')
  language.value = 'zh'
  expect([{}, { files: [] }].map((object) => objectText({ object, fields: {} }))).toEqual(['', ''])
})
