/** A passkey whose PRF gives 32 bytes that never leave this phone. */
import type { Bytes } from './seal'

/** The extension's results as WebAuthn level 3 has them. */
interface Results { prf?: { enabled?: boolean; results?: { first?: BufferSource } } }

const LIFE_MS = 60_000

function bytes(source: BufferSource): Bytes {
  return source instanceof ArrayBuffer ? new Uint8Array(source) : new Uint8Array(source.buffer.slice(source.byteOffset, source.byteOffset + source.byteLength) as ArrayBuffer)
}

function first(credential: Credential | null): Bytes | null {
  const results = (credential as PublicKeyCredential | null)?.getClientExtensionResults() as Results | undefined
  const found = results?.prf?.results?.first
  return found ? bytes(found) : null
}

/** Whether the browser could make one here. */
export async function passkeyPossible(): Promise<boolean> {
  const api = window.PublicKeyCredential as (typeof PublicKeyCredential & {
    getClientCapabilities?: () => Promise<Record<string, boolean>>
  }) | undefined
  if (!api) return false
  try {
    const known = await api.getClientCapabilities?.()
    if (known && known['extension:prf'] === false) return false
    return await api.isUserVerifyingPlatformAuthenticatorAvailable()
  } catch {
    return false
  }
}

/** Makes one for `label`; null: given up, or it has no PRF. */
export async function makePasskey(label: string): Promise<{ prf: Bytes; id: Bytes; salt: Bytes } | null> {
  const salt = crypto.getRandomValues(new Uint8Array(32))
  try {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rp: { name: '网格台账 Gridbook' },
        user: { id: crypto.getRandomValues(new Uint8Array(16)), name: label, displayName: label },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -8 }, { type: 'public-key', alg: -257 }],
        authenticatorSelection: { authenticatorAttachment: 'platform', residentKey: 'preferred', userVerification: 'required' },
        timeout: LIFE_MS,
        extensions: { prf: { eval: { first: salt } } },
      },
    }) as PublicKeyCredential | null
    if (!made) return null
    const id = new Uint8Array(made.rawId)
    // Some make the PRF's bytes only when the passkey is used.
    const prf = first(made) ?? await usePasskey({ id, salt })
    return prf ? { prf, id, salt } : null
  } catch {
    return null
  }
}

/** Asks for the passkey; null: given up. */
export async function usePasskey(known: { id: Bytes; salt: Bytes }): Promise<Bytes | null> {
  try {
    return first(await navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials: [{ type: 'public-key', id: known.id }],
        userVerification: 'required',
        timeout: LIFE_MS,
        extensions: { prf: { eval: { first: known.salt } } },
      },
    }))
  } catch {
    return null
  }
}
