/** Each list of the console: a heading sorts it, a filter narrows it, both stand in the address, and it goes out as a file of what it shows. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { row } from './lib/desk-walk.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

let server
const screens = []

before(async () => {
  server = await serve({ shops: 96 })
  const desk = await Desk.signIn(server.url, 'supervisor')
  const made = await desk.post('/checks', { area: '310112901001', method: 'register-to-street', per_grid: 3, due_ms: Date.now() + 7 * 86_400_000 })
  await desk.post(`/checks/${made.id}/draw`, undefined, { 'if-match': `"v${made.version}"` })
  const list = 'uscc,name\n92310112MA1GBX000K,梧桐里新店\n'
  const given = await fetch(`${desk.base}/registrations?name=${encodeURIComponent('十一月名单')}&area=310112901001`, { method: 'POST', headers: { cookie: desk.cookie, 'x-csrf-token': desk.csrf, 'content-type': 'text/csv' }, body: list })
  assert.equal(given.status < 300, true, await given.text())
  const [one, other] = (await desk.shops('310112901001001')).filter((shop) => shop.conflicts === 0)
  await alike(desk, one.id, '顺发百货商店')
  await alike(desk, other.id, '顺发百货')
})

/** Shops behind one door whose signs are nearly the same. */
async function alike(desk, id, sign) {
  const { etag } = await desk.get(`/records/${id}`)
  const edits = [{ op: 'set', key: 'door_no', value: '梧桐里路90号' }, { op: 'clear', key: 'unit_no' }, { op: 'set', key: 'sign_name', value: sign }]
  await desk.post(`/records/${id}/edits`, { edits, reason: '现场核对' }, { 'if-match': etag })
}

after(async () => {
  for (const one of [...screens, server]) await one?.end()
})

/** Page, heading that sorts, filter with its option, file. */
const LISTS = {
  supervisor: [
    ['records', '店招', ['网格', '第 1 网格'], 'records'],
    ['cases', '编号', ['网格', '第 1 网格'], 'cases'],
    ['checks', '查到', ['方式', '顺查'], 'checks'],
    ['checks/1/doors', '门牌', ['网格', '第 1 网格'], 'doors'],
    ['checks/1/list', '门牌', ['网格', '第 1 网格'], 'door-list'],
    ['review/duplicates', '名称相似', ['网格', '第 1 网格'], 'duplicates'],
    ['registrations', '名单', ['网格', '东梧居委'], 'registrations'],
    ['registrations/1', '比对', ['办理', '待办'], 'registration-rows'],
    ['people', '工号', ['网格', '第 1 网格'], 'inspectors'],
    ['people/grids', '商铺', ['网格', '东梧居委'], 'grids'],
    ['people/phones', '信息员', ['网格', '第 1 网格'], 'devices'],
    ['rules', '版本', ['状态', '已发布'], 'versions'],
  ],
  'linkage-centre.clerk': [['inbox', '网格', ['网格', '第 1 网格'], 'items']],
  'population-office.head': [['rosters', '网格', ['网格', '第 1 网格'], 'roster']],
  admin: [['accounts', '姓名', ['岗位', '经办'], 'accounts']],
  auditor: [['audit', '人', ['动作', '导出名单'], 'audit']],
}

const USUAL = { cases: ['open'], inbox: ['state'], records: ['kind'], rosters: ['month'] }

/** What the list was asked for, without its usual filters, once the answer to what was done is there. */
async function asks(page, path, wanted, what) {
  const own = (url) => [...new URL(url).searchParams].filter(([name]) => name !== 'limit' && !USUAL[path]?.includes(name))
  const answer = page.waitForResponse((one) => /\/api\/v1\/(?!exports)/.test(one.url()) && wanted(own(one.url())))
  await what()
  const came = await answer
  assert.equal(came.status(), 200, came.url())
  return own(came.url())
}

for (const [login, lists] of Object.entries(LISTS)) {
  test(`lists of ${login}`, async () => {
    const screen = await Screen.signIn(server.url, login)
    screens.push(screen)
    const { page } = screen
    for (const [path, heading, [filter, option], file] of lists) {
      // The list before stands until this one comes, and may have a heading of the same name.
      await page.evaluate(() => document.querySelector('.el-table')?.setAttribute('data-left', ''))
      await screen.open(path)
      const table = page.locator('.el-table:not([data-left])')
      await row(table).first().waitFor()
      const head = table.locator('.el-table__header').getByRole('button', { name: heading })
      const [[, key]] = await asks(page, path, (own) => own.length === 1 && own[0][0] === 'sort', () => head.click())
      assert.ok(page.url().includes(`sort=${key}`), `${path}: a heading sorts`)
      const narrowed = await asks(page, path, (own) => own.length === 2, () => screen.pick(page.locator('.bar'), filter, option))
      assert.deepEqual(narrowed.find(([name]) => name === 'sort'), ['sort', key], `${path}: the order stays`)
      const [name, value] = narrowed.find(([each]) => each !== 'sort')
      assert.ok(decodeURIComponent(page.url()).includes(`${name}=${value}`), `${path}: the filter stands in the address`)
      await page.reload()
      await page.locator('main').getByText(/^第 \d+–\d+ 行|没有符合「/).first().waitFor()
      if (await row(page).count() === 0) await page.getByRole('button', { name: '清除筛选' }).first().click()
      await row(page).first().waitFor()
      await page.getByRole('button', { name: '导出' }).click()
      const coming = page.waitForEvent('download')
      await page.getByRole('menuitem', { name: 'CSV' }).click()
      const given = await coming
      assert.equal(given.suggestedFilename(), `${file}.csv`)
      const lines = (await readFile(await given.path(), 'utf8')).trimEnd().split('\n')
      assert.ok(lines.length > 1, `${path}: a file with rows`)
    }
    assert.deepEqual(screen.errors, [])
  })
}
