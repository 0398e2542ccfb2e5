/** A hazard goes from a phone through the offices' pages to closure, with a return and an extension, and the phone shows how it ended. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { step } from './lib/case-page.mjs'
import { Desk } from './lib/desk.mjs'
import { onDuty } from './lib/duty.mjs'
import { Screen } from './lib/screen.mjs'

const GRID = '310112901001001'
let server, supervisor, desk, centre, office, wang, shop

before(async () => {
  ;({ server, desk: supervisor, wang, id: shop } = await onDuty(GRID))
  desk = await Desk.signIn(server.url, 'linkage-centre.head')
  centre = await Screen.signIn(server.url, 'linkage-centre.head')
})

after(async () => {
  for (const one of [centre, office, wang, server]) await one?.end()
})

/** The phone reports a hazard; its item is the last that came to the centre. */
async function report() {
  await wang.shop(shop)
  await wang.button('报问题').tap()
  await wang.button('全部小类').tap()
  await wang.page.getByRole('dialog').getByText('占堵疏散通道').first().tap()
  await wang.page.getByRole('textbox').fill('后门堆放纸箱')
  await wang.button('保存').tap()
  await wang.page.getByText(/联动中心·待立案/).first().waitFor()
  await wang.syncNow()
  for (let after = '', last = null; ;) {
    const { rows, next } = await desk.get(`/items?limit=200&state=open${after}`)
    last = rows.findLast((row) => row.shop === shop && row.kind === 'finding') ?? last
    if (!next) return last.id
    after = `&after=${encodeURIComponent(next)}`
  }
}

test('from a phone through the pages to closure, and the phone shows it', async () => {
  const { page } = centre
  const item = await report()
  await centre.open('inbox')
  await page.locator('.el-table__row').filter({ has: page.getByRole('cell', { name: String(item), exact: true }) }).getByRole('button').first().click()
  await page.getByText('后门堆放纸箱').waitFor()
  await page.getByRole('button', { name: '立案' }).last().click()
  const filing = page.getByRole('dialog', { name: '立案' })
  await filing.getByLabel('理由').fill('情况属实')
  await filing.getByRole('button', { name: '立案' }).click()
  await page.locator('.el-timeline-item').first().getByText('立案 → 已立案').waitFor()
  const path = await page.evaluate(() => location.hash.slice(2))
  await step(centre, '派遣', '已派遣')
  const of = await desk.get(`/${path}`)

  office = await Screen.signIn(server.url, `${of.office}.head`)
  await office.open(path)
  await step(office, '回退', null, { 理由: '不归本部门' })

  await centre.open('cases')
  await centre.open(path)
  await step(centre, '派遣', '已派遣')
  await office.open('inbox')
  await office.open(path)
  await step(office, '开始处置', '处置中')
  await step(office, '申请延期', '延期申请中', { 理由: '等物业钥匙', '再要多少（按该期限的单位）': '1' })

  await centre.open('cases')
  await centre.open(path)
  await step(centre, '同意延期', '处置中')
  await office.open('inbox')
  await office.open(path)
  await step(office, '反馈', '已反馈', { 理由: '已搬走，通道畅通' }, { name: '现场.png', mimeType: 'image/png', buffer: await office.page.screenshot() })
  // The picture stands with the case, for whoever sees it.
  const [picture] = (await desk.get(`/${path}`)).attachments.filter(({ record }) => path.endsWith(record))
  assert.equal((await desk.raw('GET', `/${path}/files/${picture.sha256}`)).status, 200)

  // The handler does not learn who reported.
  await office.page.getByText('上报').waitFor()
  assert.equal(await office.page.locator('dt:text-is("上报") + dd').innerText(), '信息员')

  await centre.open('cases')
  await centre.open(path)
  const { rows } = await supervisor.get('/inspectors?limit=200')
  const other = rows.find((row) => row.grids.every((duty) => duty.grid !== of.grid))
  await step(centre, '核查通过', '核查通过', { 核查人工号: other.code })
  await step(centre, '结案', '已结案')
  assert.deepEqual(await centre.axe(), [])
  const done = await desk.get(`/${path}`)
  assert.equal(done.state, 'closed')
  assert.equal(done.returns, 1)
  // Who reported it is shown how it ended.
  await wang.syncNow()
  await wang.go('findings', wang.page.getByText(/已结案/))
  assert.deepEqual([...centre.errors, ...office.errors, ...wang.errors], [])
})
