import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, test, vi } from 'vitest'
import { Keeper } from '../../src/core/keeper'
import { MAX_TRIES } from '../../src/core/vault'
import { disk } from '../fake/pkg'

const removed = vi.fn()
vi.mock('../../src/core/opfs', () => ({ removeBook: () => { removed(); disk.enrolled = false; disk.key = ''; return Promise.resolve() } }))

/** Another page load: the same disk, nothing in memory. */
async function start(): Promise<Keeper> {
  disk.open = 0
  return Keeper.start(() => undefined)
}
const query = (passphrase: string) => ({ server: 'https://book.example', ticket: 't', app: '1', secret: { passphrase } })

beforeEach(() => {
  Object.assign(disk, { enrolled: false, key: '', pending: 0, photos: 0, wiped: false, aside: [], open: 0, refuse: null, panics: '', recovered: null })
  removed.mockClear()
  globalThis.indexedDB = new IDBFactory()
})

test('a new phone is set up, closed, and opened with its passphrase alone', async () => {
  const first = await start()
  expect(first.state().phase).toBe('none')
  await first.setUp(query('right'))
  expect(first.state().phase).toBe('open')
  const again = await start()
  expect(again.state().phase).toBe('locked')
  expect(() => again.call('standing', {})).toThrow(/locked/)
  expect(await again.unlock({ passphrase: 'right' })).toEqual({ ok: true })
  expect(again.state().phase).toBe('open')
})

test('a set-up that the server refused can be tried again, in the same page and in another', async () => {
  disk.refuse = JSON.stringify({ code: 'refused', words: { zh: '', en: '' } })
  const keeper = await start()
  await expect(keeper.setUp(query('right'))).rejects.toContain('refused')
  expect(keeper.state().phase).toBe('none')
  const later = await start()
  expect(removed).toHaveBeenCalledOnce()
  await expect(later.setUp(query('right'))).rejects.toContain('refused')
  disk.refuse = null
  await later.setUp(query('other'))
  expect(await (await start()).unlock({ passphrase: 'other' })).toEqual({ ok: true })
})

test('what waits is sent without the secret', async () => {
  await (await start()).setUp(query('right'))
  disk.pending = 37
  disk.photos = 2
  const locked = await start()
  expect(locked.waiting()).toEqual({ changes: 37, photos: 2 })
  await locked.sync()
  // Photos are sealed to the key: they are counted, and wait for it.
  expect(locked.waiting()).toEqual({ changes: 0, photos: 2 })
})

test('the last wrong try wipes the book and leaves the outbox', async () => {
  await (await start()).setUp(query('right'))
  disk.pending = 37
  const keeper = await start()
  vi.useFakeTimers({ toFake: ['Date'] })
  for (let i = 1; i < MAX_TRIES; i++) {
    expect(await keeper.unlock({ passphrase: 'wrong' })).toMatchObject({ ok: false, wiped: false, tries_left: MAX_TRIES - i })
    vi.setSystemTime(Date.now() + 3_600_000)
  }
  expect(disk.wiped).toBe(false)
  expect(await keeper.unlock({ passphrase: 'wrong' })).toMatchObject({ ok: false, wiped: true })
  vi.useRealTimers()
  expect(disk.wiped).toBe(true)
  expect(keeper.state().phase).toBe('wiped')
  const later = await start()
  expect(later.state().phase).toBe('wiped')
  expect(later.waiting().changes).toBe(37)
  await later.sync()
  await later.reset()
  const fresh = await start()
  expect(fresh.state().phase).toBe('none')
  expect(removed).toHaveBeenCalledOnce()
})

test('a book that the browser cleared is told', async () => {
  await (await start()).setUp(query('right'))
  disk.enrolled = false
  expect((await start()).state().phase).toBe('evicted')
})

test('after a break the next worker opens the book and sets the record at hand aside', async () => {
  const keeper = await start()
  await keeper.setUp(query('right'))
  await keeper.setPin('246810')
  disk.panics = 'abc'
  expect(() => keeper.call('dossier', { record: 'abc' })).toThrow(WebAssembly.RuntimeError)
  const legacy = keeper.legacy()
  const next = await start()
  expect(next.inherit(legacy)).toBe(true)
  expect(disk.aside).toEqual(['abc'])
  expect(next.state()).toMatchObject({ phase: 'open', pin: true })
  keeper.call('standing', {})
  expect(keeper.legacy().aside).toBeNull()
})

test('locking forgets key and PIN', async () => {
  const keeper = await start()
  await keeper.setUp(query('right'))
  await keeper.setPin('246810')
  keeper.lock()
  expect(keeper.state()).toMatchObject({ phase: 'locked', pin: false })
  await expect(keeper.unlockPin('246810')).rejects.toThrow()
})

test('a supervisor gives the key back, and another secret is due', async () => {
  await (await start()).setUp(query('forgotten'))
  const keeper = await start()
  await keeper.askRecovery()
  expect(await keeper.pollRecovery()).toMatchObject({ phase: 'open', renew: true, tries_left: MAX_TRIES })
  await keeper.changeSecret({ passphrase: 'new one' })
  expect(keeper.state().renew).toBe(false)
  expect(await (await start()).unlock({ passphrase: 'new one' })).toEqual({ ok: true })
})
