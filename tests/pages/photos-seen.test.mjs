/** Photos at the console: beside what they prove, enlarged by keyboard, on paper; and one that has not arrived says so. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { onDuty } from './lib/duty.mjs'
import { assign, file } from './lib/office.mjs'
import { picture } from './lib/picture.mjs'
import { Screen } from './lib/screen.mjs'

const GRID = '310112901001001'
/** Whose third inspector's line broke. */
const LAST_GRID = '310112901004002'
let server, desk, wang, id, screen

before(async () => {
  ;({ server, desk, wang, id } = await onDuty(GRID, { fronted: true }))
  screen = await Screen.signIn(server.url, 'supervisor')
})

after(async () => {
  for (const one of [wang, screen, server]) await one?.end()
})

const photosOf = ({ fields, groups }) => [...fields, ...groups.flatMap(({ entries }) => entries.flatMap((entry) => entry.fields))]
  .filter(({ type }) => type === 'photo').map(({ values }) => values[0].value)

/** So many pictures show that were read whole. */
const looks = (page, count, within) => page.waitForFunction(([within, count]) => {
  const whole = [...document.querySelectorAll(`${within} img`)].filter((one) => one.naturalWidth > 0 && one.checkVisibility())
  return whole.length === count
}, [within, count])
const images = async (page) => (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Subtype\s*\/Image/g)?.length ?? 0

/** The finding of the demo whose phone lost its line within its photos, and what of it is there. */
async function cutOff() {
  const { rows } = await desk.get(`/records?kind=finding&grid=${LAST_GRID}&limit=200`)
  for (const row of rows) {
    const record = await desk.get(`/records/${row.id}`)
    const there = []
    for (const sha of photosOf(record)) there.push((await desk.raw('GET', `/records/${row.id}/files/${sha}`)).status)
    if (there.includes(404)) return { record, there }
  }
  throw new Error('every photo has arrived')
}

test('a dossier shows its photos when asked, large by keyboard, and prints them; one that has not arrived says so', async () => {
  const { record, there } = await cutOff()
  assert.deepEqual(there.toSorted(), [200, 404])
  const { page } = screen
  await screen.open(`records/${record.follows}`)
  const all = page.getByRole('button', { name: /^看全部照片/ })
  await all.waitFor()
  assert.equal(await page.locator('.sheet img').count(), 0, 'nothing is looked at before it is asked for')
  assert.equal(await images(page), 0)
  const { tied, shop } = await desk.get(`/records/${record.follows}/dossier`)
  const count = [shop, ...tied.flatMap(({ records }) => records)].flatMap(photosOf).length
  await all.click()
  await page.getByText('照片还在手机里，没送到').waitFor()
  await looks(page, count - 1, '.sheet')
  assert.ok(await images(page) >= count - 1, 'on paper too')

  const first = page.locator('.sheet').getByRole('button', { name: /^放大/ }).first()
  await first.focus()
  await screen.press('Enter')
  const large = page.getByRole('dialog', { name: /照片/ })
  await large.locator('img').waitFor()
  await screen.press('Escape')
  await large.waitFor({ state: 'detached' })
  assert.ok(await first.evaluate((node) => node === document.activeElement), 'where the hand was')
  assert.deepEqual(await screen.axe(), [])
  assert.deepEqual(screen.errors, [])
})

test('a look at a photo stands in the trace, once', async () => {
  const auditor = await Desk.signIn(server.url, 'auditor')
  const views = async () => (await auditor.get('/audit?act=file.view&limit=200')).rows.length
  const [{ record: shop }] = (await desk.get('/conflicts?kind=shop&limit=1')).rows
  const before = await views()
  const { page } = screen
  await screen.open(`records/${shop}`)
  await page.getByRole('button', { name: /^看照片/ }).first().click()
  await looks(page, 1, '.sheet')
  await page.getByRole('button', { name: /^放大/ }).click()
  await page.getByRole('dialog').locator('img').waitFor()
  await screen.press('Escape')
  assert.equal(await views(), before + 1)
})

