/**
 * The review page: a conflict that two phones made offline is decided by keyboard and both phones
 * show it; who comes second is told; a session that ends loses nothing that was typed.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Phone } from './lib/phone.mjs'
import { away, back } from './lib/quarrel.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, desk, wang, li, first, second

before(async () => {
  server = await serve()
  desk = await Desk.signIn(server.url, 'supervisor')
  wang = await Phone.make(server.url)
  li = await Phone.make(server.url)
  await wang.enrol(await desk.ticket(GRID, 0), desk)
  await li.enrol(await desk.ticket(GRID, 1), desk)
  first = await Screen.signIn(server.url, 'supervisor')
  second = await Screen.signIn(server.url, 'supervisor.east')
})

after(async () => {
  for (const one of [first, second, wang, li, server]) await one?.end()
})

/** A shop of the grid without a conflict, and not one that was used before. */
async function quietShop(used = []) {
  const shops = await desk.shops(GRID)
  return shops.find((shop) => shop.conflicts === 0 && !used.includes(shop.id)).id
}

async function conflict(id, names) {
  for (const [phone, name] of [[wang, names[0]], [li, names[1]]]) {
    await away(phone)
    await phone.shop(id)
    await phone.change('店招', name)
  }
  for (const phone of [wang, li]) await back(phone)
}

/** The review page with the conflict of these names on the desk: / finds it. */
async function find(screen, name) {
  await screen.open('overview')
  await screen.open('review')
  await screen.page.getByRole('radiogroup').waitFor()
  await screen.press('/')
  await screen.type(name)
  await screen.press('Enter')
  await value(screen, name).waitFor()
}

function value(screen, text) {
  return screen.page.getByRole('radio', { name: text })
}

/** The digit that stands before a value. */
async function digit(screen, text) {
  return (await value(screen, text).getAttribute('aria-label')).split(' ')[0]
}

let decided

test('a conflict of two phones is decided in the page by keyboard, and both phones show it', async () => {
  const id = await quietShop()
  decided = id
  await conflict(id, ['张记饭店', '老张饭店'])
  await find(second, '老张饭店')
  await second.press('e')
  await second.type('张家饭店')
  await second.press('Escape')

  await find(first, '老张饭店')
  await first.page.getByText('没见过别的值').or(first.page.getByText(/^已见/)).first().waitFor()
  assert.deepEqual(await first.axe(), [])
  await first.press(await digit(first, '老张饭店'))
  assert.equal(await value(first, '老张饭店').getAttribute('aria-checked'), 'true')
  // Without a reason nothing is sent.
  await first.press('Enter')
  await first.page.getByText('请写理由').waitFor()
  // It is written where the page leads.
  await first.type('看了执照')
  await first.press('Enter')
  await first.page.getByText('已裁定「店招」为老张饭店').waitFor()

  for (const phone of [wang, li]) {
    await phone.syncNow()
    await phone.shop(id)
    await phone.button(/^店招：老张饭店/).first().waitFor()
  }
})

test('who decides second is told, and keeps what was written', async () => {
  await second.page.getByRole('textbox', { name: '理由' }).fill('问了店主')
  await second.press('Enter')
  await second.page.getByText('另一位主管已裁定为老张饭店，你写的还在。').waitFor()
  assert.equal(await second.page.getByRole('textbox', { name: '另写' }).inputValue(), '张家饭店')
  assert.equal(await second.page.getByRole('textbox', { name: '理由' }).inputValue(), '问了店主')
  // And the first decision stands.
  const { fields } = await desk.get(`/records/${decided}`)
  const sign = fields.find((field) => field.key === 'sign_name')
  assert.deepEqual(sign.values.map((each) => each.value), ['老张饭店'])
})

test('a session that ends loses nothing: signed in again, the decision goes on', async () => {
  const id = await quietShop([decided])
  await conflict(id, ['李记面馆', '小李面馆'])
  await find(first, '小李面馆')
  await first.press('e')
  await first.type('李家面馆')
  await first.press('Escape')
  await first.endSessionAt('**/decision')
  await first.page.getByRole('textbox', { name: '理由' }).fill('现场看了招牌')
  await first.press('Enter')
  await first.page.getByRole('heading', { name: '登录已过期' }).waitFor()
  await first.again()
  await first.page.getByText('已裁定「店招」为李家面馆').waitFor()
  for (const phone of [wang, li]) {
    await phone.syncNow()
    await phone.shop(id)
    await phone.button(/^店招：李家面馆/).first().waitFor()
  }
  assert.deepEqual([...first.errors, ...second.errors, ...wang.errors, ...li.errors], [])
})
