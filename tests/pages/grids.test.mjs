/** Grids at the console: outlines drawn and typed, shops moved by rectangle, and the overview that tells it live. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
const OTHER = '310112901001002'
/** The only one that the demo's people have not drawn. */
const UNDRAWN = '310112901004002'
let server, desk, screen, page

before(async () => {
  server = await serve({ shops: 96 })
  desk = await Desk.signIn(server.url, 'supervisor')
  screen = await Screen.signIn(server.url, 'supervisor')
  page = screen.page
})

after(async () => {
  for (const one of [screen, server]) await one?.end()
})

const corners = async (grid) => (await desk.get('/grids')).rows.find((row) => row.grid === grid).outline?.coordinates[0] ?? []

/** A place on the map, as shares of its sheet. */
async function at([x, y]) {
  const box = await page.locator('svg.map').boundingBox()
  return [box.x + box.width * x, box.y + box.height * y]
}

test('shops in a rectangle go to another grid in one request; what somebody changed meanwhile stays and is named', async () => {
  const shops = await desk.shops(GRID)
  await screen.open(`people/grids?of=${GRID}`)
  const asked = []
  page.on('request', (request) => { if (/\/api\/v1\/records/.test(request.url())) asked.push(`${request.method()} ${new URL(request.url()).pathname}`) })
  await page.waitForFunction((n) => document.querySelectorAll('svg .point').length === n, shops.length)
  await page.getByText('框', { exact: true }).click()
  await page.mouse.move(...await at([0.01, 0.01]))
  await page.mouse.down()
  await page.mouse.move(...await at([0.99, 0.99]), { steps: 4 })
  await page.mouse.up()
  await page.getByText(`已选 ${shops.length} / ${shops.length} 户`).waitFor()
  const [changed] = shops
  const { etag } = await desk.get(`/records/${changed.id}`)
  await desk.post(`/records/${changed.id}/edits`, { edits: [{ op: 'set', key: 'sign_name', value: '换了招牌' }], reason: '现场核对' }, { 'if-match': etag })
  await screen.pick(page.locator('main'), '移到哪个网格', '第 2 网格')
  await page.getByRole('button', { name: '移到别的网格' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('理由').fill('划界调整')
  await dialog.getByRole('button', { name: `移动 ${shops.length} 户到第 2 网格` }).click()
  await page.getByText(`已移 ${shops.length - 1} 户到第 2 网格。`).waitFor()
  const name = changed.title.map(({ zh }) => zh).filter(Boolean).join(' · ')
  await page.getByRole('alert').filter({ hasText: '1 户没有移：' }).getByText(name).waitFor()
  assert.deepEqual((await desk.shops(GRID)).map(({ id }) => id), [changed.id])
  assert.equal(asked.filter((one) => one === 'POST /api/v1/records/moves').length, 1)
  assert.equal(asked.some((one) => /^GET .*records\/[0-9a-f]{32}$/.test(one)), false, 'places come with the list')
  assert.deepEqual(await screen.axe(), [])
})

test('a map is looked at closer by wheel, buttons and keys, moved by hand, and shops are chosen on it all the same', async () => {
  const shops = await desk.shops(OTHER)
  await screen.open(`people/grids?of=${OTHER}`)
  await page.waitForFunction((n) => document.querySelectorAll('svg .point').length === n, shops.length)
  const spread = async () => {
    const boxes = await page.locator('svg .point').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().x))
    return Math.max(...boxes) - Math.min(...boxes)
  }
  const whole = await spread()
  await page.mouse.move(...await at([0.5, 0.5]))
  await page.mouse.wheel(0, -200)
  await page.waitForFunction((wanted) => {
    const all = [...document.querySelectorAll('svg .point')].map((one) => one.getBoundingClientRect().x)
    return Math.max(...all) - Math.min(...all) > wanted
  }, whole * 1.2)
  const wheeled = await spread()
  await page.getByRole('button', { name: '放大' }).click()
  const pressed = await spread()
  assert.ok(pressed > wheeled * 1.2, 'by button')
  await page.locator('svg.map').focus()
  await screen.press('-', '-')
  assert.ok(await spread() < pressed / 1.2, 'by key')
  await screen.press('+', '+')
  // Moved by hand, nobody is chosen.
  await page.getByText('移图', { exact: true }).click()
  const first = page.locator('svg .point').first()
  const { x } = await first.boundingBox()
  await page.mouse.move(...await at([0.5, 0.5]))
  await page.mouse.down()
  await page.mouse.move(...await at([0.6, 0.5]), { steps: 4 })
  await page.mouse.up()
  assert.ok((await first.boundingBox()).x > x, 'moved')
  await page.getByText(`已选 0 / ${shops.length} 户`).waitFor()
  await page.getByRole('button', { name: '全图' }).click()
  assert.ok(Math.abs(await spread() - whole) < 1, 'all of it again')
  // A rectangle chooses what is seen within it.
  await page.locator('svg.map').focus()
  await screen.press('+')
  await page.getByText('框', { exact: true }).click()
  const frame = await page.locator('svg.map').boundingBox()
  const seen = await page.locator('svg .point').evaluateAll((all, frame) => all.filter((one) => {
    const { x, y, width, height } = one.getBoundingClientRect()
    return x + width / 2 < frame.x + frame.width / 2 && x + width / 2 > frame.x && y + height / 2 > frame.y && y + height / 2 < frame.y + frame.height
  }).length, frame)
  await page.mouse.move(...await at([0.001, 0.001]))
  await page.mouse.down()
  await page.mouse.move(...await at([0.5, 0.999]), { steps: 4 })
  await page.mouse.up()
  await page.getByText(`已选 ${seen} / ${shops.length} 户`).waitFor()
  assert.deepEqual(await screen.axe(), [])
})

