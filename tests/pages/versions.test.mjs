/** A version of the schemas: uploaded at the console, tried on one phone while a form is open there, published to both. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { onDuty } from './lib/duty.mjs'
import { Phone } from './lib/phone.mjs'
import { Screen } from './lib/screen.mjs'

const GRID = '310112901001001'
const FIELD = 'field = [\n  { name = "awning", zh = "雨棚", en = "Awning", type = "flag" },'
const CODE = 'code = [\n  { code = "biogas", zh = "沼气", en = "Biogas" },'
let server, desk, wang, li, device, id, admin

before(async () => {
  ;({ server, desk, wang, device, id } = await onDuty(GRID))
  li = await Phone.make(server.url)
  await li.enrol(await desk.ticket(GRID), desk)
  admin = await Screen.signIn(server.url, 'admin')
})

after(async () => {
  for (const one of [admin, wang, li, server]) await one?.end()
})

/** A file of the version in force, changed, as somebody chooses it. */
async function changed(name, ...pairs) {
  const text = await readFile(new URL(`../../schemas/${name}`, import.meta.url), 'utf8')
  const buffer = Buffer.from(pairs.reduce((so, [from, to]) => so.replace(from, to), text))
  return { name: name.split('/').at(-1), mimeType: 'text/plain', buffer }
}

/** The version that a phone works with, once it is that one. */
async function works(phone, version) {
  for (let times = 0; times < 60; times += 1) {
    const { schema } = await phone.core('standing')
    if (schema.version === version && schema.ready === null) return schema
    await phone.syncNow()
  }
  return assert.fail(`never version ${version}`)
}

/** What need not be filled in is folded away. */
const unfold = (phone) => phone.page.locator('button.fold[aria-expanded=false]').first().tap()

async function form(phone) {
  await phone.go(`form/shop/${id}`, phone.page.getByRole('textbox', { name: /^店招/ }))
  await unfold(phone)
  await phone.page.getByText('用气').first().waitFor()
}

const awning = (phone) => phone.page.getByRole('radiogroup', { name: '雨棚' })
const valueAtDesk = async () => (await desk.get(`/records/${id}`)).fields.find(({ key }) => key === 'awning')?.values.map(({ value }) => value)

test('what an administrator uploads is compared, and tried on one phone that has a form open', async () => {
  const { page } = admin
  await wang.offline(true)
  await form(wang)
  await wang.page.getByRole('textbox', { name: /^店招/ }).fill('填到一半')
  await wang.page.getByText('草稿已存').waitFor()

  await admin.open('rules')
  await page.getByRole('button', { name: '上传新版本' }).click()
  await page.locator('input[type=file]').setInputFiles([
    await changed('schema.toml', ['version = 1', 'version = 2']),
    await changed('kinds/shop.toml', ['version = 1', 'version = 2'], ['field = [', FIELD]),
    await changed('codes/gas.toml', ['code = [', CODE]),
  ])
  await page.getByRole('button', { name: '检查', exact: true }).click()
  await page.getByText('新增字段：雨棚 (shop.awning)').waitFor()
  await page.getByText('新增代码：沼气 (gas#biogas)').waitFor()
  await page.getByRole('button', { name: '存为草案 2' }).click()
  const asking = page.getByRole('dialog', { name: '存为草案 2' })
  await asking.getByRole('textbox').fill('雨棚整治')
  await asking.getByRole('button', { name: '存为草案 2' }).click()
  const drawer = page.getByRole('dialog', { name: '版本 2' })
  await admin.pick(drawer, '选试用手机', new RegExp(device.id.slice(-4)))
  await admin.press('Escape')
  await drawer.getByRole('button', { name: /部手机试用/ }).click()
  await page.getByRole('cell', { name: '1 部', exact: true }).waitFor()
  const { rows } = await desk.get('/schemas/versions')
  assert.deepEqual(rows.find(({ version }) => version === 2).trial, [device.id])

  // The draft comes while the form is open, and waits for it.
  await wang.offline(false)
  await wang.page.getByText('新表单已备好，保存后更新。').waitFor()
  assert.equal(await awning(wang).count(), 0)
  assert.equal(await wang.page.getByRole('textbox', { name: /^店招/ }).inputValue(), '填到一半')
  await wang.button('保存').tap()
  await wang.page.getByText('新表单已备好，保存后更新。').waitFor({ state: 'detached' })
  assert.deepEqual(await works(wang, 2), { version: 2, draft: true, ready: null, refused: null })
})

test('its form asks what the draft asks, also without signal; the other phone knows nothing of it', async () => {
  await wang.offline(true)
  await wang.restart(`form/shop/${id}`)
  await unfold(wang)
  await awning(wang).getByRole('radio', { name: '是' }).tap()
  await wang.button('保存').tap()
  await wang.page.locator(`a[href$="/history/${id}"]`).waitFor()
  await wang.offline(false)
  await wang.syncNow()
  await li.syncNow()
  assert.equal((await li.core('standing')).schema.version, 1)
  await form(li)
  assert.equal(await awning(li).count(), 0)
  assert.equal(await li.page.getByRole('textbox', { name: /^店招/ }).inputValue(), '填到一半', 'what was written before entered')
  let held = []
  for (let times = 0; times < 30 && held.length === 0; times += 1) {
    await wang.syncNow()
    ;({ held } = await wang.core('todo'))
  }
  assert.deepEqual(held.map(({ record }) => record), [id])
  assert.equal(await valueAtDesk(), undefined)
})

test('published, it is on both phones, and what waited stands at the console', async () => {
  const { page } = admin
  const drawer = page.getByRole('dialog', { name: '版本 2' })
  await drawer.getByRole('button', { name: '发布版本 2' }).click()
  const asking = page.getByRole('dialog', { name: '发布版本 2' })
  await asking.getByRole('textbox').fill('试用无误')
  await asking.getByRole('button', { name: '发布版本 2' }).click()
  await drawer.getByText('现行', { exact: true }).waitFor()
  assert.deepEqual(await admin.axe(), [])

  const schema = { version: 2, draft: false, ready: null, refused: null }
  await wang.syncNow()
  assert.deepEqual(await works(wang, 2), schema)
  assert.deepEqual(await works(li, 2), schema)
  assert.deepEqual(await valueAtDesk(), [true])
  await wang.syncNow()
  assert.deepEqual((await wang.core('todo')).held, [])
  await li.syncNow()
  await form(li)
  assert.equal(await awning(li).getByRole('radio', { name: '是' }).getAttribute('aria-checked'), 'true')

  const supervisor = await Screen.signIn(server.url, 'supervisor')
  try {
    await supervisor.open(`records/${id}`)
    await supervisor.page.getByText('雨棚').first().waitFor()
  } finally {
    await supervisor.end()
  }
  assert.deepEqual([...wang.errors, ...li.errors, ...admin.errors], [])
})
