/** Phones, grids, accounts and rosters, by the console's pages. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { onDuty } from './lib/duty.mjs'
import { Desk } from './lib/desk.mjs'
import { Screen } from './lib/screen.mjs'

const GRID = '310112901001001'
const OTHER = '310112901001002'
let server, desk, wang, device, id
const screens = []

async function at(login) {
  const screen = await Screen.signIn(server.url, login)
  screens.push(screen)
  return screen
}

before(async () => {
  ;({ server, desk, wang, device, id } = await onDuty(GRID))
})

after(async () => {
  for (const one of [...screens, wang, server]) await one?.end()
})

test('shops drawn around on the map go to another grid, and the phone of the old one gives them up', async () => {
  const screen = await at('supervisor')
  const { page } = screen
  const before = await desk.shops(GRID)
  await screen.open(`people/grids?of=${GRID}`)
  await page.waitForFunction((n) => document.querySelectorAll('svg .point').length === n, before.length)
  const map = await page.locator('svg.map').boundingBox()
  // Around the whole map: all of them.
  const corners = [[0.02, 0.02], [0.98, 0.02], [0.98, 0.98], [0.02, 0.98]]
  const go = ([x, y]) => page.mouse.move(map.x + map.width * x, map.y + map.height * y, { steps: 4 })
  await go(corners[0])
  await page.mouse.down()
  for (const corner of corners.slice(1)) await go(corner)
  await page.mouse.up()
  await page.getByText(`已选 ${before.length} / ${before.length} 户`).waitFor()
  // By keyboard in the list: all but one stay.
  await page.getByRole('checkbox', { name: '全选' }).focus()
  await screen.press('Space')
  await page.getByText(`已选 0 / ${before.length} 户`).waitFor()
  const wanted = before.find((shop) => shop.id === id)
  const name = wanted.title.map(({ zh }) => zh).filter(Boolean).join(' · ')
  await page.getByRole('checkbox', { name, exact: true }).focus()
  await screen.press('Space')
  await screen.pick(page.locator('main'), '移到哪个网格', '第 2 网格')
  await page.getByRole('button', { name: '移到别的网格' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('理由').fill('门牌归第 2 网格')
  await dialog.getByRole('button', { name: '移动 1 户到第 2 网格' }).click()
  await page.getByText('已移 1 户到第 2 网格。').waitFor()
  assert.equal((await desk.get(`/records/${id}`)).grid, OTHER)
  assert.deepEqual(await screen.axe(), [])
  await wang.syncNow()
  await wang.go('shops', wang.page.locator('article'))
  const { rows } = await wang.core('shops', { offset: 0, limit: 200 })
  assert.equal(rows.some((row) => row.id === id), false)
  assert.equal(rows.length, before.length - 1)
  assert.deepEqual(screen.errors, [])
})

test('a grid is covered for until a day, and handed over for good: each in one act', async () => {
  const screen = screens[0]
  const { page } = screen
  const { rows } = await desk.get('/inspectors?limit=200')
  const has = (one, grid) => one.grids.some((duty) => duty.grid === grid)
  const giver = rows.find((one) => one.state === 'active' && one.grids.length === 1 && has(one, OTHER))
  const [cover, taker] = rows.filter((one) => one.state === 'active' && !has(one, OTHER))
  const one = ({ id }) => desk.get(`/inspectors/${id}`)
  const drawer = page.getByRole('dialog', { name: '移交第 2 网格' })
  const begin = async (to) => {
    await screen.open('people/grids')
    await page.locator('.el-table__row').filter({ hasText: OTHER }).getByRole('button', { name: '移交' }).click()
    await screen.pick(drawer, '由谁', new RegExp(`^${giver.code} `))
    await screen.pick(drawer, '交给', new RegExp(`^${to.code} `))
    await drawer.getByLabel('理由').fill('换班')
  }
  await begin(cover)
  // Nobody stays without a grid: the page says what to do instead.
  await drawer.getByText(new RegExp(`这是${giver.name}唯一的网格`)).waitFor()
  assert.equal(await drawer.getByRole('button', { name: `由${giver.name}移交给${cover.name}` }).isDisabled(), true)
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
  const until = drawer.getByRole('combobox', { name: '代班到（不填为长期移交）' })
  await until.fill(`${day} 18:00:00`)
  await screen.press('Enter')
  await drawer.getByRole('button', { name: new RegExp(`^由${cover.name}为${giver.name}代班到 `) }).click()
  await drawer.waitFor({ state: 'hidden' })
  const duty = (await one(cover)).grids.find(({ grid }) => grid === OTHER)
  assert.equal(duty.until_ms, new Date(`${day}T18:00:00`).getTime())
  assert.equal(has(await one(giver), OTHER), true)
  // Its end stands in the list and in the drawer.
  await screen.open('people?covering=true')
  const row = page.locator('.el-table__row').filter({ hasText: cover.code })
  await row.getByText(/代班至 /).waitFor()
  await row.getByRole('button', { name: cover.name }).click()
  await page.getByRole('dialog', { name: `${cover.code} ${cover.name}` }).getByText(/代班至 /).waitFor()
  await screen.press('Escape')

  const { version } = await one(giver)
  await desk.call('PUT', `/inspectors/${giver.id}/grids/310112901004002`, {}, { 'if-match': `"v${version}"` })
  await begin(taker)
  // Somebody renames the inspector meanwhile: the page says so, reads again, and the next try is good.
  const now = await one(taker)
  await desk.call('PUT', `/inspectors/${taker.id}`, { name: now.name, active: true }, { 'if-match': now.etag })
  await drawer.getByRole('button', { name: `由${giver.name}移交给${taker.name}` }).click()
  await drawer.getByRole('alert').waitFor()
  assert.equal(await drawer.getByLabel('理由').inputValue(), '换班')
  await drawer.getByRole('button', { name: `由${giver.name}移交给${taker.name}` }).click()
  await drawer.waitFor({ state: 'hidden' })
  assert.deepEqual([has(await one(taker), OTHER), has(await one(giver), OTHER)], [true, false])
  assert.deepEqual(await screen.axe(), [])
})

test('a code for a phone counts down and says when it is over', async () => {
  const screen = await at('supervisor')
  const { page } = screen
  await page.clock.install()
  await page.reload()
  const { rows: [{ id: inspector }] } = await desk.get('/inspectors?limit=1')
  await screen.open(`people?inspector=${inspector}`)
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: /^扫码/ }).click()
  await drawer.locator('svg.qr').waitFor()
  await drawer.getByRole('timer').filter({ hasText: /还剩 9:\d\d|还剩 10:00/ }).waitFor()
  assert.deepEqual(await screen.axe(), [])
  await page.clock.fastForward('10:05')
  await drawer.getByText('启用码已过期，没有用处了。').waitFor()
  assert.equal(await drawer.locator('svg.qr').count(), 0)
  await drawer.getByRole('link', { name: '去核对六个词' }).click()
  await page.waitForURL(/people\/phones\?.*standing=unconfirmed/)
  assert.deepEqual(screen.errors, [])
})

test('a phone revoked on the People page sends what it has and is wiped', async () => {
  const screen = screens[0]
  const { page } = screen
  const [{ id: left }] = await desk.shops(GRID)
  await wang.offline(true)
  await wang.shop(left)
  await wang.change('店招', '最后一笔')
  await screen.open('people/phones')
  const row = page.locator('.el-table__row').filter({ hasText: device.id.slice(-4) })
  await row.getByRole('button', { name: '停用并清除' }).click()
  const dialog = page.getByRole('dialog', { name: `停用 ${device.name} 的手机并清除名册` })
  await dialog.getByRole('button', { name: '停用并清除' }).click()
  assert.equal((await desk.get(`/devices/${device.id}`)).revoked_ms ?? null, null, 'not without a reason')
  await dialog.getByLabel('理由').fill('手机遗失')
  await dialog.getByRole('button', { name: '停用并清除' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await row.getByText('已停用').waitFor()
  await wang.offline(false)
  await wang.page.evaluate(() => { location.hash = '#/sync' })
  // It may have begun by itself.
  await wang.button('现在同步').click({ timeout: 5_000 }).catch(() => undefined)
  await wang.page.getByText(/本机名册已清除/).first().waitFor()
  const { rows } = await desk.get('/held')
  assert.equal(rows.filter((held) => held.record === left).length, 1)
  assert.deepEqual([...screen.errors, ...wang.errors], [])
})

test('an account is made, its password changed at the first sign-in, recovered and disabled', async () => {
  const screen = await at('admin')
  const { page } = screen
  await screen.open('accounts')
  await page.getByRole('button', { name: '新增账号' }).click()
  const drawer = page.getByRole('dialog', { name: '新增账号' })
  await drawer.getByLabel('登录名').fill('xin.lai')
  await drawer.getByLabel('姓名').fill('辛来')
  await screen.pick(drawer, '部门', '消防')
  await screen.pick(drawer, '辖区', /^东梧居委/)
  await screen.press('Escape')
  const first = await drawer.getByLabel('首次密码').last().inputValue()
  await drawer.getByRole('button', { name: '新增账号' }).click()
  await drawer.getByText('账号 xin.lai 已建好').waitFor()
  const signed = (login, password) => fetch(`${server.url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login, password }) })
  const own = await (await signed('xin.lai', first)).json()
  assert.deepEqual([own.must_change_password, own.role, own.office, own.areas], [true, 'office_clerk', 'fire-brigade', ['310112901001']])

  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'xin.lai' }).click()
  const account = page.getByRole('dialog', { name: 'xin.lai · 辛来' })
  await account.getByRole('button', { name: '重置密码和第二验证' }).click()
  const again = page.getByRole('dialog', { name: '重置 xin.lai 的密码和第二验证' })
  await again.getByRole('button', { name: '生成' }).click()
  const second = await again.getByLabel('首次密码').last().inputValue()
  await again.getByLabel('理由').fill('本人到场，看了证件')
  await again.getByRole('button', { name: '重置密码和第二验证' }).click()
  await account.getByText('xin.lai 已重置').waitFor()
  assert.equal((await signed('xin.lai', first)).status, 401)
  assert.equal((await signed('xin.lai', second)).status, 200)
  await account.getByRole('button', { name: '停用账号' }).click()
  await account.getByRole('button', { name: '恢复账号' }).waitFor()
  assert.equal((await signed('xin.lai', second)).status, 401)
  assert.deepEqual(await screen.axe(), [])
  assert.deepEqual(screen.errors, [])
})

test('人口办 files the roster of a month as it is; it does not change any more', async () => {
  const screen = await at('population-office.head')
  const { page } = screen
  await screen.open('inbox')
  await page.getByRole('button', { name: '月度名册' }).click()
  const act = page.locator('#app').getByRole('button', { name: /^报送名册 \d+ 行$/ })
  await act.waitFor()
  const name = await act.innerText()
  const n = Number(/\d+/.exec(name)[0])
  assert.ok(n > 0)
  await act.click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('理由').fill('核对过')
  await dialog.getByRole('button', { name }).click()
  await page.getByText(`已收存 ${n} 行。`).waitFor()
  await act.waitFor({ state: 'hidden' })
  await screen.pick(page.locator('main'), '待报', new RegExp(`^名册 · ${n} 行`))
  await page.getByText(new RegExp(`共 ${n} 行`)).waitFor()
  const office = await Desk.signIn(server.url, 'population-office.head')
  const month = await page.getByRole('combobox', { name: '月份' }).inputValue()
  const { filings } = await office.get(`/rosters/${month}`)
  assert.deepEqual(filings.map(({ number, rows }) => [number, rows]), [[1, n]])
  assert.deepEqual(await screen.axe(), [])
  assert.deepEqual(screen.errors, [])
})
