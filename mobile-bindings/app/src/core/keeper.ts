/**
 * Holds the book and its keys, in the worker. The book is closed, open or locked; what a page may know is
 * `VaultState`. A call that fails throws a `Problem`'s JSON, as the core does.
 */
import init, { Book, LockedBook, deriveKey, ed25519Public, ed25519Sign, install } from '#pkg'
import wasm from '#wasm'
import { Shelf } from './idb'
import { loadSigner, makeSigner, type CoreEd25519, type Signer } from './keys'
import { removeBook } from './opfs'
import { random, type Bytes } from './seal'
import type { Problem, SyncProgress, SyncReport } from './types'
import { Vault, type Opened, type PinKept } from './vault'
import type { NewSecret, Phase, Secret, VaultState, WrongSecret } from './vault-types'

const NAME = 'book'
/** Set before a reload that is to find an empty phone. */
const CLEARED = 'cleared'
const RECOVERY = 'recovery-secret'
const ed25519: CoreEd25519 = { publicOf: ed25519Public, sign: ed25519Sign }

type Said = { ok: true } | ({ ok: false } & WrongSecret)

/** What the worker after this one needs to go on. */
export interface Legacy { key: Bytes | null; pin: PinKept | null; aside: string | null }

export function problemIn(thrown: unknown): Problem | null {
  if (typeof thrown !== 'string') return null
  try {
    return JSON.parse(thrown) as Problem
  } catch {
    return null
  }
}

function told(vault: Vault, phase: Phase, held: boolean, recovery: VaultState['recovery']): VaultState {
  return {
    phase, methods: vault.methods, pin: vault.hasPin && held,
    tries_left: vault.triesLeft, wait_until_ms: vault.waitUntilMs, passkey: vault.passkey,
    recovery, can_recover: vault.recovery !== null, renew: vault.renew,
  }
}

export class Keeper {
  private book: Book | null = null
  private locked: LockedBook | null = null
  private key: Bytes | null = null
  private recovery: VaultState['recovery'] = 'none'
  private evicted = false
  /** The record of the call at hand; it stays where the core breaks over it. */
  private atHand: string | null = null

  private constructor(
    private readonly shelf: Shelf, private readonly vault: Vault, private signer: Signer | null,
    private readonly progress: (progress: SyncProgress) => void,
  ) {}

  /** What can be said before the core is read: a book that was set up is locked, until it is found otherwise. */
  static async glance(): Promise<VaultState | null> {
    const shelf = await Shelf.open('gridbook')
    const vault = await Vault.load(shelf, null, { now: () => Date.now() })
    if (!vault.enrolled || vault.wiped || await shelf.get(CLEARED)) return null
    return told(vault, 'locked', false, 'none')
  }

  /** Starts the core and looks what is on the phone. */
  static async start(progress: (progress: SyncProgress) => void): Promise<Keeper> {
    await init({ module_or_path: wasm })
    const shelf = await Shelf.open('gridbook')
    const vault = await Vault.load(shelf, deriveKey as (text: string, salt: Bytes) => Bytes, { now: () => Date.now() })
    // A set-up that was cut off before the server's answer begins anew; so does a phone that was cleared.
    if (await shelf.get(CLEARED) || (vault.exists && !vault.enrolled)) {
      await removeBook()
      await shelf.clear()
      await install()
      return new Keeper(shelf, await Vault.load(shelf, deriveKey as never, { now: () => Date.now() }), null, progress)
    }
    await install()
    const keeper = new Keeper(shelf, vault, await loadSigner(shelf, ed25519), progress)
    keeper.openLocked()
    return keeper
  }

  state(): VaultState {
    return told(this.vault, this.phase(), this.key !== null, this.recovery)
  }

  private phase(): Phase {
    if (this.evicted) return 'evicted'
    if (!this.vault.enrolled) return 'none'
    if (this.vault.wiped) return 'wiped'
    return this.book ? 'open' : 'locked'
  }

  /** One of the core's calls, answered in JSON: `{"ok": …}` or `{"error": Problem}`. */
  ask(name: string, args: unknown): string {
    const book = this.open()
    const { record, shop } = (args ?? {}) as { record?: string; shop?: string }
    this.atHand = record ?? shop ?? null
    const json = book.call(JSON.stringify({ op: name, ...(args as object | undefined) }))
    this.atHand = null
    return json
  }

  /** The same, as a value. */
  call(name: string, args: unknown): unknown {
    const answer = JSON.parse(this.ask(name, args)) as { ok: unknown } | { error: Problem }
    if ('error' in answer) throw JSON.stringify(answer.error)
    return answer.ok
  }

  async setUp(query: { server: string; ticket: string; secret: NewSecret; app: string }): Promise<unknown> {
    // A try before this one left its key: the book is already made with it.
    if (this.key) await this.vault.change(this.key, query.secret)
    else this.key = await this.vault.create(query.secret)
    this.signer ??= await makeSigner(this.shelf, ed25519)
    this.book ??= new Book(NAME, this.key, this.sign)
    await this.book.enrol(query.server, query.ticket, this.signer.publicKey, query.app)
    await this.vault.markEnrolled()
    await this.keepRecovery()
    return this.call('standing', {})
  }

