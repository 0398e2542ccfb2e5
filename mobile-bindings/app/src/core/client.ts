/**
 * The core as pages see it: every call of `Calls`, asynchronous, and those with bytes. A call that did
 * nothing throws `CoreError`, whose problem has words for the person.
 */
import { transport } from '#transport'
import type { Calls, Id, Key } from './types'

export { CoreError, problemOf, saidBy } from './problem'

/** Calls that carry bytes. */
export interface ByteCalls {
  /** Puts a picture to a finding or another record; it is sent after the text. */
  add_photo(photo: { record: Id; key?: Key; media: string }, bytes: Uint8Array): { sha256: string }
  /** A picture of this phone; null where it holds it no more. */
  photo_bytes(query: { record: Id; sha256: string }): Uint8Array | null
}

export type AllCalls = Calls & ByteCalls
export type Core = {
  [K in keyof AllCalls]: (...args: Parameters<AllCalls[K]>) => Promise<ReturnType<AllCalls[K]>>
}

/** Calls after which lists show something else. */
const CHANGING = new Set<string>(['save', 'visit', 'undo', 'resolve_returned', 'forget_task', 'drop_photo', 'add_photo'])

const listeners = new Set<() => void>()

/** Tells every list that the book changed: after a save, and by the scheduler after a sync. */
export function changed(): void {
  for (const listener of listeners) listener()
}

/** Calls `listener` after every change of the book; the answer ends that. */
export function onChanged(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const saved = new Set<() => void>()

/** Calls `listener` after something was saved by the person. */
export function onSaved(listener: () => void): () => void {
  saved.add(listener)
  return () => saved.delete(listener)
}

async function call(name: string, args: unknown[]): Promise<unknown> {
  const answer = await transport.call(name, args)
  if (CHANGING.has(name)) {
    changed()
    for (const listener of saved) listener()
  }
  return answer
}

const core = new Proxy({} as Core, {
  get: (_, name: string) => (...args: unknown[]) => call(name, args),
})

/** The core. */
export function useCore(): Core {
  return core
}