test('the overview has the round on a map, follows what happens, and each grid leads to its shops', async () => {
  await screen.open('overview')
  const map = page.getByRole('region', { name: '巡查地图' })
  const drawn = map.locator('svg a').filter({ hasText: '第 1 网格' })
  await drawn.waitFor()
  const share = async () => {
    const { visited, shops } = (await desk.get('/overview')).coverage.find(({ grid }) => grid === GRID)
    return `${visited}/${shops}`
  }
  assert.match(await drawn.getAttribute('aria-label'), new RegExp(` ${await share()}$`))
  // What nobody drew is a tile.
  const tiles = await map.getByRole('listitem').getByRole('link').allInnerTexts()
  assert.equal(tiles.length, 1)
  assert.match(tiles[0], /^第 8 网格/)
  // Without a look at the page a shop comes back.
  const [back] = await desk.shops(OTHER)
  const { etag } = await desk.get(`/records/${back.id}`)
  await desk.post(`/records/${back.id}/move`, { grid: GRID, reason: '退回' }, { 'if-match': etag })
  const now = await share()
  await page.waitForFunction((now) => [...document.querySelectorAll('svg a')].some((one) => one.getAttribute('aria-label').endsWith(` ${now}`)), now)
  assert.match(now, /\/2$/)
  await drawn.focus()
  await screen.press('Enter')
  await page.waitForURL(/records\?.*visited=due/)
  assert.match(page.url(), new RegExp(`grid=${GRID}`))
  assert.deepEqual(screen.errors, [])
})

