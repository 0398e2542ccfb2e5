/** A change that is held is taken over in the page: it enters as the supervisor's, and the phone is told. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { duty, onDuty } from './lib/duty.mjs'
import { Screen } from './lib/screen.mjs'

const GRID = '310112901001001'
const OTHER = '310112901001002'
let server, desk, wang, id, screen

before(async () => {
  ;({ server, desk, wang, id } = await onDuty(GRID))
  screen = await Screen.signIn(server.url, 'supervisor')
})

after(async () => {
  for (const one of [screen, wang, server]) await one?.end()
})

/** The phone writes a sign while its grid goes to somebody else: the change waits. */
async function held(sign) {
  const { rows } = await desk.get('/inspectors?limit=200')
  const of = rows.find((row) => row.grids.some((each) => each.grid === GRID))
  await wang.offline(true)
  await wang.shop(id)
  await wang.change('店招', sign)
  await duty(desk, of.id, 'PUT', OTHER)
  await duty(desk, of.id, 'DELETE', GRID)
  await wang.offline(false)
  await wang.syncNow()
}

test('held, taken over with a reason, gone from the list; the dossier has it as an office edit', async () => {
  await held('张记新店')
  const { page } = screen
  await screen.open('review/held')
  const row = page.locator('.el-table__row').filter({ hasText: '张记新店' })
  await row.getByRole('button', { name: '代为录入' }).click()
  const dialog = page.getByRole('dialog', { name: /^代为录入/ })
  const value = dialog.getByRole('checkbox', { name: /张记新店/ })
  await dialog.getByText(/张记新店/).click()
  await dialog.getByLabel('理由').fill('电话核实')
  await dialog.getByRole('button', { name: '代为录入' }).click()
  await dialog.getByText('请至少选一个值').waitFor()
  assert.equal(await value.isChecked(), false)
  await dialog.getByText(/张记新店/).click()
  assert.deepEqual(await screen.axe(), [])
  await dialog.getByRole('button', { name: '代为录入' }).click()
  await page.getByText('没有待处理的修改').waitFor()
  const { fields } = await desk.get(`/records/${id}`)
  const [sign] = fields.find(({ key }) => key === 'sign_name').values
  assert.equal(sign.value, '张记新店')
  assert.equal(sign.by.at(-1).class, 'office')
  assert.deepEqual([...screen.errors, ...wang.errors], [])
})
