/** Another office's list of businesses: taken in, compared, marked, and asked about on a phone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { onDuty } from './lib/duty.mjs'
import { Screen } from './lib/screen.mjs'

const GRID = '310112901001001'
const CODE = '92310112MA1GBX000K'
let server, desk, wang, screen

before(async () => {
  ;({ server, desk, wang } = await onDuty(GRID))
  screen = await Screen.signIn(server.url, 'supervisor')
})

after(async () => {
  for (const one of [screen, wang, server]) await one?.end()
})

test('what nobody reported is found by its credit code, and an inspector is asked', async () => {
  const { page } = screen
  await screen.open('registrations')
  await page.getByRole('button', { name: '导入名单' }).click()
  const drawer = page.getByRole('dialog', { name: '导入名单' })
  const list = `uscc,name,address\n${CODE},梧桐里新店,梧桐里路 8888 号\n1234,不对,\n`
  await drawer.locator('input[type=file]').setInputFiles({ name: '十月名单.csv', mimeType: 'text/csv', buffer: Buffer.from(list) })
  await drawer.getByRole('button', { name: '导入名单' }).click()
  await drawer.getByText('第 3 行：信用代码不对').waitFor()
  await screen.press('Escape')
  await page.getByRole('link', { name: '十月名单' }).click()
  const row = page.locator('.el-table__row').filter({ hasText: CODE })
  await row.getByText('我方没有').waitFor()
  await row.getByRole('button', { name: '补采' }).click()
  const dialog = page.getByRole('dialog', { name: '补采' })
  await screen.pick(dialog, '派给哪个网格（按住所）', '第 1 网格')
  await dialog.getByLabel('理由').fill('看看梧桐里路 8888 号是不是新店')
  await dialog.getByRole('button', { name: '补采' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await row.getByText(/^补采/).first().waitFor()
  assert.deepEqual(await screen.axe(), [])
  await row.getByRole('button', { name: '不处理' }).click()
  const ignoring = page.getByRole('dialog', { name: '不处理' })
  await ignoring.getByLabel('理由').fill('已搬走')
  await ignoring.getByRole('button', { name: '不处理' }).click()
  await row.getByRole('button', { name: '重新待办' }).waitFor()
  const [made] = (await desk.get('/registrations')).rows
  const { rows } = await desk.get(`/registrations/${made.id}/rows?mark=ignored`)
  assert.deepEqual(rows.map((each) => [each.status, each.marked_why, each.task !== null]), [['unknown', '已搬走', true]])
  assert.deepEqual(screen.errors, [])
})
