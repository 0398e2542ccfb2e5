import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { SyncState } from '../../src/sync/state'

let leftOf: (state: SyncState) => string
let state: SyncState

beforeAll(async () => {
  // The texts write the page's language into the document.
  vi.stubGlobal('document', { documentElement: {}, createElement: () => ({}) })
  leftOf = (await import('../../src/sync/line')).leftOf
})

beforeEach(() => {
  state = {
    online: true, running: false, progress: null, problem: null, retry_at_ms: null, disabled: false, sent_before_wipe: 0, expired: false,
    counts: { waiting: 0, photos: 0, held: 0, refused: 0, last_sync_ms: null, offset_ms: 0 },
  }
})

test('the first case that applies is said', () => {
  expect(leftOf(state)).toBe('尚未同步')
  state.counts.last_sync_ms = Date.now()
  expect(leftOf(state)).toMatch(/^已同步 \d\d:\d\d$/)
  state.counts.waiting = 3
  expect(leftOf(state)).toBe('3 条待上传')
  state.running = true
  state.progress = { phase: 'text', done: 0, of: 3, records: 820, expected: 0 }
  expect(leftOf(state)).toBe('正在上传 1/3 条')
  state.progress = { phase: 'text', done: 3, of: 3, records: 820, expected: 0 }
  expect(leftOf(state)).toBe('正在更新 · 820 户')
  state.progress = { phase: 'photos', done: 2, of: 12, records: 820, expected: 0 }
  expect(leftOf(state)).toBe('文字已送达 · 照片 3/12')
  state.retry_at_ms = Date.now() + 1_000
  expect(leftOf(state)).toMatch(/^连不上服务器 · 3 条已存本机 · .* 再试$/)
  state.online = false
  expect(leftOf(state)).toBe('离线 · 3 条已存本机')
  state.expired = true
  expect(leftOf(state)).toBe('启用期已满 · 只能上传')
  state.disabled = true
  expect(leftOf(state)).toBe('本机已停用 · 正在送出 3 条')
})

test('photos that wait are told, wherever the text is', () => {
  state.counts = { ...state.counts, photos: 2, last_sync_ms: Date.now() }
  expect(leftOf(state)).toBe('文字已送达 · 2 张照片待上传')
  state.retry_at_ms = Date.now() + 1_000
  expect(leftOf(state)).toMatch(/^连不上服务器 · 2 张照片已存本机 · .* 再试$/)
  state.counts.waiting = 1
  expect(leftOf(state)).toMatch(/^连不上服务器 · 1 条、2 张照片已存本机 · .* 再试$/)
  state.retry_at_ms = null
  expect(leftOf(state)).toBe('1 条、2 张照片待上传')
})

test('zero parts drop out', () => {
  state.online = false
  expect(leftOf(state)).toBe('离线 · 无待上传')
  state.counts.photos = 2
  expect(leftOf(state)).toBe('离线 · 2 张照片已存本机')
  state.counts.waiting = 5
  expect(leftOf(state)).toBe('离线 · 5 条、2 张照片已存本机')
})
