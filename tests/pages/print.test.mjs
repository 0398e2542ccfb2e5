/** 一店一档 on paper: whole rows, heads that come again, absolute times, numbers masked, no reporter, nothing to click. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

let server, desk, screen

before(async () => {
  server = await serve({ shops: 60 })
  desk = await Desk.signIn(server.url, 'supervisor')
  screen = await Screen.signIn(server.url, 'supervisor')
})

after(async () => {
  for (const one of [screen, server]) await one?.end()
})

/** The dossier with most people in it. */
async function fullest() {
  const { rows } = await desk.get('/records?kind=shop&limit=200')
  let best = { people: -1 }
  for (const { id } of rows) {
    const { tied } = await desk.get(`/records/${id}/dossier`)
    const people = tied.filter(({ kind }) => kind !== 'visit').reduce((sum, { records }) => sum + records.length, 0)
    if (people > best.people) best = { id, people }
  }
  return best.id
}

test('a dossier is printed over several sheets', async () => {
  const { page } = screen
  await screen.open(`records/${await fullest()}`)
  await page.getByRole('heading', { name: '居住人员' }).waitFor()
  const sheets = (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g).length
  assert.ok(sheets > 1, `${sheets} sheets`)
  await page.emulateMedia({ media: 'print' })
  const seen = await page.evaluate(() => {
    const shown = (each) => each.checkVisibility()
    const style = (selector) => [...document.querySelectorAll(selector)].map((each) => getComputedStyle(each))
    return {
      clickable: [...document.querySelectorAll('button, nav, aside')].filter(shown).length,
      heads: style('.sheet section h2').map(({ display }) => display),
      rows: style('.sheet .tied').map(({ breakInside }) => breakInside),
      text: document.querySelector('.sheet').innerText,
    }
  })
  assert.equal(seen.clickable, 0)
  assert.deepEqual([...new Set(seen.heads)], ['table-header-group'])
  assert.deepEqual([...new Set(seen.rows)], ['avoid'])
  assert.match(seen.text, /^一店一档/)
  assert.match(seen.text, /打印人/)
  assert.doesNotMatch(seen.text, /昨天|今天|\d{17}[\dX]|上报/)
  assert.match(seen.text, /\d{4}\*+\d{4}/)
  assert.deepEqual(screen.errors, [])
})

test('what is not there is said, and an error is tried again', async () => {
  const { page } = screen
  await page.emulateMedia({ media: 'screen' })
  const [{ id }] = (await desk.get('/records?kind=shop&limit=1')).rows
  await page.route('**/dossier', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', headers: { 'retry-after': '5' }, body: '{"type":"/problems/busy","status":503}' }), { times: 1 })
  await screen.open('records')
  await page.locator('.el-table__row').first().waitFor()
  await screen.open(`records/${id}`)
  await page.getByText('服务器忙，请等 5 秒再试。').waitFor()
  await page.getByRole('button', { name: '重试' }).click()
  await page.getByRole('heading', { name: '基本' }).waitFor()
  await screen.open(`records/${'0'.repeat(32)}`)
  await page.getByText('它不在了，或不在你的辖区。').waitFor()
})

test('a search without a kind finds shops and people by two characters, by initials too', async () => {
  const office = await Desk.signIn(server.url, 'population-office.clerk')
  const [{ title }] = (await office.get('/records?kind=resident&limit=1')).rows
  const clerk = await Screen.signIn(server.url, 'population-office.clerk')
  try {
    await clerk.open('records')
    await clerk.page.locator('.el-table__row').first().waitFor()
    await clerk.pick(clerk.page.locator('main'), '种类', '全部种类')
    const box = clerk.page.getByRole('textbox', { name: /拼音首字母/ })
    await box.fill(title[0].zh)
    await clerk.press('Enter')
    await clerk.page.locator('.el-table__row').filter({ hasText: '居住人员' }).filter({ hasText: title[0].zh }).first().waitFor()
    await box.fill('没有这个人')
    await clerk.press('Enter')
    await clerk.page.getByText('没有符合「没有这个人」的档案').waitFor()
    assert.deepEqual([...clerk.errors, ...screen.errors], [])
  } finally {
    await clerk.end()
  }
})
