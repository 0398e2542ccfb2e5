/**
 * The data key, wrapped by what the person knows or has. A try is counted on disk before it is checked,
 * so that closing the page does not take it back. Lives in the worker; the page sees `VaultState`.
 */
import type { Shelf } from './idb'
import { fromPrf, pbkdf2, random, same, seal, unseal, type Bytes, type Sealed } from './seal'
import type { Method, NewSecret, Secret, WrongSecret } from './vault-types'

/** Wrong tries until pulled records are wiped. */
export const MAX_TRIES = 10
/** Tries before waiting begins. */
const FREE_TRIES = 3
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 30 * 60_000

interface PassphraseWrap extends Sealed { kind: 'argon2id' | 'pbkdf2'; salt: Bytes }
interface PasskeyWrap extends Sealed { id: Bytes; salt: Bytes }
/** As kept in IndexedDB. */
export interface Kept {
  version: 1
  passphrase?: PassphraseWrap
  passkey?: PasskeyWrap
  /** Salt and hash of the PIN, sealed under the data key: nothing at rest can be searched for six digits. */
  pin?: Sealed
  tries: number
  wait_until_ms: number
  /** The server has answered: the phone has a name. */
  enrolled: boolean
  wiped: boolean
  /** The data key sealed to the server, for recovery. */
  recovery?: Bytes
  /** Given back by a supervisor: a new secret must be chosen. */
  renew: boolean
}

/** Salt and hash of the PIN, while the page lives after a full unlock. */
export interface PinKept { salt: Bytes; hash: Bytes }

export interface Clock { now(): number }
/** Argon2id of the core; null where it is not there. */
export type Derive = ((passphrase: string, salt: Bytes) => Bytes) | null

const NAME = 'vault'
const PURPOSE = 'gridbook/data-key/1'

export type Opened = { ok: true; key: Bytes } | ({ ok: false } & WrongSecret)

export class Vault {
  private pin: PinKept | null = null

  private constructor(
    private readonly shelf: Shelf, private kept: Kept | null,
    private readonly derive: Derive, private readonly clock: Clock,
  ) {}

  static async load(shelf: Shelf, derive: Derive, clock: Clock): Promise<Vault> {
    return new Vault(shelf, await shelf.get<Kept>(NAME) ?? null, derive, clock)
  }

  get exists(): boolean { return this.kept !== null }
  get enrolled(): boolean { return this.kept?.enrolled ?? false }
  get wiped(): boolean { return this.kept?.wiped ?? false }
  get renew(): boolean { return this.kept?.renew ?? false }
  get recovery(): Bytes | null { return this.kept?.recovery ?? null }
  get hasPin(): boolean { return this.pin !== null }
  get triesLeft(): number { return Math.max(0, MAX_TRIES - (this.kept?.tries ?? 0)) }
  get waitUntilMs(): number { return this.kept?.wait_until_ms ?? 0 }
  get passkey(): { id: Bytes; salt: Bytes } | null { return this.kept?.passkey ?? null }

  /** For the worker that takes over. */
  get pinKept(): PinKept | null { return this.pin }
  set pinKept(pin: PinKept | null) { this.pin = pin }

  forgetPin(): void {
    this.pin = null
  }

  get methods(): Method[] {
    const methods: Method[] = []
    if (this.kept?.passkey) methods.push('passkey')
    if (this.kept?.passphrase) methods.push('passphrase')
    return methods
  }

  /** A new data key under `secret`. */
  async create(secret: NewSecret): Promise<Bytes> {
    const key = random(32)
    await this.keep({
      version: 1, ...await this.wrap(key, secret), tries: 0, wait_until_ms: 0, enrolled: false,
      wiped: false, renew: false,
    })
    return key
  }

  /** Another secret for the same data key; the earlier ones open nothing any more. */
  async change(key: Bytes, secret: NewSecret): Promise<void> {
    const { passphrase, passkey, ...rest } = this.need()
    void passphrase, void passkey
    await this.keep({ ...rest, ...await this.wrap(key, secret), tries: 0, wait_until_ms: 0, renew: false })
  }

  async open(secret: Secret): Promise<Opened> {
    return this.attempt(async (kept) => {
      const key = await this.release(kept, secret)
      if (key && kept.pin) await this.remember(key, kept.pin)
      return key
    })
  }

