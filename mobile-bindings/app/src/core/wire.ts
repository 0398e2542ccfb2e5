/** What goes between the page and whatever stands for the core. */
import type { Problem, SyncProgress } from './types'

/** What the worker says by itself. */
export interface Events {
  progress: SyncProgress
  /** Another window has the book; `false` when it was closed and this one goes on. */
  elsewhere: boolean
  /** The book was said to be locked before it was looked at, and is not; or cannot be opened at all. */
  found: boolean
  /** The core failed in the middle of a call and was started anew. */
  restarted: { opened: boolean }
  /** The order to wipe came with a sync, or the phone was revoked. */
  disabled: null
}

export interface Transport {
  /** Throws `CoreError`. */
  call(name: string, args: unknown[]): Promise<unknown>
  on<E extends keyof Events>(event: E, listener: (body: Events[E]) => void): void
}

/** Page to worker. */
export type Ask =
  | { id: number; name: string; args: unknown[] }
  /** Give what the worker after you needs to this port, then answer `id`. */
  | { id: number; name: 'hand-over'; args: [MessagePort] }
  /** Take it from the worker before you. */
  | { id: number; name: 'take-over'; args: [MessagePort] }

/** Worker to page. */
export type Tell =
  | { id: number; answer: unknown }
  | { id: number; problem: Problem }
  /** The core's own answer, which the page reads: text goes between threads cheaper than objects. */
  | { id: number; json: string }
  | { event: keyof Events; body: unknown }
  /** Nothing more comes from this worker: its core is broken. */
  | { broken: true }
