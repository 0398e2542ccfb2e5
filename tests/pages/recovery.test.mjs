/** A forgotten passphrase, and a book that the browser cleared: what is lost is said, the rest is kept. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { onDuty } from './lib/duty.mjs'

const GRID = '310112901001001'
const FORGOTTEN = '新的 口令 不会 忘了'
let server, desk, wang, device, id

before(async () => {
  ;({ server, desk, wang, device, id } = await onDuty(GRID))
})

after(async () => {
  await wang?.end()
  await server?.end()
})

async function storage(command, more = {}) {
  const session = await wang.context.newCDPSession(wang.page)
  const answer = await session.send(`Storage.${command}`, { origin: server.url, ...more })
  await session.detach()
  return answer
}

test('a forgotten passphrase costs nothing: a supervisor gives the book back', async () => {
  await wang.offline(true)
  await wang.shop(id)
  await wang.change('店招', '忘了口令')
  await wang.context.close()
  await wang.launch()
  await wang.open()
  await wang.offline(false)
  await wang.button('忘记口令').tap()
  await wang.button('发送请求').tap()
  await wang.page.getByText(/^已发送。/).waitFor()
  await desk.post(`/devices/${device.id}/recovery`, { approve: true, reason: '当面核对' })
  await wang.page.getByRole('heading', { name: '设新口令' }).waitFor()
  await wang.page.locator('#secret-1').fill(FORGOTTEN)
  await wang.page.locator('#secret-2').fill(FORGOTTEN)
  await wang.button('完成').tap()
  await wang.page.getByRole('navigation').waitFor()
  await wang.shop(id)
  await wang.button('店招：忘了口令').waitFor()
  await wang.syncNow()
  const { fields } = await desk.get(`/records/${id}`)
  assert.deepEqual(fields.find(({ key }) => key === 'sign_name').values.map(({ value }) => value), ['忘了口令'])

  await wang.context.close()
  await wang.launch()
  await wang.open()
  await wang.unlock(FORGOTTEN)
  await wang.page.getByRole('navigation').waitFor()
})

test('a cleared book is said, with what to do', async () => {
  await wang.page.goto('about:blank')
  await storage('clearDataForOrigin', { storageTypes: 'file_systems' })
  await wang.open()
  await wang.page.getByRole('heading', { name: '数据被系统清除' }).waitFor()
  await wang.page.getByText(/已送达的都在服务器上。请向主管领启用码。/).waitFor()
  await wang.button('用新启用码重新启用').tap()
  await wang.button('输入启用码').or(wang.page.getByText(/先安装再采集/)).first().waitFor()
})