  /** Whether `pin` is the one set; `key` is what the worker still holds. */
  async openByPin(pin: string, key: Bytes): Promise<Opened> {
    return this.attempt(async () => {
      const known = this.pin
      return known && same(known.hash, await digest(known.salt, pin)) ? key : null
    })
  }

  async setPin(pin: string | null, key: Bytes): Promise<void> {
    if (pin === null) {
      this.pin = null
      const { pin: _, ...rest } = this.need()
      return this.keep(rest)
    }
    const salt = random(16)
    const hash = await digest(salt, pin)
    const plain = new Uint8Array([...salt, ...hash])
    await this.keep({ ...this.need(), pin: await seal(key, plain, 'gridbook/pin/1') })
    this.pin = { salt, hash }
  }

  async markEnrolled(): Promise<void> {
    await this.keep({ ...this.need(), enrolled: true })
  }

  async setRecovery(sealed: Bytes): Promise<void> {
    await this.keep({ ...this.need(), recovery: sealed })
  }

  /** A supervisor gave the key back: tries begin again and a new secret is due. */
  async recovered(): Promise<void> {
    await this.keep({ ...this.need(), tries: 0, wait_until_ms: 0, renew: true })
  }

  /** No secret opens it any more. What is sealed to the server can still be sent. */
  async markWiped(): Promise<void> {
    const { passphrase, passkey, pin, recovery, ...rest } = this.need()
    void passphrase, void passkey, void pin, void recovery
    this.pin = null
    await this.keep({ ...rest, wiped: true })
  }

  private async attempt(check: (kept: Kept) => Promise<Bytes | null>): Promise<Opened> {
    const kept = this.need()
    const now = this.clock.now()
    // A wait longer than any that is given comes from a clock that was set back.
    if (kept.wait_until_ms > now && kept.wait_until_ms - now <= LONGEST_WAIT_MS) return this.wrong()
    if (kept.tries >= MAX_TRIES) return this.wrong()
    const tries = kept.tries + 1
    const wait = tries < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - FREE_TRIES))
    await this.keep({ ...kept, tries, wait_until_ms: wait ? now + wait : 0 })
    const key = await check(kept)
    if (!key) return this.wrong()
    await this.keep({ ...this.need(), tries: 0, wait_until_ms: 0 })
    return { ok: true, key }
  }

  private wrong(): Opened {
    return { ok: false, tries_left: this.triesLeft, wait_until_ms: this.waitUntilMs, wiped: this.triesLeft === 0 }
  }

  private async release(kept: Kept, secret: Secret): Promise<Bytes | null> {
    if ('prf' in secret) return kept.passkey ? unseal(await fromPrf(secret.prf), kept.passkey, PURPOSE) : null
    const { passphrase } = kept
    return passphrase
      ? unseal(await this.stretch(passphrase.kind, secret.passphrase, passphrase.salt), passphrase, PURPOSE) : null
  }

  private async wrap(key: Bytes, secret: NewSecret): Promise<Pick<Kept, 'passphrase' | 'passkey'>> {
    if ('prf' in secret) {
      const sealed = await seal(await fromPrf(secret.prf), key, PURPOSE)
      return { passkey: { ...sealed, id: secret.id, salt: secret.salt } }
    }
    const salt = random(16)
    const kind = this.derive ? 'argon2id' : 'pbkdf2'
    const sealed = await seal(await this.stretch(kind, secret.passphrase, salt), key, PURPOSE)
    return { passphrase: { ...sealed, kind, salt } }
  }

  private async stretch(kind: PassphraseWrap['kind'], passphrase: string, salt: Bytes): Promise<Bytes> {
    if (kind === 'pbkdf2') return pbkdf2(passphrase, salt)
    if (!this.derive) throw new Error('no Argon2id')
    return this.derive(passphrase.normalize('NFKC'), salt)
  }

  private async remember(key: Bytes, pin: Sealed): Promise<void> {
    const plain = await unseal(key, pin, 'gridbook/pin/1')
    if (plain) this.pin = { salt: plain.slice(0, 16), hash: plain.slice(16) }
  }

  private need(): Kept {
    if (!this.kept) throw new Error('no vault')
    return this.kept
  }

  private async keep(kept: Kept): Promise<void> {
    await this.shelf.put({ [NAME]: kept })
    this.kept = kept
  }
}

async function digest(salt: Bytes, pin: string): Promise<Bytes> {
  const text = new TextEncoder().encode(pin)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...salt, ...text])))
}
