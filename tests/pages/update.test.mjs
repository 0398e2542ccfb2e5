/** The app's files: nobody walks off before they are kept; a new version waits, and takes nothing away. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Phone } from './lib/phone.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, desk, wang, shop, other

before(async () => {
  server = await serve({ fronted: true })
  desk = await Desk.signIn(server.url, 'supervisor')
  wang = await Phone.make(server.url)
  ;[shop, other] = await desk.shops(GRID)
})

after(async () => {
  await wang?.end()
  await server?.end()
})

/** The server has another version of the app from now on: another page, another list of files. */
function publish(name) {
  server.front.change = (path, body) => {
    if (path === '/app/') return body.toString().replace('</head>', `<meta name="version" content="${name}"></head>`)
    return path === '/app/sw.js' ? `${body}\n// ${name}\n`.replace(/(const VERSION = ")/, `$1${name}`) : body
  }
}

/** Which version runs; the first names none. */
function running() {
  return wang.page.evaluate(() => document.querySelector('meta[name=version]')?.content ?? null)
}

test('the round begins once the app itself is on the phone', async () => {
  let release
  const held = new Promise((done) => { release = done })
  // Only the service worker asks for this one by now.
  server.front.change = async (path, body) => {
    if (/\/jsQR-/.test(path)) await held
    return body
  }
  const enrolled = wang.enrol(await desk.ticket(GRID), desk)
  await wang.page.getByText('名册已备好，正在把应用存到本机。').waitFor()
  assert.equal(await wang.button('开始巡查').count(), 0)
  release()
  await enrolled
  await wang.offline(true)
  await wang.page.reload()
  await wang.unlock()
  await wang.shop(shop.id)
  await wang.offline(false)
})

test('an update waits until the form is saved, and the work that waits is sent by the new version', async () => {
  await wang.offline(true)
  await wang.shop(shop.id)
  await wang.change('店招', '更新之前')
  await wang.open(`form/shop/${other.id}`)
  const field = () => wang.page.getByRole('textbox', { name: /^店招/ })
  await field().fill('填到一半')
  await wang.page.getByText('草稿已存').waitFor()

  // Signal for as long as the new version takes to come.
  publish('second')
  await wang.offline(false)
  await wang.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update())
  await wang.page.getByText('新版已备好，保存后更新。').waitFor()
  await wang.offline(true)
  assert.equal(await wang.button('更新').count(), 0, 'nothing offers to take the form away')
  assert.equal(await running(), null)
  assert.equal(await field().inputValue(), '填到一半')
  await wang.button('保存').tap()

  await wang.button('更新').tap()
  await wang.page.getByLabel('口令').waitFor()
  assert.equal(await running(), 'second')
  await wang.unlock()
  await wang.shop(other.id)
  await wang.button('店招：填到一半').waitFor()
  assert.deepEqual(await wang.page.evaluate(async () => (await caches.keys()).length), 1, 'the old version is gone')

  await wang.offline(false)
  await wang.syncNow()
  for (const [{ id }, name] of [[shop, '更新之前'], [other, '填到一半']]) {
    const { fields } = await desk.get(`/records/${id}`)
    assert.deepEqual(fields.find(({ key }) => key === 'sign_name').values.map(({ value }) => value), [name])
  }
  assert.deepEqual(wang.errors, [])
})
