/** The core falls over: another takes its place, one record is set aside, and nobody loses anything. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Phone } from './lib/phone.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, desk, wang, edited, typed, broken

before(async () => {
  // An app whose core panics when it is told to: `bash .ci/app.sh planted`.
  assert.ok(process.env.PLANTED, 'PLANTED names the folder of that app')
  server = await serve({ app: process.env.PLANTED })
  desk = await Desk.signIn(server.url, 'supervisor')
  wang = await Phone.make(server.url)
  await wang.enrol(await desk.ticket(GRID), desk)
  ;[edited, typed, broken] = await desk.shops(GRID)
})

after(async () => {
  await wang?.end()
  await server?.end()
})

/** The worker that holds the core. */
function core() {
  return wang.page.workers().findLast((worker) => /\/worker-/.test(worker.url()))
}

/** Lets the core fall over with a record in its hands; resolves when its worker is gone. */
async function fall(record) {
  const worker = core()
  const gone = new Promise((done) => worker.once('close', done))
  await worker.evaluate((id) => {
    self.onmessage({ data: { id: -1, name: 'panic', args: [{ record: id }] } })
  }, record).catch(() => undefined)
  await gone
}

/** What the server has as the sign of a shop. */
async function signs(shop) {
  const { fields } = await desk.get(`/records/${shop.id}`)
  return fields.find(({ key }) => key === 'sign_name').values.map(({ value }) => value)
}

test('after a panic the form goes on, the record at hand is set aside, and everything is sent', async () => {
  await wang.offline(true)
  for (const shop of [edited, broken]) {
    await wang.shop(shop.id)
    await wang.change('店招', `之前${shop.id.slice(0, 4)}`)
  }
  await wang.open(`form/shop/${typed.id}`)
  const field = wang.page.getByRole('textbox', { name: /^店招/ })
  await field.fill('正在填')

  await fall(broken.id)
  assert.equal(await field.inputValue(), '正在填')
  await wang.button('保存').tap()
  await field.waitFor({ state: 'detached' })

  await wang.shop(typed.id)
  await wang.button('店招：正在填').waitFor()
  await wang.shop(broken.id)
  await wang.page.getByText('这条记录读不全，已告知服务器，先不要改。').waitFor()
  await wang.button(/^店招：之前/).tap()
  const sheet = wang.page.getByRole('dialog')
  await sheet.getByText(/^之前/).first().waitFor()
  assert.equal(await sheet.getByRole('button', { name: '修改' }).count(), 0, 'it can be read, not changed')
  await wang.page.goBack()
  await wang.shop(edited.id)
  await wang.change('店招', '之后')

  await wang.offline(false)
  await wang.syncNow()
  assert.deepEqual(await signs(edited), ['之后'])
  assert.deepEqual(await signs(typed), ['正在填'])
  assert.deepEqual(await signs(broken), [`之前${broken.id.slice(0, 4)}`])
})

test('a core that falls over again and again is left alone, and the book opens as it was', async () => {
  await wang.offline(true)
  await wang.shop(edited.id)
  await wang.change('店招', '最后')
  for (let times = 1; times < 4; times += 1) {
    // The page shows once the core of this time answers.
    await wang.open('today')
    await wang.shop(edited.id)
    await fall(broken.id)
  }
  await wang.page.getByRole('heading', { name: '打不开' }).waitFor()
  await wang.page.getByText('本机数据没有改动。').waitFor()
  await wang.button('重试').tap()
  await wang.unlock()
  await wang.shop(edited.id)
  await wang.button('店招：最后').waitFor()
})
