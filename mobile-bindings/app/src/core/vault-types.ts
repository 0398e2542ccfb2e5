/** What the page knows of the vault: how the book is locked, never a key. */
import type { Standing } from './types'

/** How the data key is released. */
export type Method = 'passphrase' | 'passkey'

export type Phase =
  /** Never set up. */
  | 'none'
  /** Keys are there, the book is closed. */
  | 'locked'
  | 'open'
  /** Too many wrong secrets: pulled records are gone, the sealed outbox can be sent. */
  | 'wiped'
  /** The browser removed the book and left the keys, or the other way round. */
  | 'evicted'

export interface VaultState {
  phase: Phase
  methods: Method[]
  /** A PIN is set and the page has lived since the last full unlock. */
  pin: boolean
  tries_left: number
  /** No try counts before this time, ms. */
  wait_until_ms: number
  /** For `navigator.credentials.get`. */
  passkey: { id: Uint8Array<ArrayBuffer>; salt: Uint8Array<ArrayBuffer> } | null
  recovery: 'none' | 'waiting' | 'approved' | 'refused'
  /** The phone keeps a copy of its key that a supervisor can open. */
  can_recover: boolean
  /** A new secret must be chosen before the book is shown (after recovery). */
  renew: boolean
}

/** One way to open. */
export type Secret =
  | { passphrase: string }
  /** 32 bytes of the passkey's PRF. */
  | { prf: Uint8Array<ArrayBuffer> }

/** The secret chosen at set-up, or when it is changed. */
export type NewSecret =
  | { passphrase: string }
  | { prf: Uint8Array<ArrayBuffer>; id: Uint8Array<ArrayBuffer>; salt: Uint8Array<ArrayBuffer> }

export interface WrongSecret { tries_left: number; wait_until_ms: number; wiped: boolean }

/** What the worker does beside the core's calls. */
export interface ShellCalls {
  state(): VaultState
  set_up(query: { server: string; ticket: string; secret: NewSecret; app: string }): Standing
  unlock(secret: Secret): { ok: true } | ({ ok: false } & WrongSecret)
  unlock_pin(query: { pin: string }): { ok: true } | ({ ok: false } & WrongSecret)
  set_pin(query: { pin: string | null }): void
  change_secret(secret: NewSecret): void
  lock(): void
  /** Waiting changes and photos, whether the book is open or not. */
  waiting(): { changes: number; photos: number }
  sync(): import('./types').SyncReport
  /** Ends a sync that is going on; it is then told as `cancelled`. */
  stop_sync(): void
  export_outbox(): Uint8Array<ArrayBuffer>
  ask_recovery(): void
  poll_recovery(): VaultState
  /** Forgets book and keys: after a wipe order when everything was sent, or an eviction. */
  reset(): void
}