test('a conflict has the licence beside it, at a key, and keeps it for the next one', async () => {
  const { page } = screen
  await screen.open('review?kind=shop')
  await page.getByRole('radiogroup').waitFor()
  await page.locator('.evidence').getByRole('button', { name: /^看照片/ }).waitFor()
  await page.locator('h1').click()
  await screen.press('p')
  await looks(page, 1, '.evidence')
  assert.match(await page.locator('.evidence figcaption').innerText(), / · .+ · 手机/, 'who took it, and when')
  const which = () => page.locator('.values header').innerText()
  const first = await which()
  await screen.press('r')
  await screen.type('看了执照')
  await screen.press('Escape', '1', 'Enter')
  await page.getByText('✓ ').first().waitFor()
  assert.notEqual(await which(), first, 'the next one lies there')
  await looks(page, 1, '.evidence')
  await screen.press('p')
  await looks(page, 0, '.evidence')
  assert.deepEqual(screen.errors, [])
})

test('what a phone photographs says that it is on its way, and shows once it is there', async () => {
  const cut = server.front.cutAfter(1_000)
  await wang.shop(id)
  await wang.button('报问题').tap()
  await wang.page.getByRole('radio').first().tap()
  await wang.page.locator('input[type=file]').setInputFiles(picture({ width: 640, height: 480 }))
  await wang.button('照片 1').waitFor()
  await wang.button('保存').tap()
  await cut
  await server.settle()
  const known = await desk.get(`/records/${id}/dossier`)
  const finding = known.tied.find(({ kind }) => kind === 'finding').records.toSorted((a, b) => b.version - a.version)
    .find((record) => photosOf(record).length && record.conflicts.length === 0)
  assert.ok(finding)
  const { page } = screen
  await screen.open(`records/${id}`)
  await page.getByRole('button', { name: /^看全部照片/ }).click()
  await page.getByText('照片还在手机里，没送到').waitFor()
  server.front.mend()
  await wang.syncNow()
  await wang.says(/^已同步/)
  await page.getByRole('button', { name: '重试' }).click()
  await page.getByText('照片还在手机里，没送到').waitFor({ state: 'detached' })
  assert.equal(await page.locator('.sheet img').first().evaluate((img) => img.complete && img.naturalWidth > 0), true)
  assert.deepEqual([...wang.errors, ...screen.errors], [])
})

test('the office that has the case sees what was found, with its photo, and nothing of who reported it', async () => {
  const found = await file(server.url, () => true)
  const { record } = await found.centre.get(`/cases/${found.id}`)
  const known = await found.centre.get(`/records/${record}`)
  const office = await assign(server.url, found)
  const { office: name, login } = await office.get('/session')
  assert.notEqual(name, 'linkage-centre')
  assert.equal((await office.raw('GET', `/records/${record}`)).status, 404, 'the record itself is not theirs')
  const clerk = await Screen.signIn(server.url, login)
  try {
    await clerk.open(`cases/${found.id}`)
    const remark = known.fields.find(({ key }) => key === 'remark').values[0]
    await clerk.page.getByText(remark.value).waitFor()
    await clerk.page.getByRole('button', { name: /^看照片/ }).first().click()
    await looks(clerk.page, 1, 'main')
    const other = (await desk.get('/records?kind=finding&limit=50')).rows.find((row) => row.id !== record)
    const [photo] = photosOf(await desk.get(`/records/${other.id}`))
    assert.equal((await office.raw('GET', `/cases/${found.id}/files/${photo}`)).status, 404, 'not that of another one')
    const said = JSON.stringify(await office.get(`/cases/${found.id}`))
    assert.ok(!said.includes(remark.by[0].name), 'a handler reads the author as inspector')
    assert.deepEqual(clerk.errors, [])
  } finally {
    await clerk.end()
  }
})

test('a phone says in words that a licence has a photo, and shows it', async () => {
  let shop
  for (const row of await desk.shops(GRID)) if (photosOf(await desk.get(`/records/${row.id}`)).length) shop = row.id
  await wang.shop(shop)
  await wang.button(/至 \d{4}-/).first().tap()
  await wang.button(/^照片：有照片/).tap()
  await wang.page.getByRole('dialog').locator('img').waitFor()
  assert.deepEqual(wang.errors, [])
})
