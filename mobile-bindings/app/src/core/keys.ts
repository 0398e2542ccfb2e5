/**
 * The phone's signing key. It signs while the book is locked, so no secret of the person releases it;
 * where the browser knows Ed25519 its private half can never be read, not even by the app.
 */
import type { Shelf } from './idb'
import { random, type Bytes } from './seal'

export interface Signer {
  readonly publicKey: Bytes
  sign(text: Bytes): Promise<Bytes>
}

/** Ed25519 of the core, for browsers without. */
export interface CoreEd25519 {
  publicOf(seed: Bytes): Bytes
  sign(seed: Bytes, text: Bytes): Bytes
}

interface Kept {
  publicKey: Bytes
  /** Of the browser, not extractable. */
  pair?: CryptoKeyPair
  /** A seed for the core, under a key of the browser that is not extractable. */
  seed?: { wrap: CryptoKey; nonce: Bytes; box: Bytes }
}

const NAME = 'signing-key'

/** Makes a key and keeps it; an earlier one is lost. */
export async function makeSigner(shelf: Shelf, core: CoreEd25519): Promise<Signer> {
  const kept = await browsersOwn() ?? await coresOwn(core)
  await shelf.put({ [NAME]: kept })
  return signer(kept, core)
}

/** The key made before. */
export async function loadSigner(shelf: Shelf, core: CoreEd25519): Promise<Signer | null> {
  const kept = await shelf.get<Kept>(NAME)
  return kept ? signer(kept, core) : null
}

async function browsersOwn(): Promise<Kept | null> {
  try {
    const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']) as CryptoKeyPair
    return { pair, publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)) }
  } catch {
    return null
  }
}

async function coresOwn(core: CoreEd25519): Promise<Kept> {
  const seed = random(32)
  const wrap = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const nonce = random(12)
  const box = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, wrap, seed))
  return { publicKey: core.publicOf(seed), seed: { wrap, nonce, box } }
}

function signer(kept: Kept, core: CoreEd25519): Signer {
  return {
    publicKey: kept.publicKey,
    async sign(text) {
      if (kept.pair) return new Uint8Array(await crypto.subtle.sign('Ed25519', kept.pair.privateKey, text))
      if (!kept.seed) throw new Error('no signing key')
      const { wrap, nonce, box } = kept.seed
      const seed = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, wrap, box))
      try {
        return core.sign(seed, text)
      } finally {
        seed.fill(0)
      }
    },
  }
}
