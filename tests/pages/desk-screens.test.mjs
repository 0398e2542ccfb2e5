/**
 * Every page of the console, in both languages, at 1440 and 1024, light and dark: nothing that axe-core
 * calls serious, nothing wider than the window or cut off. SHOTS=folder writes a picture of each.
 */
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { drawer, heading, row, walk } from './lib/desk-walk.mjs'
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

/** A batch whose doors are drawn. */
async function drawn() {
  const made = await desk.post('/checks', { area: '310112901001', method: 'register-to-street', per_grid: 3, due_ms: Date.now() + 7 * 86_400_000 })
  await desk.post(`/checks/${made.id}/draw`, undefined, { 'if-match': `"v${made.version}"` })
}

test('pages of supervisors: overview, review', async () => {
  await walk(server.url, screens, 'supervisor', [
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
  await walk(server.url, screens, 'supervisor', [
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
