import 'fake-indexeddb/auto'
import { beforeEach, expect, test } from 'vitest'
import { Shelf } from '../../src/core/idb'
import { pbkdf2, type Bytes } from '../../src/core/seal'
import { MAX_TRIES, Vault } from '../../src/core/vault'

let shelf: Shelf
let now = 0
let name = 0
const clock = { now: () => now }
// As slow as it needs to be for a test.
const derive = (text: string, salt: Bytes) => new Uint8Array([...new TextEncoder().encode(text.padEnd(32)).slice(0, 16), ...salt])
const load = () => Vault.load(shelf, derive, clock)

beforeEach(async () => {
  now = 1_800_000_000_000
  name += 1
  shelf = await Shelf.open(`test-${name}`)
})

test('a passphrase opens the book after the page was closed, another does not', async () => {
  const key = await (await load()).create({ passphrase: '网格 网格 42' })
  const again = await load()
  expect(again.methods).toEqual(['passphrase'])
  expect(await again.open({ passphrase: '网格 网格 43' })).toMatchObject({ ok: false, tries_left: MAX_TRIES - 1 })
  expect(await again.open({ passphrase: '网格 网格 42' })).toEqual({ ok: true, key })
  expect(again.triesLeft).toBe(MAX_TRIES)
})

test('a passkey opens the book', async () => {
  const prf = new Uint8Array(32).fill(7)
  const key = await (await load()).create({ prf, id: new Uint8Array([1]), salt: new Uint8Array(32) })
  expect(await (await load()).open({ prf })).toEqual({ ok: true, key })
  expect(await (await load()).open({ prf: new Uint8Array(32) })).toMatchObject({ ok: false })
})

test('a wrong try counts even if the page is closed while it is checked', async () => {
  await (await load()).create({ passphrase: 'right' })
  const vault = await Vault.load(shelf, () => { throw new Error('the page was closed') }, clock)
  await expect(vault.open({ passphrase: 'wrong' })).rejects.toThrow()
  expect((await load()).triesLeft).toBe(MAX_TRIES - 1)
})

test('tries slow down, and no try counts while one waits, not even the right one', async () => {
  await (await load()).create({ passphrase: 'right' })
  const vault = await load()
  for (let i = 0; i < 3; i++) await vault.open({ passphrase: 'wrong' })
  expect(vault.waitUntilMs - now).toBe(30_000)
  expect(await vault.open({ passphrase: 'right' })).toMatchObject({ ok: false, tries_left: MAX_TRIES - 3 })
  now += 30_000
  await vault.open({ passphrase: 'wrong' })
  expect(vault.waitUntilMs - now).toBe(60_000)
})

test('a clock that was set back does not lock for longer than the longest wait', async () => {
  await (await load()).create({ passphrase: 'right' })
  const vault = await load()
  for (let i = 0; i < 3; i++) await vault.open({ passphrase: 'wrong' })
  now -= 86_400_000
  expect(await vault.open({ passphrase: 'right' })).toMatchObject({ ok: true })
})

test('after the last try nothing opens it', async () => {
  await (await load()).create({ passphrase: 'right' })
  const vault = await load()
  for (let i = 0; i < MAX_TRIES; i++) { await vault.open({ passphrase: 'wrong' }); now += 3_600_000 }
  expect(await vault.open({ passphrase: 'right' })).toMatchObject({ ok: false, tries_left: 0, wiped: true })
  await vault.markWiped()
  const after = await load()
  expect(after.wiped).toBe(true)
  expect(after.methods).toEqual([])
})

test('a PIN is known only after a full unlock, and cannot be read from disk', async () => {
  const vault = await load()
  const key = await vault.create({ passphrase: 'right' })
  await vault.setPin('246810', key)
  expect(await vault.openByPin('246810', key)).toMatchObject({ ok: true })
  expect(await vault.openByPin('000000', key)).toMatchObject({ ok: false })
  const restarted = await load()
  expect(restarted.hasPin).toBe(false)
  await restarted.open({ passphrase: 'right' })
  expect(restarted.hasPin).toBe(true)
  expect(await restarted.openByPin('246810', key)).toMatchObject({ ok: true })
})

test('another secret replaces the first', async () => {
  const vault = await load()
  const key = await vault.create({ passphrase: 'first' })
  await vault.recovered()
  expect(vault.renew).toBe(true)
  await vault.change(key, { passphrase: 'second' })
  expect(vault.renew).toBe(false)
  expect(await (await load()).open({ passphrase: 'first' })).toMatchObject({ ok: false })
  expect(await (await load()).open({ passphrase: 'second' })).toEqual({ ok: true, key })
})

test('PBKDF2 stands in where the core has no Argon2id', async () => {
  const key = await (await Vault.load(shelf, null, clock)).create({ passphrase: 'right' })
  expect(await (await Vault.load(shelf, derive, clock)).open({ passphrase: 'right' })).toEqual({ ok: true, key })
  expect((await pbkdf2('a', new Uint8Array(16))).length).toBe(32)
})
