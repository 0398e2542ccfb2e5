/** A spot check from its seed to a decided appeal: supervisors at the console, a checker at the door, an inspector who objects. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { findShop, onDuty, take } from './lib/duty.mjs'
import { Phone } from './lib/phone.mjs'
import { Screen } from './lib/screen.mjs'

const GRID = '310112901001001'
const OTHER = '310112901001002'
const DOOR = '梧桐里路 9999 号'
let server, desk, wang, li, device, first, second

before(async () => {
  ;({ server, desk, wang, device } = await onDuty(GRID))
  // Li walks the other grid alone: nobody else is there to be told of a judgement.
  li = await Phone.make(server.url)
  const own = [device, await li.enrol(await desk.ticket(OTHER, 1), desk)]
  for (const { id } of (await desk.get('/devices?limit=200')).rows.filter(({ id }) => own.every((one) => one.id !== id))) {
    await desk.post(`/devices/${id}/revoke`, { reason: '收回' })
  }
  first = await Screen.signIn(server.url, 'supervisor')
  second = await Screen.signIn(server.url, 'supervisor.east')
})

after(async () => {
  for (const one of [first, second, wang, li, server]) await one?.end()
})

/** Does what a button of the door's drawer is for, with a reason. */
async function act(screen, button, reason, choose) {
  const { page } = screen
  await page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: button, exact: true })
  if (choose) await dialog.getByRole('radio', { name: choose }).locator('xpath=ancestor::label').click()
  await dialog.getByLabel('理由').fill(reason)
  await dialog.locator('button[type=submit]').click()
  await dialog.waitFor({ state: 'hidden' })
}

let batch

test('a door is drawn by a committed seed and looked at on a phone of another grid', async () => {
  const { page } = first
  await first.open('checks')
  await page.getByRole('button', { name: '发起抽查' }).click()
  const drawer = page.getByRole('dialog')
  await first.pick(drawer, '辖区', '第 2 网格')
  await drawer.getByRole('spinbutton', { name: '每个网格抽几个门牌' }).fill('1')
  await drawer.getByRole('button', { name: '发起抽查' }).click()
  await page.getByText('抽取时公布').waitFor()
  batch = Number(/#\/checks\/(\d+)/.exec(page.url())[1])
  const { commitment } = await desk.get(`/checks/${batch}`)
  await page.locator('input[type=file]').setInputFiles({ name: 'doors.csv', mimeType: 'text/csv', buffer: Buffer.from(`grid,door\n${OTHER},${DOOR}\n`) })
  await page.getByText('名单有 1 个门牌。').waitFor()
  await page.getByRole('button', { name: '抽取', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: '抽取', exact: true }).click()
  await page.getByText('抽取时公布').waitFor({ state: 'detached' })
  const { seed } = await desk.get(`/checks/${batch}`)
  assert.equal(createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex'), commitment)
  assert.deepEqual(await first.axe(), [])

  // Whoever was asked: now it is the phone of this test.
  const { inspector } = await desk.get(`/devices/${device.id}`)
  const { code, name } = await desk.get(`/inspectors/${inspector}`)
  await page.getByRole('button', { name: DOOR }).click()
  if ((await desk.get(`/checks/${batch}/doors`)).rows[0].checker !== code) {
    await page.getByRole('button', { name: '换抽查人' }).click()
    const asking = page.getByRole('dialog', { name: '换抽查人' })
    await first.pick(asking, '工号（别的网格的信息员）', `${code} ${name}`)
    await asking.getByRole('button', { name: '换抽查人' }).click()
    await asking.waitFor({ state: 'hidden' })
  }
  await findShop(wang, DOOR, '新开的店')
})

test('it is judged, appealed against, and decided by somebody else', async () => {
  const { page } = first
  await first.open('checks')
  await first.open(`checks/${batch}/doors`)
  await page.getByRole('button', { name: DOOR }).click()
  await page.getByRole('cell', { name: '新开的店' }).last().waitFor()
  await act(first, '判定', '登记册里没有', '漏登')
  await page.getByText('判定：').waitFor()

  await take(li, 'appeal', '申诉')
  await li.button('提交申诉').tap()
  await li.page.getByText('请写明理由；没有异议请按「没有异议」。').waitFor()
  await li.page.getByLabel('申诉理由').fill('上周才开')
  await li.button('提交申诉').tap()
  await li.page.getByLabel('申诉理由').waitFor({ state: 'detached' })
  await li.syncNow()
  await first.open('checks')
  await first.open(`checks/${batch}/doors`)
  await page.getByRole('button', { name: DOOR }).click()
  await page.getByRole('dialog').getByText('申诉中').first().waitFor()
  assert.deepEqual(await first.axe(), [])

  await second.open(`checks/${batch}/doors`)
  await second.page.getByRole('button', { name: DOOR }).click()
  await act(second, '裁定申诉', '上次巡查之后才开', '不计')
  await second.page.getByRole('dialog').getByText('已裁定').first().waitFor()
  const [door] = (await desk.get(`/checks/${batch}/doors`)).rows
  assert.deepEqual([door.state, door.judgement, door.judge], ['decided', 'not-counted', 'supervisor.east'])
  await second.press('Escape')
  await second.page.getByRole('tab', { name: '比率' }).click()
  await second.page.getByText('样本不足').first().waitFor()
  assert.deepEqual([...first.errors, ...second.errors, ...wang.errors, ...li.errors], [])
})
