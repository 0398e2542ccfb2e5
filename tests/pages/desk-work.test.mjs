/** Pages of review and of cases with work on them, looked at as desk-screens does. */
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { drawer, heading, row, walk } from './lib/desk-walk.mjs'
import { step } from './lib/office.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, desk, finding, business
const screens = []

before(async () => {
  server = await serve({ shops: 96 })
  desk = await Desk.signIn(server.url, 'supervisor')
  await alike()
  const [{ record, field }] = (await desk.get('/conflicts?limit=1')).rows
  await desk.decide(record, field.key, field.values[0].value, '现场核对')
  finding = await inspected()
  business = await followed()
})

after(async () => {
  for (const one of [...screens, server]) await one?.end()
})

/** Two shops at one door with names that are alike. */
async function alike() {
  const shops = (await desk.shops(GRID)).filter((shop) => shop.conflicts === 0)
  for (const [at, name] of ['顺发百货商店', '顺发百货'].entries()) {
    const { etag } = await desk.get(`/records/${shops[at].id}`)
    const edits = [{ op: 'set', key: 'door_no', value: '梧桐里路90号' }, { op: 'clear', key: 'unit_no' }, { op: 'set', key: 'sign_name', value: name }]
    await desk.post(`/records/${shops[at].id}/edits`, { edits, reason: '现场核对' }, { 'if-match': etag })
  }
}

/** A finding that several offices were gathered on. */
async function inspected() {
  const centre = await Desk.signIn(server.url, 'linkage-centre.head')
  const { id } = await centre.post('/cases', { type: 'finding', grid: GRID, source: 'hotline', class: 'illegal-living', severity: 'urgent', reason: '来电：阁楼住人' })
  await step(centre, id, 'accept')
  await step(centre, id, 'assign')
  const { etag } = await centre.get(`/cases/${id}`)
  await centre.post(`/cases/${id}/offices`, { offices: ['urban-management', 'safety-office'], code: 'JC-2026-11', reason: '一起到现场看' }, { 'if-match': etag })
  return id
}

/** A business-type change that an office has. */
async function followed() {
  const section = await Desk.signIn(server.url, 'economics-section.head')
  const [{ id: shop, grid }] = (await section.get('/records?kind=shop&business_type=62&limit=1')).rows
  const { id } = await section.post('/cases', { type: 'business', grid, source: 'transfer', shop, reason: '转来：改做足浴' })
  await step(section, id, 'accept')
  await step(section, id, 'assign')
  return id
}

const ledger = (page) => page.locator('.el-timeline-item')
const press = (within, name) => async (page) => {
  await page.locator(within).getByRole('button', { name }).first().click()
  await drawer(page)
}

test('review: what was decided, a pair, nothing; records of every kind', async () => {
  await walk(server.url, screens, 'supervisor', [
    ['review-decided', 'review?state=decided', (page) => page.getByText(/裁定为「/)],
    ['review-none', 'review?state=settled', (page) => page.getByText('没有冲突')],
    ['merge', 'review/duplicates', row, async (page) => { await page.getByRole('button', { name: '逐项对比' }).click(); await page.getByText('租期止').waitFor() }],
    ['records-every', 'records?kind=', row],
  ])
})

test('a finding: gathering, what is for the head, taking it up, an opinion', async () => {
  await walk(server.url, screens, 'linkage-centre.head', [
    ['case-gathered', `cases/${finding}`, ledger],
    ['case-gather', `cases/${finding}`, ledger, press('main', '联合检查')],
  ])
  await walk(server.url, screens, 'fire-brigade.clerk', [
    ['case-off', `cases/${finding}`, ledger],
    ['case-handle', `cases/${finding}`, ledger, press('footer', '开始处置')],
  ])
  await walk(server.url, screens, 'urban-management.clerk', [['case-opinion', `cases/${finding}`, ledger, press('main', '反馈意见')]])
})

test('a business-type change with its licences; a row of entry', async () => {
  await walk(server.url, screens, 'business-office.clerk', [
    ['case-licences', `cases/${business}`, ledger],
    ['case-licence', `cases/${business}`, ledger, press('main', /记进展/)],
  ])
  await walk(server.url, screens, 'population-office.clerk', [
    ['entry-row', 'entry', heading('开始录入'), async (page) => { await page.getByRole('textbox', { name: '这次录入的理由' }).fill('十月录入'); await page.keyboard.press('Enter'); await page.getByRole('button', { name: /^已录入/ }).waitFor() }],
  ])
})
