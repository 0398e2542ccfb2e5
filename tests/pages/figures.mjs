/**
 * The phone app's figures, on 2,000 shops, with the whole browser slowed about four times:
 *   GRIDBOOK=binary node figures.mjs [TIMES SLOWER, 4] [SHOPS, 2000]
 * DEMO=folder takes a street that was made before (gridbook demo --data folder --shops 2000 --no-serve).
 * Times are taken in the page, from the event to the first frame that shows the answer.
 */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { Desk } from './lib/desk.mjs'
import { front } from './lib/front.mjs'
import { cold, keystrokes, fixed, saves } from './lib/measure.mjs'
import { PASSPHRASE, Phone } from './lib/phone.mjs'
import { family, memory, quota } from './lib/quota.mjs'
import { serve } from './lib/server.mjs'

const slower = Number(process.argv[2] ?? 4)
const shops = Number(process.argv[3] ?? 2000)
const STARTS = 5
const rows = []
const MB = 1024 * 1024

function row(work, target, times, unit = 'ms') {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
  const shown = (value) => `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`
  const verdict = target === null ? '' : at(0.95) <= target ? 'MET' : 'MISSED'
  rows.push([work, target === null ? '' : `≤ ${target} ${unit}`, shown(at(0.5)), shown(at(0.95)), times.length, verdict])
}

/** The core's memory is where only its worker sees it. */
const KEEP = `for (const name of ['instantiate', 'instantiateStreaming']) {
  const made = WebAssembly[name]
  WebAssembly[name] = async (...given) => { const it = await made(...given); self.heap = (it.instance ?? it).exports.memory; return it }
}
`

const server = await serve({ shops, data: process.env.DEMO })
const before = await front(server.url)
before.change = (path, body) => (/\/worker-.*\.js$/.test(path) ? Buffer.from(KEEP + body) : body)
const group = quota(1 / slower)
let phone
try {
  const desk = await Desk.signIn(server.url, 'supervisor')
  const { rows: grids } = await desk.get('/grids')
  const ticket = await desk.ticket(grids[0].grid)
  for (const { grid } of grids.slice(1)) {
    const { etag } = await desk.get(`/inspectors/${ticket.inspector.id}`)
    await desk.call('PUT', `/inspectors/${ticket.inspector.id}/grids/${grid}`, { until_ms: null }, { 'if-match': etag })
  }
  phone = await Phone.make(before.url, { patience: 300_000 })
  const free = await fixed(phone.page)
  await phone.enrol(ticket, desk)
  await phone.syncNow()
  await phone.page.evaluate(() => navigator.serviceWorker.ready)
  const { total } = await phone.core('shops', { limit: 1 })
  rows.push(['shops in the book', '', String(total), '', 1, ''])
  await phone.offline(true)

  // A quota of a quarter slows more than four times, by what the kernel and other processes take: it is set
  // by what it does to a computation that is always the same.
  await phone.context.close()
  await phone.launch()
  group?.take(family(phone.folder))
  for (let share = 1 / slower, n = 0; group && n < 6; n += 1) {
    const now = (await fixed(phone.page)) / free
    if (Math.abs(now - slower) < slower / 20) break
    share = Math.min(1, Math.max(1 / slower, share * (now / slower)))
    group.set(share)
  }

  const starts = []
  for (let n = 0; n < STARTS; n += 1) {
    await phone.context.close()
    await phone.launch()
    group?.take(family(phone.folder))
    starts.push(await cold(phone, PASSPHRASE))
  }
  const slowed = await fixed(phone.page)
  rows.push(['a fixed computation, slowed', '', `${(slowed / free).toFixed(2)} times`, '', 5, group ? '' : 'no quota may be set here'])
  row('cold start offline: the page, until it can be unlocked', null, starts.map(({ page }) => page))
  row('… unlocked, until the list can be used', null, starts.map(({ list }) => list))
  row('… of it the passphrase (Argon2id) and opening the book', null, starts.map(({ unlock }) => unlock))
  row('cold start offline, both', 1500, starts.map(({ page, list }) => page + list))
  row('a keystroke in the search, until its result shows', 50, await keystrokes(phone))
  const saved = await saves(phone)
  row('a value saved, until durable and answered', 50, saved.edit)
  row('a visit by one tap, until it shows', 50, saved.tap)
  const [worker] = phone.page.workers()
  row('memory of all the browser’s processes', null, [memory(phone.folder) / MB], 'MB')
  row('… of it the core’s own', null, [(await worker.evaluate(() => self.heap?.buffer.byteLength ?? 0)) / MB], 'MB')
} finally {
  await phone?.end()
  group?.end()
  await before.close()
  await server.end()
}
const app = process.env.PAGES_DIST ?? new URL('../../mobile-bindings/app/dist', import.meta.url).pathname
const files = await readdir(join(app, 'assets'))
const packed = async (wanted) => {
  let sum = 0
  for (const file of files.filter(wanted)) sum += brotliCompressSync(await readFile(join(app, 'assets', file))).length
  return sum / 1000
}
row('the core, with brotli', 900, [await packed((file) => file.endsWith('.wasm'))], 'kB')
row('everything else of the app, with brotli', null, [await packed((file) => /\.(js|css)$/.test(file))], 'kB')
console.log('| work | target | median | 95th | n | verdict |\n| --- | --- | --- | --- | --- | --- |')
for (const cells of rows) console.log(`| ${cells.join(' | ')} |`)
