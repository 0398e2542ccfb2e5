/** The console's pages that desk-screens leaves out, looked at in the same way; and lists that fail or are slow. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DeskLook } from './lib/desk-look.mjs'
import { drawer, heading, row, walk } from './lib/desk-walk.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server
const screens = []

before(async () => {
  server = await serve({ shops: 96 })
})

after(async () => {
  for (const one of [...screens, server]) await one?.end()
})

test('pages of supervisors: people, phones, grids, their own', async () => {
  await walk(server.url, screens, 'supervisor', [
    ['registrations', 'registrations', (page) => page.getByText('没有名单')],
    ['registration-new', 'registrations', heading('登记名单'), async (page) => { await page.getByRole('button', { name: '导入名单' }).click(); await drawer(page) }],
    ['rules-seen', 'rules', row],
    ['inspectors', 'people', row],
    ['inspector', 'people', row, async (page) => { await row(page).first().getByRole('button').click(); await drawer(page); await page.getByRole('button', { name: /^扫码/ }).click(); await page.locator('svg.qr').waitFor() }],
    ['inspector-new', 'people', row, async (page) => { await page.getByRole('button', { name: '新增信息员' }).click(); await drawer(page) }],
    ['phones', 'people/phones', row],
    ['phone-revoke', 'people/phones', row, async (page) => { await page.getByRole('button', { name: '停用并清除' }).first().click(); await drawer(page) }],
    ['grids', 'people/grids', row],
    ['grid-over', 'people/grids', row, async (page) => { await page.getByRole('button', { name: '移交' }).first().click(); await drawer(page) }],
    ['figures', 'figures', (page) => page.getByRole('table')],
    ['ledger-none', 'figures/steps?day=2020-01-01', (page) => page.getByText('没有2020-01-01 的台账')],
    ['grid-outline', `people/grids?outline=${GRID}`, (page) => page.locator('svg .dot')],
    ['grid-map', `people/grids?of=${GRID}`, (page) => page.locator('svg .point')],
    ['password', 'password', heading('修改密码')],
    ['factor', 'factor', heading('第二验证')],
  ])
})

test('pages of offices', async () => {
  await walk(server.url, screens, 'linkage-centre.head', [
    ['inbox', 'inbox', row],
    ['item', 'inbox', row, async (page) => { await row(page).first().getByRole('button').click(); await drawer(page) }],
    ['intake', 'cases', heading('案件'), async (page) => { await page.getByRole('button', { name: '收案' }).click(); await drawer(page) }],
    ['cases', 'cases', heading('案件')],
  ])
  await walk(server.url, screens, 'population-office.clerk', [
    ['inbox-population', 'inbox', row],
    ['rosters', 'rosters', row],
    ['roster-file', 'rosters', row, async (page) => { await page.getByRole('button', { name: /^报送名册/ }).click(); await drawer(page) }],
    ['entry-begin', 'entry', heading('开始录入')],
    ['entry', 'entry', heading('开始录入'), async (page) => { await page.getByRole('textbox', { name: '这次录入的理由' }).fill('十月录入'); await page.keyboard.press('Enter'); await page.getByRole('button', { name: /^已录入/ }).waitFor() }],
  ])
})

test('pages of administrators and auditors', async () => {
  await walk(server.url, screens, 'admin', [
    ['overview-admin', 'overview', heading('概览')],
    ['accounts', 'accounts', row],
    ['account', 'accounts', row, async (page) => { await page.getByRole('button', { name: 'fire-brigade.clerk' }).click(); await drawer(page) }],
    ['rules', 'rules', row],
    ['rules-one', 'rules', row, async (page) => { await row(page).first().getByRole('button').click(); await page.getByText('schema.toml').waitFor() }],
    ['rules-upload', 'rules', row, async (page) => { await page.getByRole('button', { name: '上传新版本' }).click(); await drawer(page) }],
    ['account-new', 'accounts', row, async (page) => { await page.getByRole('button', { name: '新增账号' }).click(); await drawer(page) }],
  ])
  await walk(server.url, screens, 'auditor', [
    ['audit', 'audit', row],
    ['audit-none', 'audit?who=niemand', (page) => page.getByText(/没有符合「/)],
  ])
})

test('an error stands above what shows and is tried again; a slow list shows where rows will be', async () => {
  const [screen] = screens
  const { page } = screen
  const look = new DeskLook(screen)
  await page.route('**/api/v1/records?*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', headers: { 'retry-after': '5' }, body: '{"type":"/problems/busy","status":503}' }))
  await screen.open('records')
  await page.getByText('服务器忙，请等 5 秒再试。').waitFor()
  await look.at('records-failed')
  await page.unroute('**/api/v1/records?*')
  await page.getByRole('button', { name: '重试' }).click()
  await row(page).first().waitFor()
  let go
  const held = new Promise((done) => { go = done })
  await page.route('**/api/v1/devices?*', async (route) => { await held; await route.continue() })
  await screen.open('people/phones')
  await page.locator('.el-skeleton').waitFor()
  await look.at('phones-slow')
  go()
  await row(page).first().waitFor()
  assert.deepEqual(look.faults, [])
})
