/** The dedicated worker that holds the core: one window at a time, one answer for every call. */
import { words } from '@/i18n/words'
import { Keeper, problemIn, type Legacy } from './keeper'
import type { Bytes } from './seal'
import type { Calls, Id, Key, Problem, RecordState, SchemaDef } from './types'
import type { NewSecret, Secret } from './vault-types'
import type { Ask, Events, Tell } from './wire'

/** A page that is being loaded anew lets go of the book within this time, ms. */
const PATIENCE_MS = 1_500

const port = self as unknown as {
  postMessage(told: Tell, transfer?: Transferable[]): void
  onmessage: (message: MessageEvent<Ask>) => void
}

let broken = false
const held = alone()
const glance = held.then(() => Keeper.glance()).catch(() => null)
const keeper = held.then(() => Keeper.start((progress) => say('progress', progress)))
/** Whether the page's question where the book stands was answered by a glance alone. */
let glanced = false
let started = false
void keeper.then((k) => k.state().phase, () => 'broken').then((phase) => {
  started = true
  if (glanced && phase !== 'locked') say('found', true)
})

/** The person is asked for the secret now: what opening needs beside it is done meanwhile. */
const ASIDE_MS = 50
void keeper.then((k) => setTimeout(() => k.prepare(), ASIDE_MS)).catch(() => undefined)

function say<E extends keyof Events>(event: E, body: Events[E]): void {
  port.postMessage({ event, body })
}

/** Resolves when this worker has the book to itself, and keeps it for as long as it lives. */
function alone(): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => say('elsewhere', true), PATIENCE_MS)
    navigator.locks.request('gridbook-book', () => {
      clearTimeout(timer)
      say('elsewhere', false)
      resolve()
      return new Promise(() => undefined)
    }).catch(reject)
  })
}

/** What the core threw when it broke, as against a problem that it told. */
function isBreak(thrown: unknown): boolean {
  return thrown instanceof WebAssembly.RuntimeError
}

function broke(): void {
  if (broken) return
  broken = true
  port.postMessage({ broken: true })
}

self.addEventListener('unhandledrejection', (event) => { if (isBreak((event as PromiseRejectionEvent).reason)) broke() })
self.addEventListener('error', (event) => { if (isBreak((event as ErrorEvent).error)) broke() })

function problemOf(thrown: unknown): Problem {
  const told = problemIn(thrown)
  if (told) return told
  if (thrown instanceof DOMException && thrown.name === 'QuotaExceededError') {
    return { code: 'disk-full', words: words('shell.problemDiskFull') }
  }
  return { code: 'internal', words: words('shell.problemInternal') }
}

type Does = (keeper: Keeper, args: never) => unknown
const shell: Record<string, Does> = {
  state: (k) => k.state(),
  set_up: (k, query: { server: string; ticket: string; secret: NewSecret; app: string }) => k.setUp(query),
  unlock: (k, secret: Secret) => k.unlock(secret),
  unlock_pin: (k, { pin }: { pin: string }) => k.unlockPin(pin),
  set_pin: (k, { pin }: { pin: string | null }) => k.setPin(pin),
  change_secret: (k, secret: NewSecret) => k.changeSecret(secret),
  lock: (k) => k.lock(),
  waiting: (k) => k.waiting(),
  sync: (k) => k.sync(),
  stop_sync: (k) => k.stopSync(),
  export_outbox: (k) => k.exportOutbox(),
  ask_recovery: (k) => k.askRecovery(),
  poll_recovery: (k) => k.pollRecovery(),
  reset: (k) => k.reset(),
}

/** Keeps the picture's bytes, then writes the field that names it. */
function addPhoto(k: Keeper, photo: { record: Id; key?: Key; media: string }, bytes: Bytes): { sha256: string } {
  const sha256 = k.attach(photo.record, photo.media, bytes)
  const { kind } = k.call('record', { record: photo.record }) as RecordState
  const key = photo.key ?? firstPhotoKey(k.call('schema', {}) as SchemaDef, kind)
  if (key) {
    const entry = /^([^.]+\.new\d+)\./.exec(key)?.[1]
    k.call('save', { kind, record: photo.record, values: { [key]: sha256 }, ...(entry ? { added: [entry] } : {}) } satisfies Parameters<Calls['save']>[0])
  }
  return { sha256 }
}

function firstPhotoKey(schema: SchemaDef, kind: string): Key | null {
  const field = schema.kinds.find((one) => one.name === kind)?.fields.find((one) => one.type === 'photo')
  return field ? `${field.group ? `${field.group}.new1.` : ''}${field.name}` : null
}

async function answer(k: Keeper, name: string, args: unknown[]): Promise<{ answer: unknown } | { json: string }> {
  const does = shell[name]
  if (does) return { answer: await does(k, args[0] as never) }
  if (name === 'add_photo') return { answer: addPhoto(k, args[0] as never, args[1] as Bytes) }
  if (name === 'photo_bytes') {
    const { record, sha256 } = args[0] as { record: Id; sha256: string }
    return { answer: await k.photo(record, sha256) }
  }
  return { json: k.ask(name, args[0]) }
}

async function hear({ id, name, args }: Ask): Promise<void> {
  if (name === 'hand-over') {
    const k = await keeper.catch(() => null)
    const to = args[0] as MessagePort
    to.postMessage(k?.legacy() ?? null)
    port.postMessage({ id: 0, answer: true })
    return
  }
  if (broken) return
  try {
    if (name === 'state' && !started) {
      const seen = await glance
      if (seen && !started) {
        glanced = true
        port.postMessage({ id, answer: seen })
        return
      }
    }
    if (name === 'take-over') {
      const legacy = await received(args[0] as MessagePort)
      const k = await keeper
      port.postMessage({ id, answer: legacy !== null && k.inherit(legacy) })
      return
    }
    port.postMessage({ id, ...await answer(await keeper, name, args) })
  } catch (thrown) {
    if (isBreak(thrown)) { broke(); return }
    port.postMessage({ id, problem: problemOf(thrown) })
  }
}

/** What the worker before sends; null: it sent nothing in time. */
function received(from: MessagePort): Promise<Legacy | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), 2 * PATIENCE_MS)
    from.onmessage = (message: MessageEvent<Legacy | null>) => {
      clearTimeout(timer)
      resolve(message.data)
    }
  })
}

port.onmessage = (message) => void hear(message.data)
