import { beforeEach, expect, test, vi } from 'vitest'
import type { Counts, Problem, SyncReport } from '../../src/core/types'
import { EVERY_MS, SETTLE_MS, Scheduler } from '../../src/sync/scheduler'
import type { SyncState } from '../../src/sync/state'

const nothing: Counts = { waiting: 0, photos: 0, held: 0, refused: 0, last_sync_ms: null, offset_ms: 0 }
const done: SyncReport = {
  complete: true, sent_bundles: 1, sent_bytes: 9, received_bytes: 9, records: 1,
  photos: { done: 0, later: 0, refused: 0 }, wiped: false, forms: 'none',
}
const problem = (code: Problem['code'], retry_after_ms?: number): Problem =>
  ({ code, words: { zh: '', en: '' }, ...(retry_after_ms ? { retry_after_ms } : {}) })

let now = 1_000_000
let timer: { at: number; work: () => void } | null
let state: SyncState
let answers: (SyncReport | Problem | 'never')[]
/** Ends the sync that never answers. */
let stopped: () => void
let asked: number
let scheduler: Scheduler

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))
async function pass(ms: number): Promise<void> {
  now += ms
  if (timer && timer.at <= now) { const { work } = timer; timer = null; work() }
  await settle()
}

beforeEach(() => {
  timer = null
  answers = []
  asked = 0
  state = { online: true, counts: nothing, running: false, progress: null, problem: null, retry_at_ms: null, disabled: false, sent_before_wipe: 0, expired: false }
  scheduler = new Scheduler({
    sync: () => {
      asked += 1
      const answer = answers.shift() ?? done
      if (answer === 'never') return new Promise((_, reject) => { stopped = () => reject(problem('cancelled')) })
      return 'code' in answer ? Promise.reject(answer) : Promise.resolve(answer)
    },
    stop: () => stopped(),
    counts: () => Promise.resolve(nothing), now: () => now, random: () => 0, state, changed: vi.fn(),
    problemOf: (thrown) => thrown as Problem,
    after: (ms, work) => {
      const mine = { at: now + ms, work }
      timer = mine
      return () => { if (timer === mine) timer = null }
    },
  })
})

test('opening syncs at once, and again after the usual time', async () => {
  scheduler.notice('open')
  await settle()
  expect(asked).toBe(1)
  await pass(EVERY_MS)
  expect(asked).toBe(2)
})

test('saves in a row are one sync', async () => {
  scheduler.notice('saved')
  await pass(SETTLE_MS - 1)
  scheduler.notice('saved')
  await pass(SETTLE_MS - 1)
  expect(asked).toBe(0)
  await pass(1)
  expect(asked).toBe(1)
})

test('without signal nothing is tried until it returns, but a person may', async () => {
  scheduler.wentOffline()
  scheduler.notice('timer')
  await settle()
  expect(asked).toBe(0)
  scheduler.notice('person')
  await settle()
  expect(asked).toBe(1)
  scheduler.wentOffline()
  scheduler.notice('online')
  await settle()
  expect(asked).toBe(2)
})

test('signal that goes ends the try at hand, and signal that returns finds nobody asleep', async () => {
  answers = ['never']
  scheduler.notice('open')
  await settle()
  scheduler.wentOffline()
  await settle()
  expect(state.running).toBe(false)
  expect(state.problem).toBeNull()
  scheduler.notice('online')
  await settle()
  expect(asked).toBe(2)
})

test('progress tells that the server is reached again', async () => {
  answers = [problem('offline'), 'never']
  scheduler.notice('open')
  await settle()
  expect(state.retry_at_ms).not.toBeNull()
  scheduler.notice('person')
  await settle()
  scheduler.progressed({ phase: 'photos', done: 0, of: 1, records: 1, expected: 0 })
  expect(state.retry_at_ms).toBeNull()
})

test('each failure waits longer, and success forgets them', async () => {
  answers = [problem('offline'), problem('timeout'), done, problem('server')]
  scheduler.notice('open')
  await settle()
  const first = (state.retry_at_ms ?? 0) - now
  await pass(first)
  const second = (state.retry_at_ms ?? 0) - now
  expect(second).toBe(first * 2)
  await pass(second)
  expect(state.retry_at_ms).toBeNull()
  scheduler.notice('open')
  await settle()
  expect((state.retry_at_ms ?? 0) - now).toBe(first)
})

test('a server that asks to be left alone is, whoever taps', async () => {
  answers = [problem('server', 60_000)]
  scheduler.notice('open')
  await settle()
  await pass(30_000)
  scheduler.notice('person')
  await settle()
  expect(asked).toBe(1)
  expect(state.retry_at_ms).toBe(now + 30_000)
  await pass(30_000)
  expect(asked).toBe(2)
})

test('what is asked for while a sync goes on comes right after it', async () => {
  scheduler.notice('open')
  scheduler.notice('person')
  scheduler.notice('person')
  await settle()
  await settle()
  expect(asked).toBe(2)
})

test('a refusal is told and not repeated at once', async () => {
  answers = [problem('refused')]
  scheduler.notice('open')
  await settle()
  expect(state.problem?.code).toBe('refused')
  expect(state.retry_at_ms).toBeNull()
  await pass(EVERY_MS)
  expect(asked).toBe(2)
})

test('an order to wipe shows', async () => {
  answers = [{ ...done, wiped: true }]
  scheduler.notice('open')
  await settle()
  expect(state.disabled).toBe(true)
})
