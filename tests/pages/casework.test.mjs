/** What offices do to cases beside the way from a phone to closure: each act in the page, and what is off says why. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { attach, off, picture, said, show, step } from './lib/case-page.mjs'
import { Desk } from './lib/desk.mjs'
import { assign } from './lib/office.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, centre
const screens = {}

before(async () => {
  server = await serve()
  centre = await Desk.signIn(server.url, 'linkage-centre.head')
})

after(async () => {
  for (const one of [...Object.values(screens), server]) await one?.end()
})

/** The page of somebody; signed in once. */
async function at(login) {
  screens[login] ??= await Screen.signIn(server.url, login)
  return screens[login]
}

/** A case that the hotline told, filed, by the API. */
async function told(reason, klass = 'blocked-exit') {
  const { id } = await centre.post('/cases', { type: 'finding', grid: GRID, source: 'hotline', class: klass, severity: 'normal', reason })
  const { etag } = await centre.get(`/cases/${id}`)
  await centre.post(`/cases/${id}/steps`, { step: 'accept' }, { 'if-match': etag })
  return id
}

test('a call of the hotline is taken in, and two cases about the same thing are joined', async () => {
  const head = await at('linkage-centre.head')
  const other = await told('后门堵了')
  await head.open('cases')
  await head.page.getByRole('button', { name: '收案' }).click()
  const intake = head.page.getByRole('dialog', { name: '收案' })
  await intake.getByLabel('理由').fill('又有人来电：后门堵了')
  await intake.getByRole('button', { name: '收案' }).click()
  // Nothing is sent without its class and place, and what was written stays.
  await intake.getByText('请先选小类').waitFor()
  await head.pick(intake, '小类', /占堵疏散通道/)
  await intake.getByRole('button', { name: '收案' }).click()
  await intake.getByText('请先选网格').waitFor()
  await head.pick(intake, '网格', /梧桐里一居一网格|第一|1/)
  await intake.getByRole('button', { name: '收案' }).click()
  await said(head.page, '收到 → 待立案').waitFor()
  await head.page.locator('.card').filter({ has: head.page.getByRole('heading', { name: '情况' }) }).getByText('又有人来电：后门堵了').waitFor()
  await step(head, '立案', '已立案')

  await head.page.locator('footer').getByRole('button', { name: '并案' }).click()
  const join = head.page.getByRole('dialog', { name: '并案' })
  const { number } = await centre.get(`/cases/${other}`)
  await head.pick(join, '并入的案件', new RegExp(number))
  await join.getByLabel('理由').fill('同一件事')
  await join.getByRole('button', { name: '并案', exact: true }).click()
  await said(head.page, '并案 → 已并案').waitFor()
  await said(head.page, '另一件案件').click()
  await said(head.page, '并入').waitFor()
})

