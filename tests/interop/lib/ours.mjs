// Records as sync-core keeps them, in a program of their own (tests/src/bin/interop), which the
// environment names. One request a line, one answer a line.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export class Refused extends Error {}

/** The program, until it is closed. */
export class Core {
  #child = spawn(process.env.INTEROP, [], { stdio: ['pipe', 'pipe', 'inherit'] })
  #lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()

  async ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error('the program for our records has ended')
    const answer = JSON.parse(value)
    if (answer.refused !== undefined) throw new Refused(answer.refused)
    return answer
  }

  close() {
    this.#child.stdin.end()
  }
}

/** A replica whose record is ours. */
export class Ours {
  constructor(core, name, actor) {
    Object.assign(this, { core, on: name, actor })
  }

  async edit(edits, now) {
    const spoken = edits.map(spokenEdit)
    const made = await this.core.ask({ do: 'edit', on: this.on, actor: this.actor, now, edits: spoken })
    return Buffer.from(made.chunk, 'base64')
  }

  take(chunk) {
    return this.core.ask({ do: 'take', on: this.on, chunk: base64(chunk) })
  }

  load(document) {
    return this.core.ask({ do: 'load', on: this.on, document: base64(document) })
  }

  async save() {
    return Buffer.from((await this.core.ask({ do: 'save', on: this.on })).document, 'base64')
  }

  /** Heads and every register with all its values, by operation. */
  async show() {
    return this.core.ask({ do: 'show', on: this.on })
  }
}

const base64 = (bytes) => Buffer.from(bytes).toString('base64')

function spokenEdit([what, ...rest]) {
  if (what === 'set') return { set: [rest[0], spoken(rest[1])] }
  if (what === 'add') return { add: rest }
  if (what === 'remove') return { remove: rest[0] }
  return what
}

/** A plain value with its type. */
export function spoken(value) {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return { bool: value }
  if (typeof value === 'number') return { int: value }
  if (typeof value === 'string') return { text: value }
  return { bytes: base64(value) }
}
