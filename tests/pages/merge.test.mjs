/** Shops that are one: merged field by field in one act, and taken back; held and refused changes. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, desk, screen, page, shops

before(async () => {
  server = await serve()
  desk = await Desk.signIn(server.url, 'supervisor')
  screen = await Screen.signIn(server.url, 'supervisor')
  ;({ page } = screen)
  shops = (await desk.shops(GRID)).filter((shop) => shop.conflicts === 0).slice(0, 2)
  await set(shops[0].id, { door_no: '梧桐里路90号', unit_no: null, sign_name: '顺发百货商店', gas: 'none' })
  await set(shops[1].id, { door_no: '梧桐里路90号', unit_no: null, sign_name: '顺发百货', gas: 'piped' })
})

after(async () => {
  for (const one of [screen, server]) await one?.end()
})

/** Writes fields of a record, as an office does. */
async function set(id, values) {
  const { etag } = await desk.get(`/records/${id}`)
  const edits = Object.entries(values).map(([key, value]) => (value === null ? { op: 'clear', key } : { op: 'set', key, value }))
  await desk.post(`/records/${id}/edits`, { edits, reason: '现场核对' }, { 'if-match': etag })
}

const fields = async (id) => Object.fromEntries((await desk.get(`/records/${id}`)).fields.map((field) => [field.key, field.values[0]?.value ?? null]))

test('a pair is merged with the values that were picked, in one act, and taken back as one', async () => {
  await screen.open('review/duplicates')
  const row = page.locator('.el-table__row').filter({ hasText: '顺发百货' })
  await row.getByRole('button', { name: '逐项对比' }).click()
  const panel = page.getByRole('dialog', { name: '逐项对比' })
  const [stays, goes] = (await panel.locator('thead th').allInnerTexts())[1].includes('商店') ? shops : shops.toReversed()
  const before = await fields(stays.id)
  const lost = await fields(goes.id)
  await panel.getByRole('row').filter({ hasText: '用气' }).getByRole('radio').last().check()
  await panel.getByRole('row').filter({ hasText: '店招' }).getByRole('radio').last().check()
  const along = panel.locator('.entries input')
  if (await along.count()) await along.first().check()
  assert.deepEqual(await screen.axe(), [])
  // Somebody writes the shop meanwhile: told, what was picked and written stays.
  await panel.getByRole('textbox', { name: '理由' }).fill('同一家，重复登记')
  await set(stays.id, { lease_end: '2028-12-31' })
  await panel.getByRole('button', { name: '合并为一户' }).click()
  await panel.getByText('别人刚改过，已重新读取').waitFor()
  assert.equal(await panel.getByRole('row').filter({ hasText: '用气' }).getByRole('radio').last().isChecked(), true)
  await panel.getByRole('button', { name: '合并为一户' }).click()
  await panel.getByText('已合并').waitFor()
  const merged = await fields(stays.id)
  assert.equal(merged.gas, lost.gas)
  assert.equal(merged.sign_name, lost.sign_name)
  assert.equal((await desk.get(`/records/${goes.id}`)).merged_into, stays.id)

  // One of the values is written anew; undoing leaves it and says so.
  await set(stays.id, { gas: 'bottled' })
  await panel.getByRole('button', { name: '撤销合并' }).click()
  await panel.getByText('已撤销合并；用气之后有人改过，保留现在的值。').waitFor()
  const back = await fields(stays.id)
  assert.equal(back.sign_name, before.sign_name)
  assert.equal(back.gas, 'bottled')
  assert.equal((await desk.get(`/records/${goes.id}`)).merged_into ?? null, null)
})

test('a pair that is two shops is not suggested again', async () => {
  const panel = page.getByRole('dialog', { name: '逐项对比' })
  await panel.getByRole('button', { name: '是两户' }).click()
  const why = page.getByRole('dialog', { name: '是两户' })
  await why.getByLabel('理由').fill('一楼和二楼')
  await why.getByRole('button', { name: '是两户' }).click()
  await page.getByText('没有疑似重复').waitFor()
  assert.deepEqual(screen.errors, [])
})
