import { describe, expect, it } from 'vitest'
import { keyOf, type Pressed } from '@/pages/review/keys'

const press = (key: string, more: Partial<Pressed> = {}): string | null =>
  keyOf({ key, shift: false, chord: false, composing: false, target: 'body', editable: false, modal: false, ...more })

describe('single keys', () => {
  it('are told by their letter, also with caps lock', () => {
    expect(press('j')).toBe('j')
    expect(press('J')).toBe('j')
    expect(press('1')).toBe('1')
    expect(press('?', { shift: true })).toBe('?')
    expect(press('Enter', { shift: true })).toBe('shift+enter')
  })

  it('are silent in text fields, input methods, chords and dialogs', () => {
    for (const more of [{ target: 'input:text' }, { target: 'textarea' }, { target: 'input:search' }, { editable: true }, { composing: true }, { chord: true }, { modal: true }]) {
      expect(press('j', more)).toBeNull()
    }
    expect(press('Process')).toBeNull()
  })

  it('leave Enter to the button that has the focus, but decide on a value', () => {
    expect(press('Enter', { target: 'button' })).toBeNull()
    expect(press('Enter', { target: 'value' })).toBe('enter')
    expect(press('j', { target: 'button' })).toBe('j')
  })
})
