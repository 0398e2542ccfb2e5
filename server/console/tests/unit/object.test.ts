import { expect, it } from 'vitest'
import { language } from '@/i18n'
import { objectText } from '@/pages/audit/object'
import { places } from '@/ref/places'

it('names what an act was about, lists in a row, ids as they are', () => {
  places.grids = [{ grid: '310112901001001', label: { zh: '第 1 网格', en: 'Grid 1' } }] as typeof places.grids
  const object = { record: '01a1', keys: ['phone', 'remark'], grid: '310112901001001', office: null, filters: { text: true } }
  expect(objectText(object)).toBe('档案 01a1 · 项目 phone、remark · 网格 第 1 网格 · 查找 true')
  language.value = 'en'
  expect(objectText({ account: 4, grids: ['310112901001001', '7'], unknown_thing: 1 })).toBe('Account 4 · Grids Grid 1, 7 · unknown_thing 1')
  language.value = 'zh'
  expect([objectText(null), objectText({}), objectText({ files: [] })]).toEqual(['', '', ''])
})
