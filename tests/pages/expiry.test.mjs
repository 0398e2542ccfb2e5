/**
 * A session that ends while a long form is filled in, and once more as it is sent: after signing in
 * again in the overlay what was typed and chosen is there, and the act is done once.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { findShop, onDuty } from './lib/duty.mjs'
import { longForms } from './lib/long-forms.mjs'
import { Screen } from './lib/screen.mjs'
import { PASSWORD } from './lib/server.mjs'

const GRID = '310112901001001'
const OTHER = '310112901001002'
const DOOR = '梧桐里路 9999 号'
const screens = {}
let server, wang, forms

before(async () => {
  let supervisor, device
  ;({ server, desk: supervisor, wang, device } = await onDuty(GRID, { fronted: true }))
  const desks = { supervisor }
  for (const [name, login] of [['centre', 'linkage-centre.head'], ['admin', 'admin'], ['population', 'population-office.clerk']]) desks[name] = await Desk.signIn(server.url, login)
  forms = longForms(desks, await pairOf(supervisor), await answered(supervisor, device))
})

after(async () => {
  for (const one of [...Object.values(screens), wang, server]) await one?.end()
})

/** Two shops at one door whose names are alike. */
async function pairOf(desk) {
  const pair = (await desk.shops(OTHER)).filter((shop) => shop.conflicts === 0).slice(0, 2)
  for (const [at, values] of [{ sign_name: '顺发百货商店', gas: 'none' }, { sign_name: '顺发百货', gas: 'piped' }].entries()) {
    const edits = Object.entries({ door_no: '梧桐里路90号', ...values }).map(([key, value]) => ({ op: 'set', key, value }))
    const { etag } = await desk.get(`/records/${pair[at].id}`)
    await desk.post(`/records/${pair[at].id}/edits`, { edits: [...edits, { op: 'clear', key: 'unit_no' }], reason: '现场核对' }, { 'if-match': etag })
  }
  return pair
}

/** The number of a spot check whose only door the phone has looked at. */
async function answered(desk, device) {
  const { id } = await desk.post('/checks', { area: OTHER, method: 'street-to-register', per_grid: 1, due_ms: Date.now() + 86_400_000, appeal_days: 3 })
  const listed = await fetch(`${desk.base}/checks/${id}/list`, { method: 'PUT', headers: { cookie: desk.cookie, 'x-csrf-token': desk.csrf, 'content-type': 'text/csv', 'if-match': (await desk.get(`/checks/${id}`)).etag }, body: `grid,door\n${OTHER},${DOOR}\n` })
  assert.ok(listed.ok, `${listed.status} ${await listed.text()}`)
  await desk.post(`/checks/${id}/draw`, { reason: '月度抽查' }, { 'if-match': (await desk.get(`/checks/${id}`)).etag })
  const { inspector } = await desk.get(`/devices/${device.id}`)
  const { code } = await desk.get(`/inspectors/${inspector}`)
  const [door] = (await desk.get(`/checks/${id}/doors`)).rows
  const path = `/checks/${id}/doors/${door.door}`
  if (door.checker !== code) await desk.call('PUT', `${path}/checker`, { checker: code }, { 'if-match': (await desk.get(path)).etag })
  await findShop(wang, DOOR, '新开的店')
  return id
}

/** The page of somebody; signed in once. */
async function at(login) {
  screens[login] ??= await Screen.signIn(server.url, login)
  return screens[login]
}

const FORMS = ['intake of a case', 'upload of a schema', 'an outline', 'a merge, field by field', 'a resident sent back from entry', 'a judgement of a spot check', 'import of a registration list']

for (const [index, name] of FORMS.entries()) {
  test(`${name}: over twice, nothing typed is lost, and it is sent once`, async () => {
    const form = forms[index]
    assert.equal(form.name, name)
    const screen = await at(form.login)
    const { page } = screen
    const over = page.getByRole('dialog', { name: '登录已过期' })
    const had = await form.count()
    await form.fill(screen)
    await screen.settled()
    const typed = await form.typed(screen)
    assert.ok(typed.length > 0 && typed.every((text) => text), JSON.stringify(typed))

    // It ends while one writes: the cover comes by itself, and is used with the keys alone.
    await screen.endSession()
    server.front.cutLive()
    await over.waitFor()
    assert.deepEqual(await screen.axe(), [])
    await page.waitForFunction(() => document.activeElement?.id === 'sign-password')
    await screen.press('Escape')
    await page.keyboard.type(PASSWORD)
    await screen.press('Enter')
    await over.waitFor({ state: 'hidden' })
    assert.deepEqual(await form.typed(screen), typed)

    // And once more as it is sent.
    const answers = []
    const act = new RegExp(`${form.act.replace(/[.?]/g, '\\$&').replace(/\*+/g, '.*')}$`)
    page.on('response', (answer) => { if (answer.request().method() !== 'GET' && act.test(answer.url())) answers.push(answer.status()) })
    await screen.endSessionAt(form.act)
    await form.send(screen)
    await over.waitFor()
    assert.deepEqual(await form.typed(screen), typed)
    await page.waitForFunction(() => document.activeElement?.id === 'sign-password')
    await page.keyboard.type(PASSWORD)
    await screen.press('Enter')
    await form.done(screen)
    assert.equal(await form.count(), had + 1)
    assert.deepEqual([answers.length, answers[0], answers[1] < 300], [2, 401, true])
    page.removeAllListeners('response')
    assert.deepEqual(screen.errors, [])
  })
}
