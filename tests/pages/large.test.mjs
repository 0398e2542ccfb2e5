/** A book of 2,000 shops: the list stands in the page by windows, the last shop is found, the map draws. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { part } from './lib/part.mjs'
import { Phone } from './lib/phone.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
const SHOPS = 2000
let server, desk, phone

before(async () => {
  server = await serve({ shops: 48 })
  desk = await Desk.signIn(server.url, 'supervisor')
  phone = await Phone.make(server.url)
  await phone.enrol(await desk.ticket(GRID), desk)
  // What is in the book counts, not who found it: this is sooner than a server's street of that size.
  await phone.offline(true)
  const transport = await part(phone.page, 'call')
  await transport.evaluate(async (transport, { grid, shops }) => {
    for (let n = 0; n < shops; n += 1) {
      const values = {
        sign_name: `小店${String(n).padStart(4, '0')}`, door_no: `长街 ${n + 1} 号`, premises_use: 'commercial',
        operating_state: 'open', business_type: '6210', licence_match: 'yes', lived_in: false,
        location: { lat: 311410000 + (n % 50) * 400, lon: 1213950000 + Math.floor(n / 50) * 400 },
      }
      await transport.call('save', [{ kind: 'shop', place: { grid }, values }])
    }
  }, { grid: GRID, shops: SHOPS })
})

after(async () => {
  await phone?.end()
  await server?.end()
})

/** Scrolls down until `shows` stands in the page; the most rows that stood there at a time. */
async function down(shows) {
  let most = 0
  for (let n = 0; n < 400 && !(await shows.isVisible()); n += 1) {
    most = Math.max(most, await phone.page.locator('article').count())
    await phone.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await phone.page.locator('article').last().waitFor()
  }
  await shows.waitFor()
  return most
}

test('a list of 2,000 shops holds few rows at a time and ends with the last one', async () => {
  const { page } = phone
  const { total, rows } = await phone.core('shops', { order: 'door', offset: SHOPS, limit: 200 })
  assert.ok(total > SHOPS)
  await phone.go('shops', page.getByText(`${total} 户`))
  const most = await down(page.locator('article').filter({ hasText: rows.at(-1).sign }))
  assert.ok(most > 0 && most < 60, `${most} rows stood in the page`)
})

test('the last shop is found while typing, and opens', async () => {
  const { page } = phone
  const last = `小店${SHOPS - 1}`
  await phone.go('me', page.getByText('亮证'))
  await phone.go('shops', page.locator('article'))
  await page.getByRole('searchbox').fill(last)
  await page.getByText('1 户', { exact: true }).waitFor()
  await page.locator('article a').tap()
  await page.getByRole('heading', { name: last }).waitFor()
})

test('the map draws every shop, and a tap on one shows it', async () => {
  const { page } = phone
  await phone.go('today', phone.button('地图'))
  await phone.button('地图').tap()
  await page.getByRole('img', { name: /网格地图，20\d\d 户/ }).waitFor()
  // Blue is what is due: how much of the map, and its middle.
  const due = await page.locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let [n, x, y] = [0, 0, 0]
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] < 200 || data[at + 2] <= data[at] + 60) continue
      n += 1
      x += (at / 4) % canvas.width
      y += Math.floor(at / 4 / canvas.width)
    }
    return { share: n / (canvas.width * canvas.height), x: x / n / canvas.width, y: y / n / canvas.height }
  })
  assert.ok(due.share > 0.008, `${due.share} of the map is of shops that are due`)
  const { width, height } = await page.locator('canvas').boundingBox()
  await page.locator('canvas').tap({ position: { x: width * due.x, y: height * due.y } })
  await page.locator('.shown article').waitFor()
  assert.deepEqual(phone.errors, [])
})