  async unlock(secret: Secret): Promise<Said> {
    return this.opened(await this.vault.open(secret))
  }

  async unlockPin(pin: string): Promise<Said> {
    if (!this.key) throw new Error('locked')
    return this.opened(await this.vault.openByPin(pin, this.key))
  }

  async setPin(pin: string | null): Promise<void> {
    await this.vault.setPin(pin, this.need())
  }

  async changeSecret(secret: NewSecret): Promise<void> {
    await this.vault.change(this.need(), secret)
    await this.keepRecovery()
  }

  /** Forgets the key. What waits can still be sent. */
  lock(): void {
    this.book?.free()
    this.locked?.free()
    this.book = this.locked = null
    this.key?.fill(0)
    this.key = null
    this.vault.forgetPin()
    this.openLocked()
  }

  waiting(): { changes: number; photos: number } {
    if (this.book) {
      const counts = this.call('counts', {}) as { waiting: number; photos: number }
      return { changes: counts.waiting, photos: counts.photos }
    }
    return { changes: this.locked?.pending() ?? 0, photos: this.locked?.photos() ?? 0 }
  }

  async sync(): Promise<SyncReport> {
    const say = (json: string) => this.progress(JSON.parse(json) as SyncProgress)
    const book = this.book ?? this.locked
    if (!book) throw new Error('no book')
    return JSON.parse(await book.sync(say)) as SyncReport
  }

  /** Ends a sync that is going on, after the step at hand. */
  stopSync(): void {
    (this.book ?? this.locked)?.stop()
  }

  exportOutbox(): Bytes {
    const book = this.book ?? this.locked
    if (!book) throw new Error('no book')
    return book.exportOutbox()
  }

  attach(record: string, media: string, bytes: Bytes): string {
    return this.open().attach(record, media, bytes)
  }

  async photo(record: string, sha256: string): Promise<Bytes> {
    return this.open().photo(record, sha256)
  }

  async askRecovery(): Promise<void> {
    const { recovery } = this.vault
    if (!recovery || !this.locked) throw new Error('no copy for recovery')
    const secret = random(32)
    await this.shelf.put({ [RECOVERY]: secret })
    await this.locked.recoveryAsk(recovery, secret)
    this.recovery = 'waiting'
  }

  async pollRecovery(): Promise<VaultState> {
    const secret = await this.shelf.get<Bytes>(RECOVERY)
    if (!secret || !this.locked) return this.state()
    const { state, key } = await this.locked.recoveryPoll(secret)
    this.recovery = state
    if (state === 'approved' && key) {
      await this.vault.recovered()
      this.openBook(key)
      await this.shelf.put({ [RECOVERY]: undefined })
    }
    return this.state()
  }

  /** The page is loaded anew after this, and finds an empty phone. */
  async reset(): Promise<void> {
    await this.shelf.clear()
    await this.shelf.put({ [CLEARED]: true })
  }

  legacy(): Legacy {
    return { key: this.key, pin: this.vault.pinKept, aside: this.atHand }
  }

  /** Goes on where a worker whose core broke left off. */
  inherit(legacy: Legacy): boolean {
    if (!legacy.key || this.phase() !== 'locked') return false
    this.openBook(legacy.key)
    this.vault.pinKept = legacy.pin
    if (legacy.aside) this.book?.setAside(legacy.aside)
    return true
  }

  private readonly sign = async (text: Bytes): Promise<Bytes> => {
    if (!this.signer) throw new Error('no signing key')
    return this.signer.sign(text)
  }

  private async opened(said: Opened): Promise<Said> {
    if (said.ok) {
      if (!this.book) this.openBook(said.key)
      return { ok: true }
    }
    if (said.wiped) await this.wipe()
    const { tries_left, wait_until_ms, wiped } = said
    return { ok: false, tries_left, wait_until_ms, wiped }
  }

  private async wipe(): Promise<void> {
    this.lock()
    this.locked?.wipe()
    await this.vault.markWiped()
  }

  /** Does ahead what opening will need. */
  prepare(): void {
    this.locked?.prepare()
  }

  private openBook(key: Bytes): void {
    const { locked } = this
    this.locked = null
    try {
      this.book = locked ? locked.unlock(key) : new Book(NAME, key, this.sign)
    } catch (thrown) {
      // What waits can still be sent.
      if (problemIn(thrown)) this.openLocked()
      throw thrown
    }
    this.key = key
  }

  private openLocked(): void {
    if (!this.vault.enrolled) return
    try {
      this.locked = new LockedBook(NAME, this.sign)
    } catch (thrown) {
      // The keys are there and the book is not: the browser cleared it.
      if (problemIn(thrown)?.code !== 'not-enrolled') throw thrown
      this.evicted = true
    }
    if (!this.signer) this.evicted = true
  }

  private async keepRecovery(): Promise<void> {
    const key = this.need()
    await this.vault.setRecovery(this.open().recoveryCopy(key))
  }

  private open(): Book {
    if (!this.book) throw JSON.stringify({ code: 'locked', words: { zh: '请先解锁。', en: 'Unlock first.' } } satisfies Problem)
    return this.book
  }

  private need(): Bytes {
    if (!this.key) throw new Error('locked')
    return this.key
  }
}
