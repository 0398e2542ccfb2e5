// Plays the scenario with one binding against a server of its own, and keeps what was answered.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Desk } from '../../pages/lib/desk.mjs'
import { serve } from '../../pages/lib/server.mjs'
import { within } from './within.mjs'

export const GRID = '310112901001001'

/** A street that every server of a test begins with: made once, copied for each. */
export async function street() {
  const folder = await mkdtemp(join(tmpdir(), 'gridbook-scenario-'))
  const made = await serve({ data: join(folder, 'street') })
  await made.stop()
  await made.end()
  return {
    async serve() {
      const data = await mkdtemp(join(folder, 'data-'))
      await cp(join(folder, 'street'), data, { recursive: true })
      return serve({ data })
    },
    end: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The same for everybody: as large as a small photo, and of the type that it says. */
export function photo() {
  const bytes = Buffer.alloc(30_000)
  for (let at = 0, state = 7; at < bytes.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  Buffer.from('ffd8ffe000104a46494600', 'hex').copy(bytes)
  return bytes.toString('hex')
}

/** What a phone opens its book with, and a key that opens nothing. */
export function keys() {
  const hex = () => randomBytes(32).toString('hex')
  return { right: hex(), wrong: hex(), seed: hex() }
}

const at = (value, path) => path.split('.').filter(Boolean).reduce((found, name) => found?.[name], value)

/** What is done beside the phones: at the console, and to the server. */
class Beside {
  constructor(server, desk, kept) {
    Object.assign(this, { server, desk, kept })
  }

  async ticket({ nth, keep }) {
    const { link } = await this.desk.ticket(GRID, nth)
    this.kept[keep] = /[#?&]ticket=([^&]+)/.exec(link)[1]
  }

  confirm({ words }) {
    return this.desk.confirm(words)
  }

  decide({ record, key, value }) {
    return this.desk.decide(record, key, value, '看了执照')
  }

  revoke({ device }) {
    return this.desk.post(`/devices/${device}/revoke`, { reason: '手机遗失' })
  }

  async held({ record }) {
    const { rows } = await this.desk.get('/held')
    assert.equal(rows.filter((row) => row.record === record).length, 1)
  }
}

/** The answers, in order: `{say, ask, ok}` or `{say, ask, error}`. */
export async function play(scenario, server, runner) {
  const desk = await Desk.signIn(server.url, 'supervisor')
  const kept = { server: runner.url ?? server.url, grid: GRID, photo: photo() }
  const beside = new Beside(server, desk, kept)
  const filled = (value) =>
    JSON.parse(JSON.stringify(value), (_, each) =>
      typeof each === 'string' && each.startsWith('$') ? kept[each.slice(1)] : each)
  const answers = []
  let say = ''
  let up = true
  const owned = {}
  for (const step of scenario) {
    say = step.say ?? say
    const { desk: deed, server: state, on, ask, gives, fails, keep } = filled(step)
    if (deed) await within(beside[deed](filled(step)), `${say}: ${deed}`)
    if (state) await within(server[state](), `${say}: server ${state}`)
    up = { kill: false, hold: false, resume: true, release: true }[state] ?? up
    if (!ask) continue
    // What others sent is to be there.
    if (ask.op === 'sync' && up) await within(server.settle(), `${say}: settle`)
    const { op, ...args } = ask
    const own = (owned[on] ??= keys())
    if (op === 'open') args.seed = own.seed
    if (args.key in own) args.key = own[args.key]
    const answer = await runner.ask({ phone: on, op, args })
    const where = `${say}: ${JSON.stringify({ on, ...ask }).slice(0, 300)}`
    if (fails) assert.equal(answer.error?.code, fails, `${where} answers ${JSON.stringify(answer).slice(0, 600)}`)
    else assert.equal(answer.error, undefined, where)
    if (gives !== undefined) holds(answer.ok, gives, where)
    for (const [name, path] of Object.entries(keep ?? {})) kept[name] = at(answer.ok, path)
    answers.push({ where, answer })
  }
  return answers
}

/** `value` has at least what is wanted of it. */
function holds(value, wanted, where) {
  if (wanted === null || typeof wanted !== 'object' || Array.isArray(wanted)) return assert.deepEqual(value, wanted, where)
  for (const [name, each] of Object.entries(wanted)) holds(value?.[name], each, `${where} ${name}`)
}
