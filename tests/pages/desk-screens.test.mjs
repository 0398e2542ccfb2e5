/**
 * Every page of the console, in both languages, at 1440 and 1024, light and dark: nothing that axe-core
 * calls serious, nothing wider than the window or cut off. SHOTS=folder writes a picture of each.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { DeskLook } from './lib/desk-look.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, desk
const screens = []

before(async () => {
  server = await serve({ shops: 96 })
  desk = await Desk.signIn(server.url, 'supervisor')
})

after(async () => {
  for (const one of [...screens, server]) await one?.end()
})

/** `walk` opens page after page and looks at each. */
async function walk(login, pages) {
  const screen = await Screen.signIn(server.url, login)
  screens.push(screen)
  const look = new DeskLook(screen)
  const { page } = screen
  await page.emulateMedia({ reducedMotion: 'reduce' })
  try {
    for (const [name, path, shows, act] of pages) {
      await screen.open(path)
      await shows(page).first().waitFor()
      await act?.(page, screen)
      await look.at(name)
      // Away from what is open.
      await page.evaluate(() => { location.hash = '#/none' })
      await page.getByText('这里没有内容。').waitFor()
    }
  } finally {
    for (const fault of look.faults) console.log(fault)
  }
  assert.deepEqual(look.faults, [])
  assert.deepEqual(screen.errors, [])
}

/** A batch whose doors are drawn. */
async function drawn() {
  const made = await desk.post('/checks', { area: '310112901001', method: 'register-to-street', per_grid: 3, due_ms: Date.now() + 7 * 86_400_000 })
  await desk.post(`/checks/${made.id}/draw`, undefined, { 'if-match': `"v${made.version}"` })
}

const row = (page) => page.locator('.el-table__row')
const heading = (name) => (page) => page.getByRole('heading', { name })
const drawer = (page) => page.getByRole('dialog').filter({ visible: true }).first().waitFor()

test('pages of supervisors: overview, review', async () => {
  await walk('supervisor', [
    ['overview', 'overview', heading('本月巡查')],
    ['review', 'review', (page) => page.getByRole('radiogroup')],
    ['review-keys', 'review', (page) => page.getByRole('radiogroup'), async (page, screen) => { await screen.press('?'); await drawer(page) }],
    ['review-duplicates', 'review/duplicates', heading('审核')],
    ['review-held', 'review/held', (page) => page.getByText(/没有/)],
    ['review-refused', 'review/refused', (page) => page.locator('.el-table__row, .empty')],
    ['review-revert', 'review/revert', heading('审核')],
  ])
})

test('pages of supervisors: records, cases, spot checks', async () => {
  const [shop] = await desk.shops(GRID)
  await walk('supervisor', [
    ['records', 'records', row],
    ['records-none', 'records?text=没有这家店', (page) => page.getByText(/没有符合「/)],
    ['dossier', `records/${shop.id}`, heading('基本')],
    ['dossier-field', `records/${shop.id}`, heading('基本'), async (page) => { await page.getByRole('button', { name: /^店招 记录/ }).click(); await drawer(page) }],
    ['cases-all', 'cases', row],
    ['case-all', 'cases', row, async (page) => { await row(page).first().getByRole('link').click(); await page.getByRole('heading', { name: '台账' }).waitFor() }],
    ['checks-none', 'checks', (page) => page.getByText('没有抽查批次')],
    ['check-new', 'checks', heading('抽查'), async (page) => { await page.getByRole('button', { name: '发起抽查' }).click(); await drawer(page) }],
    ['checks', 'checks', heading('抽查'), async (page) => { await drawn(); await page.reload(); await row(page).first().waitFor() }],
    ['check-doors', 'checks/1/doors', row],
    ['check-door', 'checks/1/doors', row, async (page) => { await row(page).first().getByRole('button').click(); await drawer(page); await page.getByText('系统').last().waitFor() }],
    ['check-list', 'checks/1/list', row],
    ['check-figures', 'checks/1/figures', (page) => page.getByText('样本不足')],
  ])
})

test('pages of supervisors: people, phones, grids, their own', async () => {
  await walk('supervisor', [
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
    ['grid-map', `people/grids?of=${GRID}`, (page) => page.locator('svg .point')],
    ['password', 'password', heading('修改密码')],
    ['factor', 'factor', heading('第二验证')],
  ])
})

test('pages of offices', async () => {
  await walk('linkage-centre.head', [
    ['inbox', 'inbox', row],
    ['item', 'inbox', row, async (page) => { await row(page).first().getByRole('button').click(); await drawer(page) }],
    ['intake', 'cases', heading('案件'), async (page) => { await page.getByRole('button', { name: '收案' }).click(); await drawer(page) }],
    ['cases', 'cases', heading('案件')],
  ])
  await walk('population-office.clerk', [
    ['inbox-population', 'inbox', row],
    ['rosters', 'rosters', row],
    ['roster-file', 'rosters', row, async (page) => { await page.getByRole('button', { name: /^报送名册/ }).click(); await drawer(page) }],
    ['entry-begin', 'entry', heading('开始录入')],
    ['entry', 'entry', heading('开始录入'), async (page) => { await page.getByRole('textbox', { name: '这次录入的理由' }).fill('十月录入'); await page.keyboard.press('Enter'); await page.getByRole('button', { name: /^已录入/ }).waitFor() }],
  ])
})

test('pages of administrators and auditors', async () => {
  await walk('admin', [
    ['overview-admin', 'overview', heading('概览')],
    ['accounts', 'accounts', row],
    ['account', 'accounts', row, async (page) => { await page.getByRole('button', { name: 'fire-brigade.clerk' }).click(); await drawer(page) }],
    ['rules', 'rules', row],
    ['rules-one', 'rules', row, async (page) => { await row(page).first().getByRole('button').click(); await page.getByText('schema.toml').waitFor() }],
    ['rules-upload', 'rules', row, async (page) => { await page.getByRole('button', { name: '上传新版本' }).click(); await drawer(page) }],
    ['account-new', 'accounts', row, async (page) => { await page.getByRole('button', { name: '新增账号' }).click(); await drawer(page) }],
  ])
  await walk('auditor', [
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
