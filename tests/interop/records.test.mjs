// A record by Automerge's JavaScript package is one of ours, and ours is one of its documents.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as Automerge from '@automerge/automerge'
import { Core, Ours } from './lib/ours.mjs'
import { Theirs, entryId } from './lib/theirs.mjs'

const core = new Core()
after(() => core.close())

const now = 1_796_054_400_123
const actors = ['0102030405060001', '0102030405070001', 'fe00000000010001', 'ff00000000010001']
let records = 0
const ours = (actor) => new Ours(core, `record ${++records}`, actor)

/** One value of every type of field, and those at the edge of their encoding. */
const everyField = {
  sign_name: '老李修车铺',
  remark: '二楼有人住。\nSecond line, 🚲 and a zero \u0000.',
  empty: '',
  floor: -2,
  nothing: 0,
  area: 123_456_789_012_345,
  least: -9_007_199_254_740_991,
  opened: '2026-11-23',
  trade: 'F5211',
  'roles#operator': true,
  fenced: false,
  phone: '13800000000',
  id_card: '11010119900307561X',
  uscc: '91350100M000100Y43',
  place: new Uint8Array([0x12, 0x34, 0x56, 0x78, 0xff, 0xff, 0xff, 0xff]),
  photo: new Uint8Array(32).fill(0xa5),
  party: new Uint8Array(16).fill(1),
  no_bytes: new Uint8Array(),
  seen_ms: now,
  cleared: null,
}
const setAll = Object.entries(everyField).map(([key, value]) => ['set', key, value])

/** Both say the same of the record: heads, and every value of every register with its operation. */
async function same(one, other) {
  assert.deepEqual(await one.show(), await other.show())
}

for (const [name, write, read] of [
  ['theirs is read by ours', (actor) => new Theirs(actor), ours],
  ['ours is read by theirs', ours, (actor) => new Theirs(actor)],
]) {
  test(`${name}: every type of value, an entry, a removal`, async () => {
    const writer = write(actors[0])
    const reader = read(actors[1])
    const licence = `licences.${entryId(actors[0], 1, 0)}`
    const chunks = [
      await writer.edit([['restore'], ...setAll, ['add', 'licences', 0], ['set', `${licence}.number`, 'JY-1']], now),
      await writer.edit([['set', `${licence}.expires`, '2027-01-31'], ['set', 'sign_name', null]], now + 1),
      await writer.edit([['remove', licence]], now + 2),
      await writer.edit([['delete']], now + 3),
    ]
    for (const chunk of chunks) await reader.take(chunk)
    await same(writer, reader)
    const { heads, registers } = await reader.show()
    assert.equal(heads.length, 1)
    assert.equal(Object.keys(registers).length, setAll.length + 4)
    assert.deepEqual(Object.values(registers._alive), ['null'])
    assert.deepEqual(Object.values(registers[licence]), ['null'])
    assert.deepEqual(Object.values(registers.area), [{ int: everyField.area }])
    assert.deepEqual(Object.values(registers.remark), [{ text: everyField.remark }])
  })

  test(`${name}: a document as a whole`, async () => {
    const writer = write(actors[0])
    await writer.edit([['restore'], ...setAll], now)
    await writer.edit([['set', 'sign_name', 'another']], now)
    const reader = read(actors[1])
    await reader.load(await writer.save())
    await same(writer, reader)
  })

  test(`${name}: four who had not seen each other, then a decision`, async () => {
    const first = write(actors[0])
    const others = [read(actors[1]), write(actors[2]), read(actors[3])]
    const base = await first.edit([['restore'], ['set', 'door_no', '1'], ['set', 'landlord', 'A']], now)
    for (const other of others) await other.take(base)
    const apart = [
      await first.edit([['set', 'door_no', 'first'], ['set', 'landlord', 'B']], now + 1),
      await others[0].edit([['set', 'door_no', 'second'], ['set', 'landlord', 'B']], now + 1),
      await others[1].edit([['set', 'door_no', null]], now + 1),
      await others[2].edit([['delete']], now + 1),
    ]
    // Each hears of the others in another order.
    const all = [first, ...others]
    for (const [at, replica] of all.entries()) {
      for (const turn of [3, 1, 2]) await replica.take(apart[(at + turn) % 4])
    }
    for (const other of others) await same(first, other)
    const { heads, registers } = await first.show()
    assert.equal(heads.length, 4)
    assert.deepEqual(new Set(Object.values(registers.door_no)), new Set([{ text: 'first' }, { text: 'second' }, 'null']))
    assert.equal(Object.keys(registers.landlord).length, 2, 'equal values are two operations')
    assert.equal(Object.values(registers._alive).filter((value) => value === 'null').length, 1)

    const decision = await others[2].edit([['set', 'door_no', 'decided'], ['restore']], now + 2)
    for (const replica of [first, others[0], others[1]]) await replica.take(decision)
    for (const other of others) await same(first, other)
    const decided = await first.show()
    assert.deepEqual(Object.values(decided.registers.door_no), [{ text: 'decided' }])
    assert.equal(Object.keys(decided.registers._alive).length, 1)
  })
}

test('a record that went through both comes back as it was', async () => {
  const begun = new Theirs(actors[0])
  await begun.edit([['restore'], ...setAll], now)
  const apart = new Theirs(actors[1])
  apart.load(begun.save())
  await begun.edit([['set', 'door_no', 'one']], now + 1)
  apart.take(await apart.edit([['set', 'door_no', 'two']], now + 1))
  begun.take(Automerge.getLastLocalChange(apart.doc))
  const record = ours(actors[2])
  await record.load(begun.save())
  const back = new Theirs(actors[3])
  back.load(await record.save())
  await same(begun, back)
  const bytes = (replica) => Automerge.getAllChanges(replica.doc).map((chunk) => Buffer.from(chunk).toString('hex'))
  assert.deepEqual(bytes(back).toSorted(), bytes(begun).toSorted(), 'every change, byte for byte')

  const again = ours(actors[2])
  await again.load(back.save())
  await same(record, again)
})

test('of several values the one shown is settled by clearing the register and writing it again', async () => {
  const replicas = [new Theirs(actors[0]), new Theirs(actors[1])]
  const record = ours(actors[2])
  const base = replicas[0].edit([['restore']], now)
  replicas[1].take(base)
  const made = replicas.map((replica, at) => replica.edit([['set', 'door_no', `${at}`]], now + 1))
  replicas[0].take(made[1])
  for (const chunk of [base, ...made]) await record.take(chunk)
  const cleared = replicas[0].edit([['set', 'door_no', null]], now + 2)
  const chosen = replicas[0].edit([['set', 'door_no', '1']], now + 3)
  for (const chunk of [cleared, chosen]) await record.take(chunk)
  await same(replicas[0], record)
  assert.deepEqual(Object.values((await record.show()).registers.door_no), [{ text: '1' }])
})
