// What else the package can write is no record, and is refused with its reason.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as Automerge from '@automerge/automerge'
import { Core, Ours, Refused } from './lib/ours.mjs'
import { Theirs } from './lib/theirs.mjs'

const core = new Core()
after(() => core.close())
const actor = '0102030405060001'
const now = 1_796_054_400_123

const refused = [
  ['a string, which is a Text object', (doc) => (doc.sign_name = 'text'), /unknown or misplaced column/],
  ['a nested object', (doc) => (doc.landlord = { floor: 1 }), /unknown or misplaced column/],
  ['an empty object', (doc) => (doc.landlord = {}), /only puts are allowed/],
  ['a list', (doc) => (doc.floors = [1]), /unknown or misplaced column/],
  ['a counter', (doc) => (doc.visits = new Automerge.Counter(1)), /value type is not allowed/],
  ['a Date', (doc) => (doc.seen = new Date(now)), /value type is not allowed/],
  ['a number with a fraction', (doc) => (doc.area = 1.5), /value type is not allowed/],
  ['an unsigned number', (doc) => (doc.area = new Automerge.Uint(1)), /value type is not allowed/],
  ['a key deleted', (doc) => delete doc.door_no, /only puts are allowed/],
  [
    'a register written twice',
    (doc) => {
      doc.area = 1
      doc.area = 2
    },
    /impossible predecessor/,
  ],
  ['a key that is too long', (doc) => (doc['k'.repeat(97)] = 1), /longer than its limit/],
  ['a text that is too long', (doc) => (doc.remark = new Automerge.ImmutableString('x'.repeat(8_193))), /longer than its limit/],
]

let records = 0
/** A record with a door, as both keep it. */
async function begun(by = actor) {
  const theirs = new Theirs(by)
  const ours = new Ours(core, `${++records}`, actor)
  const chunk = theirs.edit([['restore'], ['set', 'door_no', '1']], now)
  await ours.take(chunk)
  return { theirs, ours }
}

const saying = (reason) => (fault) => {
  assert.ok(fault instanceof Refused)
  assert.match(fault.message, reason)
  return true
}

for (const [name, write, reason] of refused) {
  test(`refused: ${name}`, async () => {
    const { theirs, ours } = await begun()
    const before = await ours.show()
    // What an arrow returns would be taken for the document.
    const bad = theirs.change(now, (doc) => void write(doc))
    await assert.rejects(ours.take(bad), saying(reason))
    await assert.rejects(ours.load(theirs.save()), saying(reason))
    assert.deepEqual(await ours.show(), before, 'nothing of it entered')
  })
}

test('refused: of several values the one shown, which the package keeps by deleting the others', async () => {
  const { theirs, ours } = await begun()
  const other = new Theirs('0102030405070001')
  other.load(theirs.save())
  const apart = [theirs.edit([['set', 'door_no', '2']], now), other.edit([['set', 'door_no', '3']], now)]
  for (const chunk of apart) await ours.take(chunk)
  theirs.take(apart[1])
  other.take(apart[0])
  assert.equal(theirs.doc.door_no.val, '3')
  await assert.rejects(ours.take(theirs.edit([['set', 'door_no', '3']], now)), saying(/only puts are allowed/))
  await ours.take(other.edit([['set', 'door_no', '2']], now))
  assert.deepEqual(await ours.show(), other.show())
})

test('refused: an actor that is no device and epoch', async () => {
  await assert.rejects(begun('0102030405060708090a0b0c0d0e0f10'), saying(/not in order/))
})

test('refused: a message, a time before 1970, a change of nothing', async () => {
  const { theirs, ours } = await begun()
  const put = (options) => {
    const doc = Automerge.change(Automerge.clone(theirs.doc, { actor }), options, (doc) => {
      doc.area = 1
    })
    return Automerge.getLastLocalChange(doc)
  }
  await assert.rejects(ours.take(put({ time: now, message: 'why' })), saying(/longer than its limit/))
  await assert.rejects(ours.take(put({ time: -1 })), saying(/wall time out of range/))
  const nothing = Automerge.emptyChange(theirs.doc, { time: now })
  await assert.rejects(ours.take(Automerge.getLastLocalChange(nothing)), saying(/no operations/))
})