test('an outline is drawn by clicks, the last corner taken back, and one typed instead', async () => {
  assert.deepEqual(await corners(UNDRAWN), [])
  await screen.open('people/grids')
  await page.locator('.el-table__row').filter({ hasText: UNDRAWN }).getByRole('button', { name: '画边界' }).click()
  await page.locator('svg .dot').first().waitFor()
  const save = page.getByRole('button', { name: '保存边界' })
  assert.equal(await save.isDisabled(), true)
  // A corner stands where it was clicked, however close one looks.
  const corner = page.getByRole('textbox', { name: '角点 1' })
  await page.mouse.click(...await at([0.7, 0.5]))
  const far = await corner.inputValue()
  await page.mouse.move(...await at([0.5, 0.5]))
  await page.mouse.wheel(0, -200)
  // It moves with the map.
  await page.waitForFunction((x) => document.querySelector('svg .corner circle').getBoundingClientRect().x > x, (await at([0.75, 0.5]))[0])
  const { x, y, width, height } = await page.locator('svg .corner circle').boundingBox()
  await page.getByRole('button', { name: '撤销' }).click()
  await page.mouse.click(x + width / 2, y + height / 2)
  const near = await corner.inputValue()
  for (const [part, degrees] of far.split(', ').entries()) assert.ok(Math.abs(Number(near.split(', ')[part]) - Number(degrees)) < 0.00002, `${far} and ${near}`)
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByRole('button', { name: '全图' }).click()
  for (const spot of [[0.3, 0.7], [0.7, 0.7], [0.5, 0.9]]) await page.mouse.click(...await at(spot))
  await page.getByText('3 个角点').waitFor()
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByText('至少要 3 个角点').waitFor()
  for (const spot of [[0.7, 0.3], [0.3, 0.3]]) await page.mouse.click(...await at(spot))
  await page.getByText('4 个角点').waitFor()
  // By keyboard: a place that is none is not taken, and what was typed stays.
  const typed = page.getByRole('textbox', { name: '下一个角点：纬度, 经度' })
  await typed.fill('121.39, 31.14')
  await screen.press('Enter')
  await page.getByRole('alert').filter({ hasText: '先纬度后经度' }).waitFor()
  await page.getByRole('textbox', { name: '角点 4' }).fill('31.150000, 121.381000')
  await screen.press('Enter')
  // Corners 1 and 2 changed places: the line would cross itself.
  const [first, second] = [page.getByRole('textbox', { name: '角点 1' }), page.getByRole('textbox', { name: '角点 2' })]
  const [one, two] = [await first.inputValue(), await second.inputValue()]
  await first.fill(two)
  await screen.press('Enter')
  await second.fill(one)
  await screen.press('Enter')
  await page.getByText('边界自己交叉').waitFor()
  assert.equal(await save.isDisabled(), true)
  for (let step = 0; step < 2; step += 1) await page.getByRole('button', { name: '撤销' }).click()
  assert.deepEqual(await screen.axe(), [])
  // What is not saved yet waits for whoever looks elsewhere.
  await screen.open('people/phones')
  await page.locator('.el-table__row').first().waitFor()
  await screen.open(`people/grids?outline=${UNDRAWN}`)
  await save.click()
  await page.getByText('第 8 网格的边界已保存。').waitFor()
  const ring = await corners(UNDRAWN)
  assert.equal(ring.length, 5)
  assert.deepEqual(ring[0], ring[4])
  assert.deepEqual(ring[3], [121.381, 31.15])
})

test('an outline is edited: a corner dragged, another put between, one removed', async () => {
  const before = await corners(UNDRAWN)
  await page.locator('.el-table__row').filter({ hasText: UNDRAWN }).getByRole('button', { name: '改边界' }).click()
  await page.locator('svg .corner').nth(3).waitFor()
  const middle = async (of) => { const box = await of.boundingBox(); return [box.x + box.width / 2, box.y + box.height / 2] }
  const [x, y] = await middle(page.locator('svg .corner').first())
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x - 40, y + 40, { steps: 4 })
  await page.mouse.up()
  await page.mouse.click(...await middle(page.locator('svg .side').first()))
  await page.getByText('5 个角点').waitFor()
  await page.getByRole('button', { name: '删去角点 4' }).click()
  await page.getByText('4 个角点').waitFor()
  await page.getByRole('button', { name: '保存边界' }).click()
  await page.getByText('第 8 网格的边界已保存。').waitFor()
  const now = await corners(UNDRAWN)
  assert.ok(now[0][0] < before[0][0] && now[0][1] < before[0][1], 'dragged to the west and south')
  assert.deepEqual(now[2], before[1])
  assert.deepEqual(now[3], before[3], 'the fourth is gone')
  assert.deepEqual(screen.errors, [])
})
