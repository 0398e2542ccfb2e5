/**
 * The core in its worker. Calls wait for their answers by number. Where the core breaks in the middle of
 * a call, a new worker takes over: what was on the way is answered with the problem `panic`, and the key
 * goes from the old worker to the new one without passing through the page.
 */
import { words } from '@/i18n/words'
import { CoreError } from './problem'
import type { Problem } from './types'
import type { Ask, Events, Tell, Transport } from './wire'

/** A worker that does not answer the hand-over within this time is ended without, ms. */
const HAND_OVER_MS = 2_000

interface Waiting { resolve: (answer: unknown) => void; reject: (error: CoreError) => void }
type Listener = (body: never) => void

/** A core that breaks more often than this within a minute is left alone. */
const MOST_RESTARTS = 3
const WITHIN_MS = 60_000

let restarts: number[] = []
let given_up = false
let worker = start()
let number = 0
let waiting = new Map<number, Waiting>()
const listeners = new Map<keyof Events, Listener[]>()

function start(): Worker {
  const made = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'gridbook' })
  made.onmessage = (message: MessageEvent<Tell>) => { if (made === worker) hear(message.data) }
  made.onerror = () => { if (made === worker) void restart() }
  return made
}

function hear(told: Tell): void {
  if ('broken' in told) void restart()
  else if ('event' in told) tell(told.event, told.body as never)
  else {
    const asked = waiting.get(told.id)
    waiting.delete(told.id)
    const answer = 'json' in told ? JSON.parse(told.json) as { ok: unknown } | { error: Problem } : told
    if ('problem' in answer) asked?.reject(new CoreError(answer.problem))
    else if ('error' in answer) asked?.reject(new CoreError(answer.error))
    else asked?.resolve('ok' in answer ? answer.ok : answer.answer)
  }
}

function tell<E extends keyof Events>(event: E, body: Events[E]): void {
  for (const listener of listeners.get(event) ?? []) listener(body as never)
}

function ask(to: Worker, name: string, args: unknown[], transfer: Transferable[] = []): Promise<unknown> {
  if (given_up) return Promise.reject(new CoreError(panic()))
  const id = ++number
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    to.postMessage({ id, name, args } as Ask, transfer)
  })
}

async function restart(): Promise<void> {
  const old = worker
  const lost = waiting
  waiting = new Map()
  const now = Date.now()
  restarts = [...restarts.filter((at) => now - at < WITHIN_MS), now]
  if (restarts.length > MOST_RESTARTS) {
    given_up = true
    old.terminate()
    for (const call of lost.values()) call.reject(new CoreError(panic()))
    tell('restarted', { opened: false })
    return
  }
  const channel = new MessageChannel()
  worker = start()
  const taken = ask(worker, 'take-over', [channel.port2], [channel.port2])
  for (const call of lost.values()) call.reject(new CoreError(panic()))
  await handOver(old, channel.port1)
  old.terminate()
  const opened = await taken.catch(() => false)
  tell('restarted', { opened: opened === true })
}

function panic(): Problem {
  return { code: 'panic', words: words('shell.problemPanic') }
}

function handOver(old: Worker, port: MessagePort): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, HAND_OVER_MS)
    old.onmessage = (message: MessageEvent<Tell>) => {
      if (!('id' in message.data) || message.data.id !== 0) return
      clearTimeout(timer)
      resolve()
    }
    old.onerror = null
    old.postMessage({ id: 0, name: 'hand-over', args: [port] } satisfies Ask, [port])
  })
}

/** Arguments without the proxies that pages wrap around them; bytes stay bytes. */
function plain(args: unknown[]): unknown[] {
  return args.map((arg) => arg instanceof Uint8Array || hasBytes(arg) ? arg : arg === undefined ? arg : JSON.parse(JSON.stringify(arg)) as unknown)
}

function hasBytes(arg: unknown): boolean {
  return typeof arg === 'object' && arg !== null && Object.values(arg).some((value) => value instanceof Uint8Array)
}

export const transport: Transport = {
  call: (name, args) => ask(worker, name, plain(args)),
  on(event, listener) {
    listeners.set(event, [...(listeners.get(event) ?? []), listener as Listener])
  },
}
