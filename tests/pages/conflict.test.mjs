/** Two phones, one shop, no signal: nobody's value is lost, and a decision reaches both. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Phone } from './lib/phone.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, desk, wang, li

before(async () => {
  server = await serve()
  desk = await Desk.signIn(server.url, 'supervisor')
  wang = await Phone.make(server.url)
  li = await Phone.make(server.url)
  await wang.enrol(await desk.ticket(GRID, 0), desk)
  await li.enrol(await desk.ticket(GRID, 1), desk)
})

after(async () => {
  await wang?.end()
  await li?.end()
  await server?.end()
})

test('offline edits of one shop meet as a conflict that a supervisor decides', async () => {
  const [{ id }] = await desk.shops(GRID)
  for (const [phone, name] of [[wang, '张记饭店'], [li, '老张饭店']]) {
    await phone.offline(true)
    await phone.shop(id)
    await phone.change('店招', name)
    await phone.says(/离线 · 1 条已存本机/)
  }

  // Switched off in the basement, and on again: the page comes from the phone, the edit is there.
  await wang.restart(`shop/${id}`)
  await wang.button('店招：张记饭店').waitFor()
  await wang.says(/离线 · 1 条已存本机/)

  for (const phone of [wang, li]) {
    await phone.offline(false)
    await phone.syncNow()
  }
  await wang.syncNow()
  for (const phone of [wang, li]) {
    await phone.shop(id)
    await phone.button(/^店招/).first().tap()
    const sheet = phone.page.getByRole('dialog')
    await sheet.getByText('「店招」有 2 个值，都已保留，待主管裁定。').waitFor()
    await sheet.getByText('张记饭店').first().waitFor()
    await sheet.getByText('老张饭店').first().waitFor()
    await phone.page.goBack()
  }

  await desk.decide(id, 'sign_name', '老张饭店', '看了执照')
  for (const phone of [wang, li]) {
    await phone.syncNow()
    await phone.shop(id)
    await phone.button('店招：老张饭店 主管裁定').waitFor()
  }
  assert.deepEqual([...wang.errors, ...li.errors], [])
})
