/** Versions of the schemas by the console's page: what is wrong, what changes, a trial, publication and withdrawal. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

let server, desk, screen, page, inForce, files

before(async () => {
  server = await serve({ shops: 60 })
  desk = await Desk.signIn(server.url, 'admin')
  const { rows } = await desk.get('/schemas/versions')
  inForce = rows.find((row) => row.in_force).version
  files = (await desk.get(`/schemas/versions/${inForce}`)).files
  screen = await Screen.signIn(server.url, 'admin')
  page = screen.page
  await screen.open('rules')
})

after(async () => {
  for (const one of [screen, server]) await one?.end()
})

const textOf = (name) => files.find((file) => file.name === name).text
/** As the desk's disk has it: the name alone, without the folder. */
const onDisk = (name, text) => ({ name: name.split('/').at(-1), mimeType: 'text/plain', buffer: Buffer.from(text) })
const numbered = (version) => onDisk('schema.toml', textOf('schema.toml').replace(/^version = \d+/m, `version = ${version}`))
/** The kind of shops with one field more, and its own number raised. */
const shopWith = (line) => onDisk('kinds/shop.toml', textOf('kinds/shop.toml')
  .replace(/^version = (\d+)/m, (_, version) => `version = ${Number(version) + 1}`)
  .replace(/^field = \[\n/m, (head) => `${head}${line}\n`))
const drawer = () => page.getByRole('dialog', { name: '上传新版本' })

async function choose(...chosen) {
  await drawer().locator('input[type=file]').setInputFiles(chosen)
  await drawer().getByText(/^已选：/).waitFor()
}

test('a file that is wrong is told with its line and what to write instead, and is not kept', async () => {
  await page.getByRole('button', { name: '上传新版本' }).click()
  await drawer().waitFor()
  assert.equal(await drawer().getByRole('button', { name: '检查' }).isDisabled(), true)
  const bad = shopWith('  { name = "awning", zh = "雨棚", en = "Awning", type = "chioce" },')
  const line = bad.buffer.toString().split('\n').findIndex((text) => text.includes('"awning"')) + 1
  await choose(numbered(inForce + 1), bad)
  await drawer().getByText('已选：schema.toml、kinds/shop.toml').waitFor()
  await drawer().getByRole('button', { name: '检查' }).click()
  const found = drawer().getByRole('listitem').filter({ hasText: `kinds/shop.toml 第 ${line} 行` })
  await found.first().waitFor()
  const answer = await desk.raw('POST', '/schemas/checks', { files: [{ name: 'kinds/shop.toml', text: bad.buffer.toString() }, { name: 'schema.toml', text: numbered(inForce + 1).buffer.toString() }] })
  const { faults } = await answer.json()
  const [fault] = faults.filter((one) => one.file === 'kinds/shop.toml')
  await found.getByText(fault.message).waitFor()
  if (fault.help) await found.getByText(fault.help).waitFor()
  assert.equal(await drawer().getByRole('button', { name: /^存为草案/ }).count(), 0)
  assert.deepEqual(await screen.axe(), [])
})

test('a version that is not higher is refused in words', async () => {
  await choose(numbered(inForce), shopWith('  { name = "awning", zh = "雨棚", en = "Awning", type = "flag" },'))
  await drawer().getByRole('button', { name: '检查' }).click()
  await drawer().getByRole('heading', { name: '不能接在现行版本之后' }).waitFor()
  assert.equal(await drawer().getByRole('button', { name: /^存为草案/ }).count(), 0)
})

test('a good one says what it changes and is kept as a draft', async () => {
  const version = inForce + 1
  await choose(numbered(version), shopWith('  { name = "awning", zh = "雨棚", en = "Awning", type = "flag" },'))
  await drawer().getByRole('button', { name: '检查' }).click()
  await drawer().getByText('可以接在现行版本之后。').waitFor()
  await drawer().getByRole('listitem').filter({ hasText: '雨棚' }).waitFor()
  await drawer().getByRole('button', { name: `存为草案 ${version}` }).click()
  const asked = page.getByRole('dialog', { name: `存为草案 ${version}` })
  await asked.getByLabel('理由').fill('商铺加雨棚')
  await asked.getByRole('button', { name: `存为草案 ${version}` }).click()
  const one = page.getByRole('dialog', { name: `版本 ${version}` })
  await one.getByText('草案', { exact: true }).waitFor()
  await one.getByRole('listitem').filter({ hasText: '雨棚' }).waitFor()
  assert.deepEqual(await screen.axe(), [])
})

test('a draft is tried on a phone, and the trial ends', async () => {
  const version = inForce + 1
  const one = page.getByRole('dialog', { name: `版本 ${version}` })
  const { rows } = await desk.get('/devices?standing=in_use&limit=1')
  const trial = async () => (await desk.get(`/schemas/versions/${version}`)).trial
  await screen.pick(one, '选试用手机', `${rows[0].name} ${rows[0].id.slice(-4)}`)
  await screen.press('Escape')
  await one.getByRole('button', { name: '1 部手机试用' }).click()
  const row = page.locator('.el-table__row').first()
  await row.getByText('1 部', { exact: true }).waitFor()
  assert.deepEqual(await trial(), [rows[0].id])
})

test('publishing is confirmed with a reason; then the version is in force for all', async () => {
  const version = inForce + 1
  const one = page.getByRole('dialog', { name: `版本 ${version}` })
  const act = `发布版本 ${version}`
  await one.getByRole('button', { name: act }).click()
  const asked = page.getByRole('dialog', { name: act })
  await asked.getByText(/不能收回/).waitFor()
  await asked.getByRole('button', { name: act }).click()
  assert.equal((await desk.get(`/schemas/versions/${version}`)).in_force, false, 'not without a reason')
  await asked.getByLabel('理由').fill('试用完毕')
  await asked.getByRole('button', { name: act }).click()
  await one.getByText('现行', { exact: true }).waitFor()
  assert.equal((await desk.get(`/schemas/versions/${version}`)).in_force, true)
  const reader = await Desk.signIn(server.url, 'supervisor')
  const { kinds } = await reader.get('/schemas')
  assert.ok(kinds.find(({ name }) => name === 'shop').fields.some(({ path }) => path === 'awning'))
  files = (await desk.get(`/schemas/versions/${version}`)).files
})

test('a draft that somebody else changed is read again; it is withdrawn, and stands as such', async () => {
  const version = inForce + 2
  const named = (name, text) => ({ name, text })
  await desk.post('/schemas/versions', { files: [named('schema.toml', numbered(version).buffer.toString()), named('kinds/shop.toml', shopWith('  { name = "canopy", zh = "门头灯", en = "Front light", type = "flag" },').buffer.toString())], reason: '再加一项' })
  await screen.open(`rules?version=${version}`)
  await page.reload()
  const one = page.getByRole('dialog', { name: `版本 ${version}` })
  const act = `撤回草案 ${version}`
  await one.getByRole('button', { name: act }).waitFor()
  // Elsewhere somebody chooses a phone for it.
  const { rows } = await desk.get('/devices?standing=in_use&limit=1')
  const { revision } = await desk.get(`/schemas/versions/${version}`)
  await desk.call('PUT', `/schemas/versions/${version}/trial`, { devices: [rows[0].id] }, { 'if-match': `"v${revision}"` })
  await one.getByRole('button', { name: act }).click()
  const asked = page.getByRole('dialog', { name: act })
  await asked.getByLabel('理由').fill('不要了')
  await asked.getByRole('button', { name: act }).click()
  await asked.getByRole('alert').waitFor()
  assert.equal(await asked.getByLabel('理由').inputValue(), '不要了')
  await asked.getByRole('button', { name: act }).click()
  await one.getByText('已撤回', { exact: true }).waitFor()
  assert.deepEqual(await screen.axe(), [])
  assert.deepEqual(screen.errors, [])
})
