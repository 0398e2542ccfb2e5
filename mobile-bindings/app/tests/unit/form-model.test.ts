import { describe, expect, it } from 'vitest'
import { changed, entriesOf, nextEntry, nothingTyped, toForm, valueAt, withEntry, withValue, withoutEntry } from '@/components/form/model'
import { byFrequency, matching } from '@/components/field/codes'

const stored = [{ id: 'A', shown: true, contested: false, fields: {} }, { id: 'B', shown: false, contested: false, fields: {} }]

describe('a form as it is typed', () => {
  it('sends only what differs from the record', () => {
    const base = { sign_name: '永和豆浆', gas: 'none' }
    const typed = withValue(withValue(nothingTyped(), 'sign_name', '永和豆浆'), 'gas', 'bottled')
    expect(toForm({ kind: 'shop', record: 'r' }, base, typed)).toEqual({ kind: 'shop', record: 'r', values: { gas: 'bottled' } })
  })
  it('sends a cleared value of a record, and none of a new one', () => {
    const typed = withValue(nothingTyped(), 'gas', null)
    expect(toForm({ kind: 'shop', record: 'r' }, { gas: 'none' }, typed).values).toEqual({ gas: null })
    expect(toForm({ kind: 'shop' }, {}, typed).values).toEqual({})
  })
  it('lists entries shown and begun, and none taken away', () => {
    let typed = withEntry(nothingTyped(), 'licences.new1')
    expect(entriesOf('licences', stored, typed)).toEqual(['licences.A', 'licences.new1'])
    typed = withoutEntry(typed, 'licences.A')
    expect(typed.removed).toEqual(['licences.A'])
    expect(entriesOf('licences', stored, typed)).toEqual(['licences.new1'])
  })
  it('leaves no trace of an entry that was only begun', () => {
    const typed = withValue(withEntry(nothingTyped(), 'licences.new1'), 'licences.new1.type', 'food')
    expect(withoutEntry(typed, 'licences.new1')).toEqual(nothingTyped())
    expect(nextEntry('licences', typed)).toBe('licences.new2')
  })
  it('knows whether anything differs', () => {
    expect(changed({ a: 1 }, withValue(nothingTyped(), 'a', 1))).toBe(false)
    expect(changed({ a: 1 }, withValue(nothingTyped(), 'a', 2))).toBe(true)
    expect(valueAt('a', { a: 1 }, withValue(nothingTyped(), 'a', null))).toBe(null)
  })
})

describe('a long list of codes', () => {
  const codes = ['正餐服务', '快餐服务', '小吃服务', '餐饮配送'].map((zh, n) => ({ code: `62${n}0`, words: { zh, en: `kind ${n}` }, parent: null, offered: true }))
  it('finds by name, by number and by two words', () => {
    expect(matching(codes, '餐').map(({ words }) => words.zh)).toEqual(['餐饮配送', '正餐服务', '快餐服务'])
    expect(matching(codes, '6220').map(({ code }) => code)).toEqual(['6220'])
    expect(matching(codes, 'KIND 3').map(({ code }) => code)).toEqual(['6230'])
    expect(matching(codes, '火锅')).toEqual([])
  })
  it('puts what is common first', () => {
    expect(byFrequency(['a', 'b', 'b', 'c', 'b', 'c'])).toEqual(['b', 'c', 'a'])
  })
})
