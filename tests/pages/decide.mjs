/**
 * How long a practised supervisor takes for a conflict, by keys alone at a person's pace:
 *   GRIDBOOK=binary node decide.mjs [CONFLICTS, 20]
 * The pace is set: 1.5 s to read what lies on the desk, 0.2 s a key; the value, Enter. What is measured
 * is the time from one conflict shown to the next one shown, and the page's own part of it, from the
 * Enter to the first frame with the next one. Beside each, in turns, the same decision by a bare call.
 */
import { Desk } from './lib/desk.mjs'
import { Phone } from './lib/phone.mjs'
import { quarrel } from './lib/quarrel.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
const READING = 1_500
const KEY = 200
const TARGET = 5_000
const wanted = Number(process.argv[2] ?? 20)

const server = await serve({ shops: 400 })
const phones = []
let screen

/** One conflict of signs more than the page decides, so that a next one comes, and of units for the bare calls, by two phones without signal. */
async function quarrels(desk) {
  const shops = (await desk.shops(GRID)).filter((shop) => shop.conflicts === 0).slice(0, wanted + 1)
  if (shops.length <= wanted) throw new Error(`${shops.length} shops`)
  for (const nth of [0, 1]) {
    phones.push(await Phone.make(server.url))
    await phones[nth].enrol(await desk.ticket(GRID, nth), desk)
  }
  const of = (phone, at) => shops.flatMap(({ id }, n) => [
    [phone, 'shop', id, { sign_name: `${['梧桐', '老街'][at]}小馆 ${n + 1} 号` }], [phone, 'shop', id, { unit_no: `${n + 1}${'甲乙'[at]}` }],
  ])
  await quarrel(phones.flatMap(of))
  for (const phone of phones.splice(0)) await phone.end()
  return shops
}

/** Conflicts of signs in the grid; the street has some of its own. */
const signs = async (desk) => (await desk.get(`/conflicts?grid=${GRID}&kind=shop&key=sign_name&limit=1`)).total

try {
  const desk = await Desk.signIn(server.url, 'supervisor')
  const shops = await quarrels(desk)
  const waiting = await signs(desk)
  screen = await Screen.signIn(server.url, 'supervisor')
  const { page } = screen
  await screen.open(`review/conflicts?grid=${GRID}&kind=shop&key=sign_name`)
  await page.getByRole('radio').first().waitFor()
  await screen.press('r')
  await screen.type('现场核对')
  await screen.press('Escape')
  await page.evaluate(() => {
    window.marks = { from: [performance.now()], enter: [], shown: [] }
    addEventListener('keydown', ({ key }) => { if (key === 'Enter') window.marks.enter.push(performance.now()) }, true)
    let before = document.querySelector('.values')?.getAttribute('aria-label')
    new MutationObserver(() => {
      const now = document.querySelector('.values')?.getAttribute('aria-label')
      if (now === before || !document.querySelector('[role=radio]')) return
      before = now
      // A frame later it is on the screen.
      requestAnimationFrame(() => setTimeout(() => window.marks.shown.push(performance.now())))
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label'] })
  })
  const bare = []
  for (let n = 0; n < wanted; n += 1) {
    await page.waitForTimeout(READING)
    for (const key of ['1', 'Enter']) {
      await page.waitForTimeout(KEY)
      await page.keyboard.press(key)
    }
    await page.waitForFunction((n) => window.marks.shown.length > n, n)
    const path = `/conflicts/${shops[n].id}/unit_no`
    const one = await desk.get(path)
    const { change } = one.field.values[0].by[0]
    const begun = performance.now()
    await desk.post(`${path}/decision`, { change, reason: '现场核对' }, { 'if-match': one.etag })
    bare.push(performance.now() - begun)
    // The person's next look begins here, not while the other call was made.
    await page.evaluate(() => window.marks.from.push(performance.now()))
  }
  const { from, enter, shown } = await page.evaluate(() => window.marks)
  const next = shown.map((at, n) => at - from[n])
  const own = shown.map((at, n) => at - enter[n])
  const gone = waiting - await signs(desk)
  if (next.length !== wanted || gone !== wanted) throw new Error(`${next.length} shown, ${gone} decided`)
  const row = (work, target, times) => {
    const sorted = times.toSorted((a, b) => a - b)
    const part = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
    const words = (ms) => `${ms >= 100 ? Math.round(ms) : ms.toFixed(1)} ms`
    const verdict = target === null ? '' : part(0.95) <= target ? 'MET' : 'MISSED'
    return [work, target === null ? '' : `≤ ${target} ms`, words(part(0.5)), words(part(0.95)), times.length, verdict]
  }
  console.log('| work | target | median | 95th | n | verdict |\n| --- | --- | --- | --- | --- | --- |')
  for (const cells of [
    row(`a conflict decided by two keys, ${READING} ms reading and ${KEY} ms a key in it, until the next shows`, TARGET, next),
    row('… of it from the Enter until the next shows', null, own),
    row('the same decision by a bare call, in turns with them', null, bare),
  ]) console.log(`| ${cells.join(' | ')} |`)
} finally {
  for (const one of [screen, ...phones]) await one?.end()
  await server.end()
}
