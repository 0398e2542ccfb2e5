/** Stands for the core's package in unit tests: what its file holds, and what was done to it. */
export const disk = {
  enrolled: false, key: '', pending: 0, photos: 0, wiped: false, aside: [] as string[], open: 0, refuse: null as string | null,
  panics: '', recovered: null as Uint8Array<ArrayBuffer> | null,
}

class Handle {
  constructor() {
    // One connection at a time: SQLite's in the browser takes no second.
    if (disk.open > 0) throw new Error('opened twice')
    disk.open += 1
  }
  free() { disk.open -= 1 }
  stop() { /* nothing goes on */ }
  exportOutbox() { return new Uint8Array(disk.pending) }
  wipe() { disk.wiped = true }
  sync() {
    disk.pending = 0
    return Promise.resolve(JSON.stringify({ complete: true, wiped: false }))
  }
}
export class Book extends Handle {
  constructor(_name: string, key: Uint8Array) {
    super()
    if (disk.key !== '' && disk.key !== String(key)) throw new Error('another key')
    disk.key = String(key)
  }
  enrol() {
    if (disk.refuse) return Promise.reject(disk.refuse)
    disk.enrolled = true
    return Promise.resolve()
  }
  call(json: string) {
    const { op, record } = JSON.parse(json) as { op: string; record?: string }
    if (record && record === disk.panics) throw new WebAssembly.RuntimeError('unreachable')
    return JSON.stringify({ ok: op === 'counts' ? { waiting: disk.pending, photos: disk.photos } : {} })
  }
  setAside(record: string) { disk.aside.push(record) }
  recoveryCopy(key: Uint8Array<ArrayBuffer>) { disk.recovered = new Uint8Array(key); return new Uint8Array(80) }
}
export class LockedBook extends Handle {
  prepare() { /* nothing to do */ }
  unlock(key: Uint8Array) { this.free(); return new Book('', key) }
  constructor() {
    super()
    if (!disk.enrolled) { disk.open -= 1; throw JSON.stringify({ code: 'not-enrolled', words: { zh: '', en: '' } }) }
  }
  pending() { return disk.pending }
  photos() { return disk.photos }
  recoveryAsk() { return Promise.resolve() }
  recoveryPoll() { return Promise.resolve({ state: 'approved', key: disk.recovered }) }
}

export default function init(_options: { module_or_path: string }): Promise<void> { return Promise.resolve() }
export function install(): Promise<void> { return Promise.resolve() }
export function deriveKey(text: string, salt: Uint8Array) {
  return new Uint8Array([...new TextEncoder().encode(text.padEnd(16)).slice(0, 16), ...salt])
}
export const ed25519Public = () => new Uint8Array(32)
export const ed25519Sign = () => new Uint8Array(64)
