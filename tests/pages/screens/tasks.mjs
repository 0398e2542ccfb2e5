/** 待办: none, each kind of task that offices give, and a finding that an office took on. */
import { assign, askToVerify, file, sendBack } from '../lib/office.mjs'
import { standIn } from '../lib/standin.mjs'

export async function tasks({ server, phone, look, desk, device, grid, shop }) {
  const { page } = phone
  await standIn(page, { todo: { revisit: [], tasks: [], returned: [], held: [] } })
  await phone.go('tasks', page.getByText('没有待办'))
  await look.at('tasks-empty')
  await standIn(page, {})

  // Whoever has least to do is asked: nobody else is there.
  for (const { id } of (await desk.get('/devices?limit=200')).rows.filter(({ id }) => id !== device.id)) {
    await desk.post(`/devices/${id}/revoke`, { reason: '收回' })
  }
  const values = {
    name: '李四', id_type: 'resident-id', id_number: '31011219900101125X', category: 'from-outside', living_part: 'loft', moved_in: '2026-01-05',
    state: 'living', told: true,
  }
  const { record } = await phone.core('save', { kind: 'resident', place: { with: shop }, values })
  await phone.syncNow()
  await sendBack(server.url, record, '证件照片不清楚')
  await askToVerify(server.url, grid)
  await assign(server.url, await file(server.url, (row) => row.grid === grid))
  await phone.syncNow()

  await phone.go('tasks', page.locator('a.task').nth(1))
  await look.at('tasks', { main: true })
  for (const [name, words] of [['verify', '核查'], ['recollect', '补采']]) {
    await phone.go('tasks', page.locator('a.task').nth(1))
    // Others may be of the demo's own cases.
    await page.locator('a.task').filter({ hasText: words }).last().tap()
    await phone.button('提交').waitFor()
    await look.at(`task-${name}`, { main: true })
  }
  await phone.go('tasks', page.locator('a.task').filter({ hasText: '核查' }).last())
  await page.locator('a.task').filter({ hasText: '核查' }).last().tap()
  await phone.button('提交').tap()
  await page.getByText('请选现场情况').waitFor()
  await look.at('task-missing')
  await phone.go('findings', page.locator('a.card'))
  await look.at('findings-taken')
}
