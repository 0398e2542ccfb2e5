// Random lives of a record by two replicas of each kind: who knows the same says the same.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Core, Ours } from './lib/ours.mjs'
import { Theirs, entryId } from './lib/theirs.mjs'

const lives = 40
const steps = 40
const core = new Core()
after(() => core.close())

/** Numbers below `bound` that follow from the seed (mulberry32). */
function dice(seed) {
  let state = seed
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}

/** A value that is nowhere yet, or one that others write too. */
function value(roll, fresh, onlyFresh) {
  const nowhere = [fresh, -fresh, `门牌 ${fresh}`, `${fresh}`.repeat(40), Buffer.from(`${fresh} in 16 bytes`.slice(0, 16))]
  const any = onlyFresh ? nowhere : [null, true, false, 'the same', ...nowhere]
  return any[roll(any.length)]
}

/** Whether a put of the value shown would make the package delete others: see refused.test.mjs. */
const hasSeveral = (replica, key) => replica instanceof Theirs && replica.values(key).length > 1

/** Whether it is there and can be made to be gone. */
async function canGo(replica, key) {
  const { registers } = await replica.show()
  return !hasSeveral(replica, key) && Object.values(registers[key]).some((value) => value !== 'null')
}

test(`${lives} lives of ${steps} steps`, async () => {
  const seen = { several: 0, heads: 0, removed: 0 }
  for (let seed = 1; seed <= lives; seed += 1) {
    const roll = dice(seed)
    const replicas = [1, 2, 3, 4].map((number) => {
      const actor = `01020304050${number}0001`
      const replica = number % 2 ? new Theirs(actor) : new Ours(core, `life ${seed}, ${number}`, actor)
      return { replica, actor, made: 0, known: new Set(), entries: [] }
    })
    // In the order of their making, in which each comes after what its author had seen.
    const changes = []
    const begin = async (who, edits) => {
      changes.push(await who.replica.edit(edits, 1_796_000_000_000 + roll(5_000)))
      who.made += 1
      who.known.add(changes.length - 1)
    }
    const tell = async (from, to) => {
      for (const at of [...from.known].toSorted((a, b) => a - b)) {
        if (!to.known.has(at)) await to.replica.take(changes[at])
        to.known.add(at)
      }
      to.entries = [...new Set([...to.entries, ...from.entries])]
    }
    await begin(replicas[0], [['restore'], ['set', 'door_no', 'first']])
    for (const other of replicas.slice(1)) await tell(replicas[0], other)
    for (let step = 0; step < steps; step += 1) {
      const who = replicas[roll(4)]
      const fresh = seed * 100 + step
      const what = roll(10)
      if (what < 3) await tell(who, replicas[roll(4)])
      else if (what === 3) {
        who.entries.push(`licences.${entryId(who.actor, who.made + 1, 0)}`)
        await begin(who, [['restore'], ['add', 'licences', 0]])
      } else if (what === 4 && who.entries.length > 0) {
        const gone = who.entries.splice(roll(who.entries.length), 1)[0]
        if (!(await canGo(who.replica, gone))) continue
        await begin(who, [['restore'], ['remove', gone]])
        seen.removed += 1
      } else if (what === 5 && (await canGo(who.replica, '_alive'))) {
        await begin(who, [['delete'], ['set', 'remark', `${fresh}`]])
      } else {
        const keys = ['door_no', 'landlord', 'area', 'roles#operator'].slice(0, 1 + roll(4))
        await begin(who, [['restore'], ...keys.map((key) => ['set', key, value(roll, fresh, hasSeveral(who.replica, key))])])
      }
    }
    for (const to of replicas) for (const from of replicas) await tell(from, to)
    const [first, ...others] = await Promise.all(replicas.map(({ replica }) => replica.show()))
    for (const other of others) assert.deepEqual(other, first, `life ${seed}`)
    seen.several += Object.values(first.registers).filter((values) => Object.keys(values).length > 1).length
    seen.heads += first.heads.length > 1 ? 1 : 0

    const whole = [new Ours(core, `life ${seed}, whole`, replicas[0].actor), new Theirs(replicas[1].actor)]
    for (const [at, other] of whole.entries()) {
      await other.load(await replicas[at].replica.save())
      assert.deepEqual(await other.show(), first, `life ${seed}, as a whole`)
    }
  }
  // What is to be compared did occur.
  assert.ok(seen.several > lives && seen.heads > lives / 2 && seen.removed > lives / 2, JSON.stringify(seen))
})
