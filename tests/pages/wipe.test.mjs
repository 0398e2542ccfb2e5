/** A second window, and a phone that is revoked while it has unsent work. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Look } from './lib/look.mjs'
import { onDuty } from './lib/duty.mjs'

const GRID = '310112901001001'
let server, desk, wang, device, id

before(async () => {
  ;({ server, desk, wang, device, id } = await onDuty(GRID))
})

after(async () => {
  await wang?.end()
  await server?.end()
})

test('a second window says that the book is open elsewhere, and takes over when that closes', async () => {
  const second = await wang.context.newPage()
  await second.goto(`${server.url}/app/?uninstalled=allow`)
  await second.getByText('已在另一窗口打开，请回到那里。').waitFor()
  await wang.page.close()
  wang.page = second
  await wang.open()
  await wang.unlock()
  await second.getByRole('navigation').waitFor()
})

test('a wrong passphrase opens nothing and says how often it may still be tried', async () => {
  await wang.context.close()
  await wang.launch()
  await wang.open()
  await wang.unlock('不是这个口令 一二三')
  await wang.page.getByText(/口令不对，还可试 9 次/).waitFor()
  await wang.unlock()
  await wang.page.getByRole('navigation').waitFor()
})

test('a revoked phone sends what it has, which is held, and is then wiped', async () => {
  await wang.offline(true)
  await wang.shop(id)
  await wang.change('店招', '最后一笔')
  await desk.post(`/devices/${device.id}/revoke`, { reason: '手机遗失' })
  await wang.offline(false)
  await wang.page.evaluate(() => { location.hash = '#/sync' })
  await wang.button('现在同步').click({ timeout: 5_000 }).catch(() => undefined)
  await wang.page.getByText(/本机名册已清除/).first().waitFor({ timeout: 30_000 })
  const look = new Look(wang.page)
  await look.at('wiped')
  assert.deepEqual(look.faults, [])
  const { rows } = await desk.get('/held')
  assert.equal(rows.filter((row) => row.record === id).length, 1, 'the last edit was sent before the wipe')
  assert.deepEqual(wang.errors, [])
})
