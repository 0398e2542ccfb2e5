/** How many taps daily work takes from Today, typing and the camera apart. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { askToVerify } from './lib/office.mjs'
import { Phone } from './lib/phone.mjs'
import { picture } from './lib/picture.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, desk, phone, page, taps

before(async () => {
  server = await serve({ shops: 96 })
  desk = await Desk.signIn(server.url, 'supervisor')
  phone = await Phone.make(server.url)
  page = phone.page
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const own = await phone.enrol(await desk.ticket(GRID), desk)
  for (const sign of ['一号店', '二号店', '三号店', '四号店']) await phone.addShop(GRID, sign)
  // Nobody else is there to be asked.
  for (const { id } of (await desk.get('/devices?limit=200')).rows.filter(({ id }) => id !== own.id)) {
    await desk.post(`/devices/${id}/revoke`, { reason: '收回' })
  }
  await askToVerify(server.url, GRID)
  await phone.syncNow()
})

after(async () => {
  await phone?.end()
  await server?.end()
})

async function tap(on) {
  await on.tap()
  taps += 1
}
const row = (sign) => page.locator('article').filter({ hasText: sign })
const tab = (name) => page.getByRole('navigation').getByText(name, { exact: true })
const radio = (name, group) => (group ? page.getByRole('radiogroup', { name: group }) : page).getByRole('radio', { name })

/** From Today until it is done: no more taps than people are to be asked for. */
function job(name, most, work) {
  test(`${name}: at most ${most} taps`, async () => {
    await phone.go('me', page.getByText('亮证'))
    await phone.go('today', page.locator('article'))
    taps = 0
    await work()
    assert.ok(taps <= most, `${taps} taps`)
  })
}

async function person(name, number) {
  await page.getByLabel(/^姓名/).and(page.locator(':focus')).waitFor()
  await page.keyboard.type(name)
  await tap(page.getByLabel(/^证件号码/))
  await page.keyboard.type(number)
  await page.getByText(/1990-01-01 生/).waitFor()
  // The keypad goes when anything else is tapped; a plugged-in keyboard leaves the field by Tab.
  await page.keyboard.press('Tab')
}

job('无变化 unchanged', 2, async () => {
  await tap(phone.button('一号店 无变化'))
  await row('一号店').getByText('已记无变化').waitFor()
})

job('关门 shut', 3, async () => {
  await tap(phone.button('二号店 其他结果'))
  await tap(page.getByRole('dialog').getByRole('button', { name: /^关门/ }))
  await row('二号店').getByText('已记关门').waitFor()
})

job('问题一照 a finding with a photo', 6, async () => {
  await tap(row('三号店').getByRole('link'))
  await tap(phone.button('报问题'))
  await tap(radio('违规住人'))
  await page.getByLabel('拍照').setInputFiles(picture({ width: 400, height: 300 }))
  await phone.button('照片 1').waitFor()
  await tap(phone.button('保存'))
  await page.getByText(/已报违规住人，联动中心·待立案/).waitFor()
})

job('搬入 moved in', 8, async () => {
  await tap(row('三号店').getByRole('link'))
  await tap(page.getByRole('button', { name: '住人搬入' }))
  await person('张三', '310112199001011233')
  await tap(radio('来沪'))
  await tap(radio('店内'))
  await tap(radio('是', /已告知/))
  await tap(phone.button('再加一人（同地址）'))
  const proposed = page.getByRole('dialog').getByRole('button', { name: '完成' })
  await proposed.or(page.getByLabel(/^姓名/).and(page.locator(':focus'))).first().waitFor()
  if (await proposed.isVisible()) await tap(proposed)
})

test('再加一人 one more at the same address: at most 5 taps', async () => {
  taps = 0
  await person('李四', '31011219900101125X')
  await tap(radio('是', /已告知/))
  await tap(phone.button('保存'))
  const proposed = page.getByRole('dialog').getByRole('button', { name: '完成' })
  await proposed.or(page.getByRole('button', { name: '李四 搬离' })).first().waitFor()
  if (await proposed.isVisible()) await tap(proposed)
  await page.getByRole('button', { name: '李四 搬离' }).waitFor()
  assert.ok(taps <= 5, `${taps} taps`)
})

job('搬离 moved out', 4, async () => {
  await tap(row('三号店').getByRole('link'))
  await tap(phone.button('张三 搬离'))
  await tap(page.getByRole('dialog').getByRole('button', { name: '今天' }))
  await page.getByText(/张三 搬离 · 已存本机/).waitFor()
})

job('业态 business type', 6, async () => {
  await tap(row('三号店').getByRole('link'))
  await tap(page.getByRole('button', { name: /^业态：/ }))
  await tap(phone.button('修改').last())
  await page.getByRole('dialog').getByRole('searchbox').fill('快餐')
  await tap(page.getByRole('dialog').getByRole('button', { name: /^快餐服务/ }).first())
  await page.getByRole('button', { name: '业态：快餐服务' }).waitFor()
})

job('找店 find a shop', 3, async () => {
  await tap(tab('商铺'))
  await page.getByRole('searchbox').and(page.locator(':focus')).waitFor()
  await page.keyboard.type('四号')
  await page.getByText('1 户', { exact: true }).waitFor()
  await tap(row('四号店').getByRole('link'))
  await page.getByRole('heading', { name: '四号店' }).waitFor()
})

job('核查 verify', 5, async () => {
  await tap(tab('待办'))
  // Others may be of the demo's own cases.
  await tap(page.getByRole('link', { name: /核查/ }).last())
  await tap(radio('已整改'))
  await tap(phone.button('提交'))
  await page.getByRole('heading', { name: '待办' }).waitFor()
})
