/** What the worker uses of the package that .ci/wasm.sh makes in src/core/pkg. */
declare module '#pkg' {
  type Bytes = Uint8Array<ArrayBuffer>
  type Sign = (text: Bytes) => Promise<Bytes>
  type OnProgress = (json: string) => void
  interface Recovered { state: 'none' | 'waiting' | 'approved' | 'refused'; key?: Bytes }

  export default function init(options: { module_or_path: string }): Promise<unknown>
  export function install(): Promise<void>
  export function deriveKey(passphrase: string, salt: Bytes): Bytes
  export function ed25519Public(seed: Bytes): Bytes
  export function ed25519Sign(seed: Bytes, message: Bytes): Bytes

  export class Book {
    constructor(name: string, key: Bytes, sign: Sign)
    call(json: string): string
    enrol(server: string, ticket: string, publicKey: Bytes, app: string): Promise<void>
    sync(onProgress: OnProgress): Promise<string>
    attach(record: string, media: string, bytes: Bytes): string
    photo(record: string, sha256: string): Promise<Bytes>
    stop(): void
    exportOutbox(): Bytes
    wipe(): void
    setAside(record: string): void
    recoveryCopy(key: Bytes): Bytes
    free(): void
  }

  export class LockedBook {
    constructor(name: string, sign: Sign)
    prepare(): void
    /** Uses this one up. */
    unlock(key: Bytes): Book
    pending(): number
    photos(): number
    sync(onProgress: OnProgress): Promise<string>
    stop(): void
    exportOutbox(): Bytes
    wipe(): void
    recoveryAsk(copy: Bytes, secret: Bytes): Promise<void>
    recoveryPoll(secret: Bytes): Promise<Recovered>
    free(): void
  }
}

/** Where the build put the core's WebAssembly. */
declare module '#wasm' {
  const url: string
  export default url
}
