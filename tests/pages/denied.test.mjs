/** No camera, no location, a clock that is hours off: each is said, and nothing waits for it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Phone } from './lib/phone.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
/** The phone's clock is slow by this, ms. */
const SLOW_MS = 3 * 60 * 60_000
let server, desk, wang, id

before(async () => {
  server = await serve({ fronted: true })
  // The clock of every thread of the app, set back before its first line runs.
  server.front.change = (path, body) => /\/assets\/(index|worker)-[^/]*\.js$/.test(path)
    ? `Date.now = ((right) => () => right.call(Date) - ${SLOW_MS})(Date.now);\n${body}` : body
  desk = await Desk.signIn(server.url, 'supervisor')
  wang = await Phone.make(server.url)
  ;[{ id }] = await desk.shops(GRID)
})

after(async () => {
  await wang?.end()
  await server?.end()
})

test('without a camera the code is typed', async () => {
  await wang.open('setup')
  await wang.button('扫码').click()
  await wang.page.getByText('相机未开放。请输入启用码，或到系统设置打开相机。').waitFor()
  await wang.page.getByLabel('启用码', { exact: true }).waitFor()
})

test('without location the list is by door, and a finding is filed at its door', async () => {
  // A link is opened anew.
  await wang.page.goto('about:blank')
  await wang.enrol(await desk.ticket(GRID), desk)
  await wang.open('today')
  await wang.page.getByText('定位未开放，按门牌排序。').waitFor()
  await wang.open(`finding?shop=${id}`)
  await wang.page.getByText('定位未开放，按商铺门牌报。').waitFor()
  // The system's picker comes back without a picture.
  const browser = await wang.context.newCDPSession(wang.page)
  await browser.send('Browser.setPermission', { permission: { name: 'camera' }, setting: 'denied' })
  await wang.page.locator('input[type=file]').dispatchEvent('cancel')
  await wang.page.getByText('相机未开放。先保存，照片后补，或到系统设置打开。').waitFor()
  await wang.page.getByRole('radio').first().tap()
  await wang.button('保存').tap()
  await wang.page.getByRole('radio').first().waitFor({ state: 'detached' })
})

test('a clock that is off is said, and what is written bears the right time', async () => {
  await wang.open('today')
  await wang.page.getByText('手机时间差 180 分钟，已更正，请打开自动时间。').waitFor()
  const begun = Date.now()
  await wang.shop(id)
  await wang.change('店招', '钟慢的店')
  await wang.syncNow()
  const { fields } = await desk.get(`/records/${id}`)
  const [{ value, by }] = fields.find(({ key }) => key === 'sign_name').values
  assert.equal(value, '钟慢的店')
  const off = by[0].time_ms - begun
  assert.ok(off > -60_000 && off < 180_000, `${off} ms from the right time`)
})
