/**
 * What supervisors do beside deciding one by one, with phones that hear of it: values equal in
 * meaning accepted together, an edit after a decision, a phone's edits set back, held changes
 * released and refused.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { duty } from './lib/duty.mjs'
import { Phone } from './lib/phone.mjs'
import { away, back, quarrel } from './lib/quarrel.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
const OTHER = '310112901001002'
let server, desk, wang, li, inspector, device, screen, page, shops

before(async () => {
  server = await serve({ shops: 96 })
  desk = await Desk.signIn(server.url, 'supervisor')
  wang = await Phone.make(server.url)
  li = await Phone.make(server.url)
  const ticket = await desk.ticket(GRID, 0)
  inspector = ticket.inspector.id
  device = await wang.enrol(ticket, desk)
  await li.enrol(await desk.ticket(GRID, 1), desk)
  shops = (await desk.shops(GRID)).filter((shop) => shop.conflicts === 0).map(({ id }) => id)
  screen = await Screen.signIn(server.url, 'supervisor')
  ;({ page } = screen)
})

after(async () => {
  for (const one of [screen, wang, li, server]) await one?.end()
})

const sign = (phone, shop, sign_name) => [phone, 'shop', shop, { sign_name }]
/** The values that stand of a field, as the console has them. */
async function stand(record, key = 'sign_name') {
  const { fields } = await desk.get(`/records/${record}`)
  return fields.find((field) => field.key === key).values.map(({ value }) => value)
}
/** The phone's page of a shop says so, once it has synced. */
async function shows(phone, shop, label) {
  await phone.syncNow()
  await phone.shop(shop)
  await phone.button(label).first().waitFor()
}
const lit = (text) => page.locator('.queue [aria-current=true]').filter({ hasText: text })

/** Leaves the page and comes back to a tab of Review, which reads anew. */
async function review(tab) {
  await screen.open('overview')
  await page.getByRole('heading', { level: 1, name: '概览' }).waitFor()
  await screen.open(`review/${tab}`)
}

test('conflicts whose values mean the same are accepted together, and no other', async () => {
  const [blank, width, door, name] = shops
  const [party] = (await desk.get(`/records?kind=party&grid=${GRID}&limit=1`)).rows
  await quarrel([
    sign(wang, blank, '顺兴 小馆'), sign(li, blank, '顺兴小馆'),
    sign(wang, width, 'ＫＦＣ（漕宝路店）'), sign(li, width, 'kfc (漕宝路店)'),
    [wang, 'party', party.id, { phone: '021-50000000' }], [li, 'party', party.id, { phone: '02150000000' }],
    // What parts two digits is no mere sign.
    [wang, 'shop', door, { door_no: '梧桐里路 12-3 号' }], [li, 'shop', door, { door_no: '梧桐里路 123 号' }],
    sign(wang, name, '李记面馆'), sign(li, name, '小李面馆'),
  ])
  const { rows } = await desk.get(`/conflicts?grid=${GRID}&limit=200`)
  const alike = rows.filter((row) => row.alike)
  const of = (record) => rows.find((row) => row.record === record)
  assert.deepEqual([blank, width, party.id, door, name].map((record) => of(record).alike), [true, true, true, false, false])
  assert.ok(of(party.id).field.values.every(({ masked }) => masked), 'told of masked values too')

  await screen.open(`review/conflicts?grid=${GRID}`)
  await page.getByRole('button', { name: `标记同义的 ${alike.length} 项` }).click()
  // One that differs is marked beside: it is left, and that is said.
  await screen.press('/')
  await screen.type('小李面馆')
  await screen.press('Enter')
  await page.getByRole('radio', { name: '小李面馆' }).waitFor()
  await screen.press('x', '/')
  await page.keyboard.press('ControlOrMeta+a')
  await screen.press('Delete', 'Enter')
  await page.getByRole('button', { name: `裁定 ${alike.length + 1} 项` }).waitFor()
  await screen.press('Shift+Enter')
  const dialog = page.getByRole('dialog', { name: `裁定 ${alike.length} 项` })
  await dialog.getByText('1 项的值意思不同，请逐项裁定。').waitFor()
  assert.deepEqual(await screen.axe(), [])
  await dialog.getByLabel('理由').fill('写法不同，意思一样')
  await dialog.getByRole('button', { name: `裁定 ${alike.length} 项` }).click()
  await dialog.waitFor({ state: 'hidden' })

  const left = (await desk.get(`/conflicts?grid=${GRID}&limit=200`)).rows.map((row) => row.record)
  assert.deepEqual([blank, width, party.id, door, name].map((record) => left.includes(record)), [false, false, false, true, true])
  assert.equal(left.length, rows.length - alike.length)
  for (const phone of [wang, li]) {
    await shows(phone, blank, /^店招：顺兴 ?小馆 主管裁定/)
    await shows(phone, width, /^店招：(ＫＦＣ|kfc).* 主管裁定/)
  }
})

test('an edit that comes after a decision shows as such, and is decided again', async () => {
  const name = shops[3]
  await away(li)
  await desk.decide(name, 'sign_name', '李记面馆', '看了执照')
  await li.core('save', { kind: 'shop', record: name, values: { sign_name: '老李面馆' } })
  await back(li)
  await review(`conflicts?grid=${GRID}&state=contested`)
  await lit('裁定后又有新值').waitFor()
  await page.getByText('裁定之后又来了没见过裁定的修改。').waitFor()
  const value = (text) => page.getByRole('radio', { name: text })
  await value('李记面馆').getByText('已裁定', { exact: true }).waitFor()
  await value('老李面馆').getByText('裁定之后', { exact: true }).waitFor()
  assert.deepEqual(await screen.axe(), [])
  await screen.press('h')
  const history = page.getByRole('dialog')
  await history.locator('.change').filter({ hasText: '老李面馆' }).getByText('裁定之后', { exact: true }).waitFor()
  await screen.press('Escape')
  await history.waitFor({ state: 'hidden' })
  await screen.press((await value('老李面馆').getAttribute('aria-label')).split(' ')[0], 'r')
  await screen.type('换了招牌')
  await screen.press('Enter')
  await page.getByText('已裁定「店招」为老李面馆').waitFor()
  for (const phone of [wang, li]) await shows(phone, name, /^店招：老李面馆 主管裁定/)
})

