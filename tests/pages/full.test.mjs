/** A full phone: what was typed stays, what is not saved is said, and room brings it back. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { onDuty } from './lib/duty.mjs'
import { picture } from './lib/picture.mjs'

const GRID = '310112901001001'
let server, desk, wang, id

before(async () => {
  ;({ server, desk, wang, id } = await onDuty(GRID))
})

after(async () => {
  await wang?.end()
  await server?.end()
})

test('a full phone says what is not saved, and saves it once there is room', async () => {
  await wang.offline(true)
  const session = await wang.context.newCDPSession(wang.page)
  const { origin } = new URL(server.url)
  await wang.open(`finding?shop=${id}`)
  await wang.page.getByRole('radio').first().tap()
  await wang.page.getByLabel('描述').fill('手机满的时候写的')
  await wang.page.getByText('草稿已存').waitFor()
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
  await wang.page.locator('input[type=file]').setInputFiles(picture())
  await wang.button('照片 1').waitFor()
  await wang.page.getByText('手机已满，还没保存。清出空间再点保存，内容还在。').waitFor()
  await wang.button('保存').tap()
  await wang.page.getByText(/^文字已保存；1 张照片没有存下：手机已满/).waitFor()
  assert.ok(await wang.button('照片 1').isVisible(), 'it is still there')

  await session.send('Storage.overrideQuotaForOrigin', { origin })
  await wang.button('保存').tap()
  await wang.button('照片 1').waitFor({ state: 'detached' })
  await wang.says(/、1 张照片已存本机$/)
  await wang.offline(false)
  await wang.says(/^已同步/)
  const { rows } = await desk.get(`/records?kind=finding&grid=${GRID}&limit=200`)
  const whole = await Promise.all(rows.map((row) => desk.get(`/records/${row.id}`)))
  const filed = whole.filter(({ fields }) => fields.some(({ key, values }) => key === 'remark' && values[0]?.value === '手机满的时候写的'))
  assert.equal(filed.length, 1, 'filed once')
  assert.equal(filed[0].groups.find(({ name }) => name === 'photos').entries.length, 1)
})
