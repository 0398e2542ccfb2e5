/** AES-256-GCM with a key of 32 bytes, and where those bytes come from. */

export type Bytes = Uint8Array<ArrayBuffer>

const NONCE = 12
/** Rounds of PBKDF2-SHA-256, where the core's Argon2id is not to be had. */
const ROUNDS = 600_000

export interface Sealed { nonce: Bytes; box: Bytes }

export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length))
}

async function aes(key: Bytes, use: KeyUsage): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use])
}

/** `purpose` binds the box to its place: one cannot stand for another. */
export async function seal(key: Bytes, plain: Bytes, purpose: string): Promise<Sealed> {
  const nonce = random(NONCE)
  const additionalData = new TextEncoder().encode(purpose)
  const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData }, await aes(key, 'encrypt'), plain)
  return { nonce, box: new Uint8Array(box) }
}

/** Null: another key. */
export async function unseal(key: Bytes, sealed: Sealed, purpose: string): Promise<Bytes | null> {
  const additionalData = new TextEncoder().encode(purpose)
  try {
    const iv = sealed.nonce
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, await aes(key, 'decrypt'), sealed.box))
  } catch {
    return null
  }
}

/** A key from a passphrase by PBKDF2. */
export async function pbkdf2(passphrase: string, salt: Bytes): Promise<Bytes> {
  const secret = new TextEncoder().encode(passphrase.normalize('NFKC'))
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }, key, 256)
  return new Uint8Array(bits)
}

/** A key from the 32 bytes of a passkey's PRF. */
export async function fromPrf(prf: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', prf, 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode('gridbook/passkey/1')
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info }, key, 256))
}

/** Whether two texts of bytes are equal, in a time that does not tell where they differ. */
export function same(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (const [i, byte] of a.entries()) difference |= byte ^ (b[i] ?? 0)
  return difference === 0
}
