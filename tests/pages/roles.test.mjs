/** Each role has its pages and may ask its routes: as the table says, no more and no less. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

const OFFICE = ['概览', '收件箱', '案件', '档案', '抽查', '考核台账']
/** The navigation of each account of the demo, from top to bottom. */
const PAGES = {
  supervisor: ['概览', '审核', '案件', '档案', '抽查', '登记名单', '考核台账', '人员设备', '规则'],
  'population-office.clerk': [...OFFICE.slice(0, -1), '登记名单', '考核台账'],
  'fire-brigade.clerk': OFFICE,
  'fire-brigade.head': OFFICE,
  admin: ['概览', '人员设备', '账号', '规则'],
  auditor: ['概览', '抽查', '审计'],
}
const ADDRESSES = { 概览: 'overview', 收件箱: 'inbox', 审核: 'review', 案件: 'cases', 档案: 'records', 抽查: 'checks', 登记名单: 'registrations', 考核台账: 'figures', 人员设备: 'people', 账号: 'accounts', 规则: 'rules', 审计: 'audit' }
const NOTHING = '0'.repeat(32)
/** Routes by who may ask them, one or more of each row of docs/API.md. Nothing of what they name is there. */
const READERS = ['supervisor', 'fire-brigade.clerk', 'fire-brigade.head']
const FIELD = ['supervisor', 'admin']
const ROUTES = [
  [READERS, 'GET', '/records?kind=shop'], [READERS, 'POST', `/records/${NOTHING}/reveal`], [READERS, 'POST', `/records/${NOTHING}/edits`],
  [['supervisor'], 'POST', `/records/${NOTHING}/move`], [['supervisor'], 'GET', '/conflicts'], [['supervisor'], 'GET', '/held'],
  [['supervisor'], 'GET', '/duplicates'], [['supervisor'], 'POST', '/conflicts/decisions'], [['supervisor'], 'POST', '/devices/000000000000/revert'],
  [['fire-brigade.clerk', 'fire-brigade.head'], 'GET', '/items'], [['fire-brigade.clerk', 'fire-brigade.head'], 'POST', '/items/999999/marks'],
  [['fire-brigade.clerk', 'fire-brigade.head'], 'GET', '/rosters/2026-01'], [READERS, 'GET', '/cases'], [READERS, 'POST', `/cases/${NOTHING}/steps`],
  [FIELD, 'GET', '/inspectors'], [FIELD, 'GET', '/devices'], [FIELD, 'POST', '/devices/000000000000/revoke'],
  [['supervisor', 'fire-brigade.clerk', 'fire-brigade.head', 'auditor'], 'GET', '/checks'], [['supervisor'], 'POST', '/checks'], [['supervisor'], 'POST', '/checks/999999/lock'],
  [FIELD, 'GET', '/schemas/versions'], [['admin'], 'POST', '/schemas/versions'], [['admin'], 'POST', '/schemas/versions/999999/publication'],
  [['admin'], 'GET', '/accounts'], [['admin'], 'POST', '/accounts/999999/recovery'], [['auditor'], 'GET', '/audit'],
  [Object.keys(PAGES), 'GET', '/overview'], [Object.keys(PAGES), 'GET', '/grids'], [Object.keys(PAGES), 'GET', '/schemas'],
]
let server
const screens = []

before(async () => {
  server = await serve()
})

after(async () => {
  for (const one of [...screens, server]) await one?.end()
})

/** The status of each route, asked by the page's own session. */
function statuses(page) {
  return page.evaluate(async (routes) => {
    const { csrf } = await (await fetch('/api/v1/session')).json()
    const found = []
    for (const [, method, path] of routes) {
      const change = method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json', 'x-csrf-token': csrf, 'if-match': '"v1"' } }
      found.push((await fetch(`/api/v1${path}`, { method, ...change })).status)
    }
    return found
  }, ROUTES)
}

for (const [login, pages] of Object.entries(PAGES)) {
  test(`${login} has ${pages.join(' ')} and nothing else`, async () => {
    const screen = await Screen.signIn(server.url, login)
    screens.push(screen)
    const { page } = screen
    assert.deepEqual(await page.getByRole('navigation').first().getByRole('link').allInnerTexts(), pages)
    for (const [name, address] of Object.entries(ADDRESSES)) {
      await screen.open(address)
      const heading = page.getByRole('heading', { level: 1 }).filter({ hasText: new RegExp(`^${name}`) })
      await (pages.includes(name) ? heading : page.getByText('这一页不归你的岗位。')).waitFor()
    }
    const found = await statuses(page)
    for (const [at, [who, method, path]] of ROUTES.entries()) {
      const may = found[at] !== 403
      assert.equal(may, who.includes(login.replace('population-office', 'fire-brigade')), `${login}: ${method} ${path} answers ${found[at]}`)
    }
    assert.deepEqual(screen.errors, [])
  })
}
