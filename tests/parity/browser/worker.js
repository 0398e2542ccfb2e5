// The core in a dedicated worker, asked as every other binding is: see README.md.
import init, { Book, LockedBook, ed25519Public, ed25519Sign, install } from './gridbook_mobile.js'

const books = new Map()
const ready = init({ module_or_path: './gridbook_mobile_bg.wasm' }).then(install)

/** One phone: its keys, and its book open or locked. */
class Phone {
  constructor(name) {
    this.name = name
    this.sign = async (message) => ed25519Sign(this.seed, message)
  }

  get open() {
    if (this.book instanceof Book) return this.book
    throw locked
  }

  get any() {
    if (this.book) return this.book
    throw locked
  }
}

// A locked book has no calls in a browser; what other bindings say then its app says by itself.
const locked = JSON.stringify({ code: 'locked', words: { zh: '已锁定，请先解锁。', en: 'Locked. Unlock it first.' } })
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const bytesOf = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16))

/** A sync, of which there is one. */
async function sync(phone) {
  return JSON.parse(await phone.any.sync(() => undefined))
}

const ops = {
  open(phone, { key, seed }) {
    phone.seed = bytesOf(seed)
    phone.key = bytesOf(key)
    phone.book = new Book(phone.name, phone.key, phone.sign)
  },
  lock(phone) {
    phone.open.free()
    phone.book = new LockedBook(phone.name, phone.sign)
  },
  unlock(phone, { key }) {
    const locked = phone.book
    phone.book = undefined
    phone.key = bytesOf(key)
    try {
      phone.book = locked.unlock(phone.key)
    } finally {
      // The one that was tried is used up.
      phone.book ??= new LockedBook(phone.name, phone.sign)
    }
  },
  is_locked: (phone) => !(phone.book instanceof Book),
  close(phone) {
    phone.any.free()
    phone.book = undefined
  },
  enrol: (phone, { server, ticket }) => phone.open.enrol(server, ticket, ed25519Public(phone.seed), 'scenario'),
  sync,
  begin_sync(phone) {
    phone.syncing = sync(phone)
    // Whoever asks for its end hears of a failure.
    phone.syncing.catch(() => undefined)
  },
  // JavaScript has no tasks that can be cancelled from outside: stop is how it is done.
  async cancel_sync(phone) {
    phone.any.stop()
    await phone.syncing.catch(() => undefined)
    return 'cancelled'
  },
  end_sync: (phone) => phone.syncing,
  stop: (phone) => phone.any.stop(),
  waiting(phone) {
    if (phone.book instanceof LockedBook) return { waiting: phone.book.pending(), photos: phone.book.photos() }
    const { waiting, photos } = called(phone, { op: 'counts' })
    return { waiting, photos }
  },
  attach: (phone, given) => phone.open.attach(given.record, given.media, bytesOf(given.hex)),
  photo: async (phone, { record, sha256 }) => ({ hex: hex(await phone.open.photo(record, sha256)) }),
  export_outbox: (phone) => ({ begins: phone.any.exportOutbox().length > 0 }),
  wipe: (phone) => phone.any.wipe(),
  recovery_copy: (phone) => ({ hex: hex(phone.open.recoveryCopy(phone.key)) }),
  recovery_ask: (phone, { copy, secret }) => phone.book.recoveryAsk(bytesOf(copy), bytesOf(secret)),
  async recovery_poll(phone, { secret }) {
    const { state, key } = await phone.book.recoveryPoll(bytesOf(secret))
    return { state, ...(key ? { hex: hex(key) } : {}) }
  },
}

function called(phone, call) {
  const { ok, error } = JSON.parse(phone.open.call(JSON.stringify(call)))
  if (error) throw JSON.stringify(error)
  return ok
}

onmessage = async ({ data: { id, request } }) => {
  let answer
  try {
    await ready
    const { phone: name, op, args } = request
    if (!books.has(name)) books.set(name, new Phone(name))
    const phone = books.get(name)
    const done = ops[op] ? await ops[op](phone, args ?? {}) : called(phone, { op, ...args })
    answer = { ok: done ?? null }
  } catch (thrown) {
    answer = { error: typeof thrown === 'string' ? { faults: [], ...JSON.parse(thrown) } : { code: 'broken', words: String(thrown?.stack ?? thrown) } }
  }
  postMessage({ id, answer })
}
