/** The queue of conflicts: two keys each, narrowed, ordered, taken out as a file. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

let server, desk, screen, page

before(async () => {
  server = await serve({ shops: 96 })
  desk = await Desk.signIn(server.url, 'supervisor')
  screen = await Screen.signIn(server.url, 'supervisor')
  ;({ page } = screen)
})

after(async () => {
  for (const one of [screen, server]) await one?.end()
})

const total = async (query = '') => (await desk.get(`/conflicts?limit=1${query}`)).total
const lit = () => page.locator('.queue [aria-current=true]')
const waiting = (n) => page.locator('.queue').getByText(`${n} 项`, { exact: true })

test('it narrows by kind and field and is ordered, and goes out as a file of what shows', async () => {
  await screen.open('review')
  await waiting(await total()).waitFor()
  await screen.pick(page.locator('main'), '种类', '商铺')
  await screen.pick(page.locator('main'), '事项', '店招')
  const signs = await total('&kind=shop&key=sign_name')
  await waiting(signs).waitFor()
  await screen.pick(page.locator('main'), '排序', '按网格')
  await page.waitForURL(/sort=grid/)
  const { rows } = await desk.get('/conflicts?kind=shop&key=sign_name&sort=grid&limit=50')
  await page.locator('.queue li').first().getByText(rows[0].title[0].zh).first().waitFor()
  await page.reload()
  await waiting(signs).waitFor()
  assert.equal(await page.locator('.queue li').count(), signs)
  await page.getByRole('button', { name: '导出' }).click()
  const coming = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'CSV' }).click()
  const text = await readFile(await (await coming).path(), 'utf8')
  assert.equal(text.trimEnd().split('\n').length, signs + 1)
  await page.getByRole('button', { name: '清除筛选' }).click()
  await waiting(await total()).waitFor()
})

test('a practised supervisor decides each with two keys: the value, and Enter; the reason is kept', async () => {
  let keys = 0
  const press = async (...each) => {
    keys += each.length
    await screen.press(...each)
  }
  const typing = (so) => page.waitForFunction((so) => (document.activeElement?.matches('textarea, input') ?? false) === so, so)
  await page.getByRole('radio').first().waitFor()
  await press('r')
  await typing(true)
  await screen.type('现场核对')
  await screen.press('Escape')
  await typing(false)
  const before = await total()
  keys = 0
  const DECIDED = 6
  for (let n = 0; n < DECIDED; n += 1) {
    const now = await lit().innerText()
    await press('1', 'Enter')
    // The next lies on the desk by itself, and nothing of it is chosen.
    await page.waitForFunction((was) => document.querySelector('.queue [aria-current=true]')?.innerText !== was, now)
    assert.equal(await page.locator('[role=radio][aria-checked=true]').count(), 0)
  }
  assert.equal(keys, 2 * DECIDED)
  assert.equal(await total(), before - DECIDED)
})

test('what was decided last is decided again, and stands among what was decided', async () => {
  await screen.press('u')
  await page.getByText(/^✓ 裁定为「/).waitFor()
  const [record, key] = [await page.locator('.values h2').innerText(), await page.locator('.values .what').innerText()]
  const radios = page.getByRole('radio')
  const first = await radios.nth(0).getAttribute('aria-label')
  const second = (await radios.nth(1).getAttribute('aria-label')).slice(2)
  assert.ok(first)
  await screen.press('2', 'Enter')
  await page.getByText(`已裁定「${key}」为${second}`).waitFor()
  await screen.pick(page.locator('main'), '状态', '已裁定')
  await waiting(6).waitFor()
  const { rows } = await desk.get('/conflicts?state=decided&limit=50')
  assert.ok(rows.some(({ field }) => (field.values[0].label?.zh ?? field.values[0].value) === second), record)
  await page.getByText(/^✓ 裁定为「/).waitFor()
  assert.deepEqual(await screen.axe(), [])
  await page.getByRole('button', { name: '清除筛选' }).click()
  await lit().waitFor()
})

test('keys that look: photo, history and the list of keys; marked, skipped, found', async () => {
  const first = await lit().innerText()
  await screen.press('x')
  await page.getByRole('button', { name: '裁定 1 项' }).waitFor()
  await screen.press('x')
  await page.getByRole('button', { name: '裁定 1 项' }).waitFor({ state: 'detached' })
  await screen.press('s')
  assert.notEqual(await lit().innerText(), first)
  await screen.press('k')
  assert.equal(await lit().innerText(), first)
  await screen.press('h')
  const history = page.getByRole('dialog')
  await history.locator('.change').first().waitFor()
  // Under a dialog they are silent.
  await screen.press('j')
  await screen.press('Escape')
  await history.waitFor({ state: 'hidden' })
  assert.equal(await lit().innerText(), first)
  await screen.press('?')
  await page.getByRole('dialog', { name: '按键' }).getByText('裁定并继续').waitFor()
  await screen.press('Escape')
  await page.getByRole('dialog', { name: '按键' }).waitFor({ state: 'hidden' })
  assert.deepEqual(await screen.axe(), [])
  assert.deepEqual(screen.errors, [])
})
