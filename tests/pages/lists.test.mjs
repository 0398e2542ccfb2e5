/** Lists sort and narrow on the server, keep their state in the address, and go out as files of what they show. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, desk
const screens = []

async function at(login) {
  const screen = await Screen.signIn(server.url, login)
  screens.push(screen)
  return screen
}

before(async () => {
  server = await serve({ shops: 160 })
  desk = await Desk.signIn(server.url, 'supervisor')
})

after(async () => {
  for (const one of [...screens, server]) await one?.end()
})

const firstSign = (page) => page.locator('.el-table__row').first().getByRole('link').innerText()

/** Waits until the first row of the table is this shop. */
async function begins(page, row) {
  await page.locator('.el-table__row').first().getByRole('link', { name: row.shop.sign, exact: true }).waitFor()
}

test('a heading sorts up, down and back; the address keeps it with the filters', async () => {
  const screen = await at('supervisor')
  const { page } = screen
  const first = async (query) => (await desk.get(`/records?kind=shop&limit=1${query}`)).rows[0]
  await screen.open('records')
  await begins(page, await first(''))
  await page.getByRole('button', { name: '店招' }).click()
  await begins(page, await first('&sort=sign'))
  await page.getByRole('button', { name: '店招' }).click()
  await begins(page, await first('&sort=-sign'))
  await screen.pick(page.locator('main'), '网格', '第 1 网格')
  await begins(page, await first(`&sort=-sign&grid=${GRID}`))
  const sign = await firstSign(page)
  await page.reload()
  await begins(page, await first(`&sort=-sign&grid=${GRID}`))
  assert.equal(await firstSign(page), sign)
  assert.match(page.url(), /sort=-sign/)
  assert.deepEqual(await screen.axe(), [])
})

test('a list goes out as a file of what it shows, and the trace says so', async () => {
  const [screen] = screens
  const { page } = screen
  const { total } = await desk.get(`/records?kind=shop&limit=1&grid=${GRID}`)
  await page.getByRole('button', { name: '导出' }).click()
  const coming = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'CSV' }).click()
  const file = await coming
  assert.equal(file.suggestedFilename(), 'records.csv')
  const text = await readFile(await file.path(), 'utf8')
  assert.equal(text.charCodeAt(0), 0xfeff)
  const lines = text.slice(1).trimEnd().split('\n')
  assert.equal(lines.length, total + 1)
  assert.ok(lines[1].includes(await firstSign(page)))

  const auditor = await at('auditor')
  await auditor.open('audit')
  await auditor.pick(auditor.page.locator('main'), '动作', '导出名单')
  await auditor.page.locator('.el-table__row').filter({ hasText: 'supervisor' }).first().getByText('导出名单').waitFor()
})

test('an office narrows its inbox by deadline and age; each figure of the overview leads to its list', async () => {
  const screen = await at('linkage-centre.clerk')
  const { page } = screen
  const office = await Desk.signIn(server.url, 'linkage-centre.clerk')
  await screen.open('inbox')
  await page.locator('.el-table__row').first().waitFor()
  await screen.pick(page.locator('main'), '收到多久', '30 天以上')
  const { total } = await office.get('/items?state=open&age=over_30&limit=1')
  await (total === 0 ? page.getByText(/没有符合「/) : page.getByText(new RegExp(`共 ${total} 行`))).waitFor()

  const [first] = screens
  await first.open('overview')
  await first.page.getByRole('heading', { name: '本月巡查' }).waitFor()
  const { coverage } = await desk.get('/overview')
  const one = coverage.find(({ grid }) => grid === GRID)
  const card = first.page.locator('section').filter({ has: first.page.getByRole('heading', { name: '本月巡查' }) })
  await card.getByRole('button', { name: '表格' }).click()
  const row = card.getByRole('row', { name: /^第 1 网格/ })
  assert.deepEqual((await row.getByRole('cell').allInnerTexts()).map(Number), [one.visited, one.revisit, one.shops - one.visited - one.revisit])
  await row.getByRole('link').click()
  const due = (await desk.get(`/records?kind=shop&grid=${GRID}&visited=due&limit=200`)).rows.length
  await (due === 0 ? first.page.getByText(/没有符合「/) : first.page.locator('.pager').getByText(new RegExp(`${due}`))).waitFor()
  assert.deepEqual(screens.flatMap(({ errors }) => errors), [])
})
