/** A supervisor's QR code, read by the phone's camera. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { filmOf } from './lib/film.mjs'
import { Phone } from './lib/phone.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let folder, server, desk, wang

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridbook-film-'))
  server = await serve()
  desk = await Desk.signIn(server.url, 'supervisor')
})

after(async () => {
  await wang?.end()
  await server?.end()
  await rm(folder, { recursive: true, force: true })
})

/** A phone whose camera shows this text. */
async function seeing(text) {
  await wang?.end()
  wang = await Phone.make(server.url, { flags: await filmOf(text, join(folder, 'film.y4m')), permissions: ['camera'] })
  await wang.open('setup')
  await wang.button('扫码').click()
}

test('a code that is not a supervisor’s is said, and the camera goes on looking', async () => {
  await seeing('https://example.org/menu')
  await wang.page.getByRole('alert').waitFor()
  await wang.button('停止扫码').waitFor()
})

test('the supervisor’s code is taken without a tap, and the phone is enrolled by it', async () => {
  const { link } = await desk.ticket(GRID)
  await seeing(link)
  await wang.choose(desk)
  await wang.says(/已同步/)
  assert.equal(await wang.page.evaluate(() => document.querySelectorAll('video').length), 0, 'the camera is let go of')
})
