/** 考核 and 台账 at the console: by grid number with samples, previewed and taken out as they show. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { row } from './lib/desk-walk.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

let server, desk, screen, page

before(async () => {
  server = await serve({ shops: 96 })
  desk = await Desk.signIn(server.url, 'supervisor')
  screen = await Screen.signIn(server.url, 'supervisor')
  page = screen.page
})

after(async () => {
  for (const one of [screen, server]) await one?.end()
})

async function file(name) {
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出' }).click()
  await page.getByRole('menuitem', { name: 'CSV' }).click()
  const given = await coming
  assert.equal(given.suggestedFilename(), `${name}.csv`)
  return (await readFile(await given.path(), 'utf8')).trimEnd().split('\n')
}

test('rates stand by grid number with their samples; too few say so; what cannot be had says why', async () => {
  await screen.open('figures')
  const table = page.getByRole('region', { name: '考核' }).getByRole('table')
  await table.waitFor()
  const month = await desk.get('/figures')
  const lines = await table.getByRole('row').allInnerTexts()
  assert.equal(lines.length, month.grids.length + 2)
  assert.deepEqual(lines.slice(1, -1).map((line) => /^第 (\d+) 网格/.exec(line)[1]), month.grids.map((_, at) => String(at + 1)))
  for (const [at, figure] of month.figures.entries()) {
    const cell = await table.getByRole('row').last().getByRole('cell').nth(at).innerText()
    const rate = month.total.rates[at]
    if (figure.lacks) {
      assert.equal(cell, '—')
      await page.getByText(figure.lacks.zh).waitFor()
    } else {
      assert.match(cell, new RegExp(`^${rate.enough ? `${(rate.rate * 100).toFixed(1)}%` : '样本不足'}\\s+${rate.hits}/${rate.n}`))
    }
  }
  assert.equal((await file('figures')).length > month.grids.length, true)
  assert.deepEqual(await screen.axe(), [])
})

test('a day’s ledger is previewed as its file has it; the address keeps day and order', async () => {
  const day = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' })
  let found = null
  for (let back = 0; back < 31 && !found; back += 1) {
    const one = new Date(Date.parse(day) - back * 86_400_000).toISOString().slice(0, 10)
    const ledger = await desk.get(`/ledgers/steps?day=${one}&limit=200`)
    if (ledger.rows.length) found = { day: one, ledger }
  }
  assert.ok(found, 'the street’s offices did something in a month')
  await screen.open(`figures/steps?day=${found.day}`)
  await row(page).first().waitFor()
  await page.getByText(new RegExp(`共 ${found.ledger.total} 行`)).waitFor()
  const shown = await row(page).first().getByRole('cell').allInnerTexts()
  // Grids stand by their names, as in every list.
  const named = new Map((await desk.get('/grids')).rows.map(({ grid, label }) => [grid, label.zh]))
  const said = (cell, at) => (found.ledger.heads[at].key === 'grid' ? named.get(cell) : String(cell ?? ''))
  assert.deepEqual(shown.map((cell) => cell.trim()), found.ledger.rows[0].map((cell, at) => said(cell, at).trim()))
  await page.locator('.el-table__header').getByRole('button', { name: '网格' }).click()
  await page.waitForURL(/sort=grid/)
  const lines = await file('ledger-steps')
  assert.equal(lines.length, found.ledger.total + 1)
  assert.deepEqual(await screen.axe(), [])
  assert.deepEqual(screen.errors, [])
})

test('offices see the ledgers that are theirs, and figures where they read spot checks', async () => {
  for (const [login, tabs] of [['population-office.clerk', ['考核', '办理台账', '录入台账']], ['fire-brigade.clerk', ['办理台账', '录入台账']]]) {
    const own = await Screen.signIn(server.url, login)
    try {
      await own.open('figures')
      await own.page.getByRole('tab').first().waitFor()
      assert.deepEqual(await own.page.getByRole('tab').allInnerTexts(), tabs)
      await own.open('figures/entries')
      await own.page.getByRole('tab', { name: '录入台账', selected: true }).waitFor()
      await own.page.getByText(/的台账|^第 \d+–\d+ 行/).first().waitFor()
      assert.deepEqual(own.errors, [])
    } finally {
      await own.end()
    }
  }
})
