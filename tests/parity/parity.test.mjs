// Every binding lives the same life, and is answered the same.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { Desk } from '../pages/lib/desk.mjs'
import { alike } from './lib/alike.mjs'
import { bindings } from './lib/bindings.mjs'
import { GRID, keys, play, street } from './lib/play.mjs'

const scenario = JSON.parse(await readFile(new URL('life.json', import.meta.url)))
let place

before(async () => {
  place = await street()
})

after(() => place?.end())

/** Does `work` with a runner of each of these bindings at one server. */
async function at(chosen, work) {
  const server = await place.serve()
  const runners = []
  try {
    for (const [name, make] of chosen) runners.push([name, await make(server.url)])
    return await work(server, runners)
  } finally {
    for (const [, runner] of runners) await runner.end()
    await server.end()
  }
}

let measure
for (const binding of bindings) {
  test(`${binding[0]} lives the scenario`, async () => {
    const answers = await at([binding], (server, [[, runner]]) => play(scenario, server, runner))
    const told = alike(answers)
    measure ??= told
    for (const [step, { where, answer }] of told.entries()) {
      assert.deepEqual(answer, measure[step].answer, `${binding[0]} differs from ${bindings[0][0]}: ${where}`)
    }
  })
}

test('phones of every binding agree on one shop', async () => {
  await at(bindings, async (server, phones) => {
    const desk = await Desk.signIn(server.url, 'supervisor')
    const ask = async ([name, runner], { op, ...args }) => {
      const { ok, error } = await runner.ask({ phone: 'a', op, args })
      assert.equal(error, undefined, `${name}: ${op} ${JSON.stringify(args)}`)
      return ok
    }
    const [{ id: shop }] = await desk.shops(GRID)
    for (const [nth, phone] of phones.entries()) {
      const { link } = await desk.ticket(GRID, nth % 3)
      const ticket = /[#?&]ticket=([^&]+)/.exec(link)[1]
      const { right, seed } = keys()
      await ask(phone, { op: 'open', key: right, seed })
      await ask(phone, { op: 'enrol', server: phone[1].url ?? server.url, ticket })
      await desk.confirm((await ask(phone, { op: 'standing' })).words)
      await ask(phone, { op: 'sync' })
    }
    // Nobody has seen the others' values yet.
    for (const phone of phones) {
      await ask(phone, { op: 'save', kind: 'shop', record: shop, values: { sign_name: `店招 ${phone[0]}` } })
    }
    const everybody = async () => {
      for (const phone of phones) await ask(phone, { op: 'sync' })
    }
    await everybody()
    await server.settle()
    await everybody()
    const seen = []
    for (const phone of phones) seen.push(neutral(await ask(phone, { op: 'record', record: shop })))
    assert.equal(seen[0].fields.sign_name.values.length, phones.length)
    for (const [at, one] of seen.entries()) assert.deepEqual(one, seen[0], `${phones[at][0]} sees another shop`)
    const whole = await desk.get(`/records/${shop}`)
    const values = whole.fields.find(({ key }) => key === 'sign_name').values.map(({ value }) => value)
    assert.deepEqual(values.toSorted(), seen[0].fields.sign_name.values.map(({ value }) => value).toSorted())
  })
})

/** Without who it is that looks, and without members that are null. */
function neutral(value) {
  if (Array.isArray(value)) return value.map(neutral)
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value).filter(([name, each]) => name !== 'own' && each !== null && each !== undefined)
  return Object.fromEntries(members.map(([name, each]) => [name, neutral(each)]))
}
