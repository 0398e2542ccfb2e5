import { describe, expect, it } from 'vitest'
import { deadline } from '@/parts/deadline'

const HOUR = 3_600_000
const at = (due_ms: number | null, more: object = {}) => deadline({ due_ms, due_state: 'running', start_ms: 0, closed: false, ...more }, 100 * HOUR, 'zh')

describe('deadline', () => {
  it('says what is left, the last quarter in another colour', () => {
    expect(at(200 * HOUR)).toEqual({ mark: '●', look: 'ok', words: '余 4 天' })
    expect(at(102 * HOUR)).toEqual({ mark: '◐', look: 'soon', words: '余 2 小时' })
    expect(at(98 * HOUR)).toEqual({ mark: '▲', look: 'over', words: '超 2 小时' })
  })

  it('stands, has not begun or has ended', () => {
    expect(at(null).mark).toBe('◌')
    expect(at(98 * HOUR, { due_state: 'paused' }).mark).toBe('‖')
    expect(at(98 * HOUR, { closed: true }).mark).toBe('✓')
  })
})