test('a second return goes to the centre, whose word is final; clerks see what is for their head', async () => {
  const id = await told('灭火器被挪用', 'illegal-living')
  await assign(server.url, { centre, id })
  const clerk = await at('fire-brigade.clerk')
  const fire = await at('fire-brigade.head')
  await show(clerk, id)
  await off(clerk.page, '回退', '由负责人办').waitFor()
  await show(fire, id)
  await fire.page.locator('footer').getByRole('button', { name: '回退' }).click()
  const straight = fire.page.getByRole('dialog', { name: '回退' })
  await fire.pick(straight, '派给', '安全办')
  await straight.getByLabel('理由').fill('属安全办')
  await straight.getByRole('button', { name: '回退', exact: true }).click()
  await fire.page.waitForURL(/#\/cases$/)

  const safety = await at('safety-office.head')
  await show(safety, id)
  await safety.page.locator('footer').getByRole('button', { name: '回退' }).click()
  const second = safety.page.getByRole('dialog', { name: '回退' })
  await second.getByText('第二次回退，交回牵头部门').waitFor()
  assert.equal(await second.getByRole('combobox').count(), 0)
  await second.getByLabel('理由').fill('消防设施不归我们')
  await second.getByRole('button', { name: '回退', exact: true }).click()
  await safety.page.waitForURL(/#\/cases$/)

  const head = await at('linkage-centre.head')
  await show(head, id)
  await said(head.page, '回退 → 已回退').waitFor()
  await step(head, '派遣', '已派遣')
  await show(fire, id)
  await off(fire.page, '回退', '已回退两次，以牵头部门为准').waitFor()
})

test('putting off needs approval; meanwhile the clocks stand and the page says so', async () => {
  const id = await told('通道堆放建材')
  await assign(server.url, { centre, id })
  const fire = await at('fire-brigade.head')
  await show(fire, id)
  await fire.page.locator('footer').getByRole('button', { name: '开始处置' }).click()
  const begin = fire.page.getByRole('dialog', { name: '开始处置' })
  await fire.pick(begin, '承办人', /fire-brigade\.clerk/)
  await begin.getByRole('button', { name: '开始处置', exact: true }).click()
  await said(fire.page, '开始处置 → 处置中').waitFor()
  await step(fire, '申请缓办', '缓办申请中', { 理由: '等工程队进场' })
  const clerk = await at('linkage-centre.clerk')
  await show(clerk, id)
  await off(clerk.page, '同意缓办', '由负责人办').waitFor()
  const head = await at('linkage-centre.head')
  await show(head, id)
  await step(head, '同意缓办', '缓办')
  await head.page.getByText('缓办中，期限暂停').waitFor()
  assert.equal(await head.page.locator('.milestones').getByText('缓办中').count(), 1)
  await head.open('cases')
  await head.page.locator('.el-table__row').filter({ hasText: '缓办中' }).first().waitFor()
  await show(fire, id)
  await step(fire, '恢复办理', '处置中', { 理由: '工程队已到' })
})

test('a joint inspection gathers offices, each says what it found, with pictures', async () => {
  const id = await told('群租兼违规用电', 'illegal-living')
  await assign(server.url, { centre, id })
  const head = await at('linkage-centre.head')
  await show(head, id)
  await head.page.getByRole('button', { name: '联合检查' }).click()
  const gather = head.page.getByRole('dialog', { name: '联合检查' })
  await gather.getByLabel('理由').fill('一起到现场看')
  await gather.getByRole('button', { name: '联合检查' }).click()
  await gather.getByText('请先选部门').waitFor()
  for (const office of ['城管', '安全办']) await head.pick(gather, '请哪些部门', office)
  await head.press('Escape')
  await gather.getByLabel('检查码').fill('JC-2026-11')
  await gather.getByRole('button', { name: '联合检查' }).click()
  await gather.waitFor({ state: 'hidden' })
  await head.page.getByText('JC-2026-11').first().waitFor()
  assert.equal(await head.page.getByText('还没有意见').count(), 2)

  const urban = await at('urban-management.clerk')
  await show(urban, id)
  await urban.page.getByText('现在没有您能办的步骤。').waitFor()
  await urban.page.getByRole('button', { name: '反馈意见' }).click()
  const opinion = urban.page.getByRole('dialog', { name: '反馈意见' })
  await attach(opinion, await picture(urban))
  await opinion.getByLabel('理由').fill('阁楼为违建。\n已拍照，建议拆除。')
  // Meanwhile the other office was faster: it is told, nothing that was written is lost.
  const safety = await Desk.signIn(server.url, 'safety-office.clerk')
  const { etag } = await safety.get(`/cases/${id}`)
  await safety.post(`/cases/${id}/opinions`, { reason: '线路老化' }, { 'if-match': etag })
  await opinion.getByRole('button', { name: '反馈意见' }).click()
  await opinion.getByText('别人刚改过，已重新读取，请再看一遍。').waitFor()
  assert.match(await opinion.getByLabel('理由').inputValue(), /建议拆除/)
  await opinion.getByRole('button', { name: '反馈意见' }).click()
  await said(urban.page, '反馈意见').waitFor()
  assert.deepEqual(await urban.axe(), [])

  await show(head, id)
  assert.equal(await head.page.getByText('还没有意见').count(), 0)
  await head.page.getByText('线路老化').first().waitFor()
  await said(head.page, '阁楼为违建').waitFor()
  // It stands where it stood, and nobody else sees it.
  assert.equal((await centre.get(`/cases/${id}`)).state, 'assigned')
  const labour = await Desk.signIn(server.url, 'labour-inspection.clerk')
  assert.equal((await labour.raw('GET', `/cases/${id}`)).status, 404)
})

test('a business-type change is followed 引导 → 调整 → 明确, with help for licences beside', async () => {
  const section = await Desk.signIn(server.url, 'economics-section.head')
  const [{ id: shop, grid }] = (await section.get('/records?kind=shop&business_type=62&limit=1')).rows
  const made = await section.post('/cases', { type: 'business', grid, source: 'transfer', shop, reason: '转来：改做足浴' })
  const lead = await at('economics-section.head')
  await show(lead, made.id)
  await lead.page.getByText('派遣后才能协助').waitFor()
  await step(lead, '立案', '已立案')
  await step(lead, '派遣', '已派遣')

  const office = await at('business-office.clerk')
  await show(office, made.id)
  await step(office, '引导', '引导')
  const card = office.page.locator('.card').filter({ has: office.page.getByRole('heading', { name: /^协助办证/ }) })
  await card.getByRole('button', { name: /^食品经营.* 记进展$/ }).click()
  const help = office.page.getByRole('dialog', { name: /^协助办证/ })
  await help.getByLabel('理由').fill('已带店主到窗口')
  await help.getByRole('button', { name: '保存' }).click()
  await help.waitFor({ state: 'hidden' })
  await card.getByText('协助中').waitFor()
  await card.getByText('已带店主到窗口').waitFor()
  await said(office.page, '协助办证').waitFor()
  await card.getByRole('button', { name: '加一种证照' }).click()
  const more = office.page.getByRole('dialog', { name: '加一种证照' })
  await office.pick(more, '证照', /烟草/)
  await office.pick(more, '到哪一步', '不需要')
  await more.getByLabel('理由').fill('不卖烟')
  await more.getByRole('button', { name: '保存' }).click()
  await card.getByText('不需要').waitFor()

  await step(office, '调整', '调整')
  await step(office, '明确', '明确', { 理由: '改回餐饮' })
  await show(lead, made.id)
  await step(lead, '结案', '已结案')
  await lead.page.getByText('案件已结').first().waitFor()
  assert.deepEqual(await lead.axe(), [])
})

test('a session that ends while a long report is written: signed in again, it goes on', async () => {
  const id = await told('楼道杂物')
  const office = await assign(server.url, { centre, id })
  const { etag } = await office.get(`/cases/${id}`)
  await office.post(`/cases/${id}/steps`, { step: 'handle' }, { 'if-match': etag })
  const fire = await at('fire-brigade.head')
  await show(fire, id)
  const { page } = fire
  const report = Array.from({ length: 30 }, (_, at) => `第 ${at + 1} 处已清理`).join('\n')
  await page.locator('footer').getByRole('button', { name: '反馈' }).click()
  const dialog = page.getByRole('dialog', { name: '反馈' })
  await dialog.getByLabel('理由').fill(report)
  // Closed by mistake and opened again: what was written is there.
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await page.locator('footer').getByRole('button', { name: '反馈' }).click()
  assert.equal(await dialog.getByLabel('理由').inputValue(), report)
  await fire.endSessionAt('**/steps')
  await dialog.getByRole('button', { name: '反馈', exact: true }).click()
  await page.getByRole('heading', { name: '登录已过期' }).waitFor()
  await fire.again()
  await said(page, '反馈 → 已反馈').waitFor()
  assert.equal((await centre.get(`/cases/${id}`)).ledger.at(-1).reason, report)
  for (const screen of Object.values(screens)) assert.deepEqual(screen.errors, [])
})
