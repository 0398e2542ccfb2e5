/** The line is cut in the middle of a photo, twice: it goes on where the server has it, never anew. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { onDuty } from './lib/duty.mjs'
import { picture } from './lib/picture.mjs'

const GRID = '310112901001001'
/** Photos go up in pieces of this size. */
const PIECE = 256 * 1024
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
let server, desk, wang, id

before(async () => {
  ;({ server, desk, wang, id } = await onDuty(GRID, { fronted: true }))
})

after(async () => {
  await wang?.end()
  await server?.end()
})

/** Offsets at which pieces of files were sent since request number `from`. */
function offsets(from = 0) {
  const sent = server.front.requests.slice(from).filter(({ method }) => method === 'PATCH')
  return sent.map(({ headers }) => Number(headers['upload-offset']))
}

/** The findings of the shop that the server knows. */
async function findings() {
  const { rows } = await desk.get(`/records?kind=finding&grid=${GRID}&limit=200`)
  const whole = await Promise.all(rows.map((row) => desk.get(`/records/${row.id}`)))
  return whole.filter(({ fields }) => fields.some(({ key, values }) => key === 'shop' && values[0]?.value === id))
}

test('a photo that is cut off twice goes on from where the server has it', async () => {
  const original = picture()
  const known = (await findings()).length
  let cut = server.front.cutAfter(PIECE + PIECE / 2)
  await wang.shop(id)
  await wang.button('报问题').tap()
  await wang.page.getByRole('radio').first().tap()
  await wang.page.locator('input[type=file]').setInputFiles(original)
  await wang.button('照片 1').waitFor()
  await wang.button('保存').tap()
  await wang.button('报问题').waitFor()

  await cut
  await wang.says(/^文字已送达 · 照片 1\/1$/)
  const [finding] = (await findings()).slice(known)
  assert.ok(finding, 'the text went before the photo')
  await wang.offline(true)
  await wang.says(/^离线/)
  await wang.says(/^离线 · 1 张照片已存本机$/)
  assert.deepEqual([...new Set(offsets())], [0, PIECE])

  // Signal again, and the phone dies in the third piece.
  let from = server.front.requests.length
  cut = server.front.cutAfter(PIECE + PIECE / 2)
  await wang.offline(false)
  await cut
  await wang.die()
  assert.deepEqual([...new Set(offsets(from))], [PIECE, 2 * PIECE])

  from = server.front.requests.length
  server.front.mend()
  await wang.launch()
  await wang.open()
  await wang.unlock()
  await wang.says(/^已同步/)
  const [first] = offsets(from)
  assert.equal(first, 2 * PIECE)
  assert.ok(server.front.requests.slice(from).some(({ method, path }) => method === 'POST' && path === '/v1/files'),
    'asked first what the server has')

  const { groups } = await desk.get(`/records/${finding.id}`)
  const photos = groups.flatMap(({ entries }) => entries).flatMap(({ fields }) => fields).filter(({ type }) => type === 'photo')
  assert.equal(photos.length, 1)
  const [{ value }] = photos[0].values
  const answer = await desk.raw('GET', `/records/${finding.id}/files/${value}`)
  assert.equal(answer.status, 200)
  const bytes = Buffer.from(await answer.arrayBuffer())
  assert.equal(sha256(bytes), value)
  assert.ok(bytes.includes(`original-sha256=${sha256(original.buffer)}`), 'bound to what the camera gave')
  assert.deepEqual(wang.errors, [])
})