test('what a phone wrote since a time is counted, then set back; what others wrote since stays', async () => {
  const mine = shops.slice(4, 7)
  const before = await Promise.all(mine.map(async (id) => (await stand(id))[0]))
  // Times are chosen by the second: what was sent before is not of this one.
  const last = Math.floor(Date.now() / 1000)
  await page.waitForFunction((last) => Math.floor(Date.now() / 1000) > last, last)
  const since = new Date()
  await quarrel(mine.map((id, n) => sign(wang, id, `乱填 ${n + 1}`)))
  await li.syncNow()
  await quarrel([sign(li, mine[2], '改对了')])

  await screen.open('review/revert')
  const form = page.locator('main form')
  const act = form.getByRole('button', { name: /撤回/ })
  assert.equal(await act.isDisabled(), true)
  await screen.pick(form, '手机', `${device.name} · ${device.id.slice(-4)}`)
  const time = form.getByRole('combobox', { name: '自何时起' })
  const two = (n) => String(n).padStart(2, '0')
  await time.fill(`${since.getFullYear()}-${two(since.getMonth() + 1)}-${two(since.getDate())} ${two(since.getHours())}:${two(since.getMinutes())}:${two(since.getSeconds())}`)
  await screen.press('Enter')
  await page.getByText('将撤回 2 条档案的 2 项。 后来有人改过的 1 项不动。').waitFor()
  assert.deepEqual(await Promise.all(mine.map(async (id) => (await stand(id))[0])), ['乱填 1', '乱填 2', '改对了'], 'nothing is written by looking')
  assert.deepEqual(await screen.axe(), [])
  await form.getByRole('button', { name: '撤回 2 项' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('理由').fill('试用期误录')
  await dialog.getByRole('button', { name: '撤回 2 项' }).click()
  await page.getByText('2 条档案的 2 项已撤回，1 项因后来有人改过而保留。').waitFor()
  await page.getByText('自那时起没有可撤回的。').waitFor()
  assert.deepEqual(await Promise.all(mine.map(async (id) => (await stand(id))[0])), [before[0], before[1], '改对了'])

  // It stands in the history as a change like any other, with what it replaced.
  await screen.open(`records/${mine[0]}`)
  await page.getByRole('button', { name: '全部记录' }).click()
  const undone = page.locator('.change').filter({ has: page.locator('del', { hasText: '乱填 1' }) })
  await undone.locator('ins').getByText(before[0]).waitFor()
  await undone.getByText('试用期误录').waitFor()
  for (const phone of [wang, li]) {
    await shows(phone, mine[1], `店招：${before[1]}`)
    await shows(phone, mine[2], '店招：改对了')
  }
})

test('of two held changes one is released and one refused; the phone says each in words', async () => {
  const [good, bad] = shops.slice(7, 9)
  await away(wang)
  for (const [id, text] of [[good, '张记新店'], [bad, '看错的店']]) await wang.core('save', { kind: 'shop', record: id, values: { sign_name: text } })
  await duty(desk, inspector, 'PUT', OTHER)
  await duty(desk, inspector, 'DELETE', GRID)
  await back(wang)
  await duty(desk, inspector, 'PUT', GRID)
  await wang.syncNow()
  await wang.go('tasks', wang.page.getByText(/已送达，因该记录的网格已不归您待主管处理，不用重填。/))

  await review('held')
  const row = (text) => page.locator('.el-table__row').filter({ hasText: text })
  await row('张记新店').getByText('该网格已不归此巡查员').waitFor()
  await row('张记新店').getByRole('button', { name: '放行' }).click()
  const releasing = page.getByRole('dialog', { name: /^放行/ })
  await releasing.getByLabel('理由').fill('电话核实')
  await releasing.getByRole('button', { name: '放行' }).click()
  await page.getByRole('status').filter({ hasText: /已放行/ }).waitFor()
  await row('张记新店').waitFor({ state: 'detached' })

  // Another supervisor is faster: that is told, and the reason stays.
  await row('看错的店').getByRole('button', { name: '退回' }).click()
  const refusing = page.getByRole('dialog', { name: /^退回/ })
  await refusing.getByLabel('理由').fill('店招看错了')
  const { rows } = await desk.get('/held')
  const third = rows.find((one) => one.record === bad)
  await desk.post(`/held/${third.id}/refuse`, { reason: '不是这家' }, { 'if-match': `"v${third.version}"` })
  await refusing.getByRole('button', { name: '退回' }).click()
  await refusing.getByRole('alert').waitFor()
  assert.equal(await refusing.getByLabel('理由').inputValue(), '店招看错了')
  await screen.press('Escape')
  await page.getByText('没有待处理的修改').waitFor()
  await review('refused')
  await row('看错的店').getByText('主管已退回').waitFor()

  await wang.syncNow()
  await wang.go('tasks', wang.page.getByText(/「店招」未接收：主管退回。改正后重发。/))
  assert.equal(await wang.page.getByText(/待主管处理，不用重填/).count(), 0)
  await shows(wang, good, '店招：张记新店')
  assert.deepEqual(await stand(good), ['张记新店'])
  assert.deepEqual([...screen.errors, ...wang.errors, ...li.errors], [])
})
