/** Edit 3 of 7 is refused: it comes back to be corrected, and 4 to 7 reach the server made again. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { duty } from './lib/duty.mjs'
import { Look } from './lib/look.mjs'
import { Phone } from './lib/phone.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
const OTHER = '310112901001002'
let server, desk, wang, inspector, id

before(async () => {
  server = await serve()
  desk = await Desk.signIn(server.url, 'supervisor')
  wang = await Phone.make(server.url)
  const ticket = await desk.ticket(GRID)
  inspector = ticket.inspector.id
  await wang.enrol(ticket, desk)
  ;[{ id }] = await desk.shops(GRID)
})

after(async () => {
  await wang?.end()
  await server?.end()
})

async function edit(...changes) {
  for (const [label, value] of changes) {
    await wang.shop(id)
    await wang.change(label, value)
  }
}

test('edit 3 of 7 is refused and corrected, 4 to 7 are made again', async () => {
  await edit(['店招', '一号店'], ['店招', '二号店'])
  await wang.syncNow()

  await wang.offline(true)
  await edit(['店招', '三号店'])
  await duty(desk, inspector, 'PUT', OTHER)
  await duty(desk, inspector, 'DELETE', GRID)
  await wang.offline(false)
  await wang.syncNow()
  const { rows } = await desk.get('/held')
  const third = rows.find((row) => row.record === id)
  assert.ok(third, 'held, because the grid is another inspector’s')
  await duty(desk, inspector, 'PUT', GRID)
  await wang.syncNow()

  await wang.offline(true)
  await edit(['道路门牌', '临江路 4 号'], ['铺位号', '五'], ['道路门牌', '临江路 6 号'], ['铺位号', '七'])
  await wang.die()
  await wang.launch()
  await wang.open(`shop/${id}`)
  await wang.unlock()
  await wang.button('铺位号：七').waitFor()
  await desk.post(`/held/${third.id}/refuse`, { reason: '店招看错了' }, { 'if-match': `"v${third.version}"` })
  await wang.offline(false)
  await wang.syncNow()

  await wang.page.evaluate(() => { location.hash = '#/tasks' })
  await wang.page.getByText(/「店招」未接收/).waitFor()
  const look = new Look(wang.page)
  await look.at('tasks-refused')
  await wang.button('改正').first().tap()
  await wang.page.getByLabel(/^店招/).fill('三号老店')
  await look.at('form-refused')
  assert.deepEqual(look.faults, [])
  await wang.button('改正并重发').tap()
  await wang.page.getByRole('heading', { name: '待办' }).waitFor()
  await wang.page.getByText(/「店招」未接收/).waitFor({ state: 'detached' })
  await wang.syncNow()

  const { fields } = await desk.get(`/records/${id}`)
  const shown = (key) => fields.find((field) => field.key === key).values.map((value) => value.value)
  assert.deepEqual(shown('sign_name'), ['三号老店'])
  assert.deepEqual(shown('door_no'), ['临江路 6 号'])
  assert.deepEqual(shown('unit_no'), ['七'])
  assert.equal((await desk.get('/held')).rows.length, 0)
})
