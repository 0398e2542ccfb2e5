// Records as the JavaScript package of Automerge keeps them, written the way docs/PROTOCOL.md asks:
// scalars at the root, texts as ImmutableString, nothing deleted, presence rewritten by every edit.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import * as Automerge from '@automerge/automerge'
import { spoken } from './ours.mjs'

/** A replica whose record is a document of the package. */
export class Theirs {
  constructor(actor) {
    this.actor = actor
    this.doc = Automerge.init({ actor })
  }

  /** Commits edits and returns the change. */
  edit(edits, now) {
    const puts = new Map()
    const seq = this.seq() + 1
    for (const [what, key, value] of edits) {
      const begun = what === 'add' && `${key}.${entryId(this.actor, seq, value)}`
      if (what === 'set') puts.set(key, value)
      if (what === 'add') puts.set(begun, this.fresh(begun, now))
      if (what === 'remove') puts.set(key, null)
      if (what === 'delete') puts.set('_alive', null)
      if (what === 'restore') puts.set('_alive', this.fresh('_alive', now))
    }
    const entries = [...puts.keys()].map((key) => key.split('.')).filter((parts) => parts.length === 3)
    for (const key of ['_alive', ...entries.map(([group, id]) => `${group}.${id}`)]) {
      if (puts.has(key)) continue
      const values = this.values(key)
      // A presence in conflict is for a person to settle.
      if (!values.includes(null)) puts.set(key, this.fresh(key, now))
    }
    return this.change(now, (doc) => {
      for (const [key, value] of puts) doc[key] = written(value)
    })
  }

  /** Whatever `write` does to the document, as one change. */
  change(now, write) {
    this.doc = Automerge.change(this.doc, { time: now }, write)
    return Automerge.getLastLocalChange(this.doc)
  }

  /** A time that differs from every visible one: a put of an equal value makes no operation. */
  fresh(key, now) {
    return Math.max(now, ...this.values(key).filter((value) => value !== null).map((time) => time + 1))
  }

  /** All values of a register as JavaScript has them. */
  values(key) {
    const several = Automerge.getConflicts(this.doc, key)
    if (several) return Object.values(several)
    return key in this.doc ? [this.doc[key]] : []
  }

  take(chunk) {
    ;[this.doc] = Automerge.applyChanges(this.doc, [chunk])
  }

  load(document) {
    this.doc = Automerge.load(document, { actor: this.actor })
  }

  save() {
    return Automerge.save(this.doc)
  }

  /** The author's count of changes. */
  seq() {
    const own = Automerge.getAllChanges(this.doc).map(Automerge.decodeChange)
    return own.filter((change) => change.actor === this.actor).length
  }

  /** Heads and every register with all its values, by operation. */
  show() {
    const registers = {}
    for (const key of Object.keys(this.doc).sort()) {
      // `getConflicts` says nothing of a single value, and hands out an ImmutableString as the string
      // that a Text would be as well: operations and types are asked for one level further down.
      const typed = Automerge.getBackend(this.doc).getAll('_root', key)
      for (const [type] of typed) assert.ok(types.has(type), `${type} is in no record`)
      const values = Automerge.getConflicts(this.doc, key) ?? { [typed[0][2]]: this.doc[key] }
      assert.equal(Object.keys(values).length, typed.length)
      registers[key] = Object.fromEntries(Object.entries(values).map(([op, value]) => [op, spoken(plain(value))]))
    }
    return { heads: Automerge.getHeads(this.doc).toSorted(), registers }
  }
}

/** The id of the `index`-th entry that an actor's `seq`-th change of a record begins. */
export function entryId(actor, seq, index) {
  const input = Buffer.alloc(20)
  input.write(actor, 'hex')
  input.writeBigUInt64BE(BigInt(seq), 8)
  input.writeUInt32BE(index, 16)
  return createHash('sha256').update(input).digest().subarray(0, 8).toString('base64url')
}

const written = (value) => (typeof value === 'string' ? new Automerge.ImmutableString(value) : value)

const plain = (value) => (Automerge.isImmutableString(value) ? value.val : value)

const types = new Set(['null', 'boolean', 'int', 'str', 'bytes'])
