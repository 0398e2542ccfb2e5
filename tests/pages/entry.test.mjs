/** 开始录入: one reason opens a list, each row stands in the trace, keys copy and mark, the next opens itself. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Screen } from './lib/screen.mjs'
import { serve } from './lib/server.mjs'

const WHY = '十一月集中录入'
let server, clerk, office, auditor

before(async () => {
  server = await serve()
  office = await Desk.signIn(server.url, 'population-office.clerk')
  auditor = await Desk.signIn(server.url, 'auditor')
  clerk = await Screen.signIn(server.url, 'population-office.clerk')
  await clerk.context.grantPermissions(['clipboard-read', 'clipboard-write'])
})

after(async () => {
  for (const one of [clerk, server]) await one?.end()
})

const waiting = async (state = 'open') => (await office.get(`/items?state=${state}&kind=resident&how=at_once&limit=200`)).rows
const clipboard = () => clerk.page.evaluate(() => navigator.clipboard.readText())
const heading = (item) => clerk.page.getByRole('heading', { level: 2, name: item.about.title[0].zh })
const revealed = async () => (await auditor.get('/audit?act=record.reveal&who=population-office.clerk&limit=200')).rows

test('keys copy field by field and mark; every row that was opened stands in the trace with the reason', async () => {
  const { page } = clerk
  const [first, second, third] = await waiting()
  await clerk.open('entry')
  await page.getByRole('textbox', { name: '这次录入的理由' }).fill(WHY)
  await clerk.press('Enter')
  await heading(first).waitFor()
  assert.equal((await revealed()).length, 1)

  // Space goes from field to field; what is copied is whole.
  const copied = []
  const labels = await page.locator('.fields dt').allInnerTexts()
  // In the order and by the names of the system that they go into.
  const { entries } = await office.get('/schemas')
  const { fields } = entries.find(({ kind }) => kind === 'resident')
  const asked = fields.map(({ heading }) => heading.zh).filter((heading) => labels.includes(heading))
  assert.ok(asked.length > 3)
  assert.deepEqual(labels, asked)
  for (const label of labels) {
    await clerk.press(' ')
    await page.locator('.fields dt').filter({ hasText: label }).first().locator('+ dd').getByText('已复制').waitFor()
    copied.push(await clipboard())
  }
  const number = copied[labels.findIndex((label) => label.includes('号码'))]
  assert.match(number, /^\d{17}[\dX]$/)

  await clerk.press('1')
  await heading(second).waitFor()
  await clerk.press('2')
  await heading(third).waitFor()
  assert.deepEqual(await clerk.axe(), [])
  // Sent back with what is to be collected again; keys are silent while that is written.
  await clerk.press('3')
  const why = page.getByRole('dialog', { name: '退回补采' })
  await why.getByLabel('理由').waitFor()
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT')
  await page.keyboard.type('1 2 3 证件照不清')
  assert.equal(await why.getByLabel('理由').inputValue(), '1 2 3 证件照不清')
  await clerk.press('Enter')
  await why.waitFor({ state: 'hidden' })
  await page.locator('.marks').getByText('退回补采').waitFor()

  const marks = await Promise.all([first, second, third].map(async ({ id }) => (await office.get(`/items/${id}`)).mark))
  assert.deepEqual(marks, ['entered', 'existing', 'back'])
  const rows = await revealed()
  assert.deepEqual(new Set(rows.map(({ reason }) => reason)), new Set([WHY]))
  for (const { record } of [first, second, third]) assert.equal(rows.filter((row) => JSON.stringify(row).includes(record)).length, 1)
})

test('what somebody else marked meanwhile is told, and the next try is made on what stands', async () => {
  const { page } = clerk
  const [now] = await waiting()
  await heading(now).waitFor()
  await office.post(`/items/${now.id}/marks`, { mark: 'back', reason: '电话不通' }, { 'if-match': `"v${now.version}"` })
  await clerk.press('1')
  await page.getByText('别人刚改过').waitFor()
  await clerk.press('1')
  await page.locator('.list').getByText('✓ 已录入').nth(1).waitFor()
  assert.equal((await office.get(`/items/${now.id}`)).mark, 'entered')
})

async function again(page) {
  await clerk.open('inbox')
  await page.getByRole('heading', { level: 1, name: /^收件箱/ }).waitFor()
  await page.getByRole('button', { name: '开始录入' }).click()
}

test('the list ends; begun again with those sent back they come once more', async () => {
  const { page } = clerk
  for (let left = await waiting(); left.length; left = await waiting()) {
    await heading(left[0]).waitFor()
    await clerk.press('1')
    await page.locator('.marks').getByText(left.length > 1 ? `还剩 ${left.length - 1} 人` : '还剩 0 人').waitFor()
  }
  await page.getByText('名单办完了。').waitFor()
  const box = page.getByRole('textbox', { name: '这次录入的理由' })
  await again(page)
  await box.fill(WHY)
  await clerk.press('Enter')
  await page.getByText('没有待录入的人。').waitFor()
  await again(page)
  await box.fill(WHY)
  await page.getByText('连同退回补采的').click()
  await page.getByRole('button', { name: '开始', exact: true }).click()
  const back = await waiting('back')
  await heading(back[0]).waitFor()
  assert.equal(await page.locator('.list li').count(), back.length)
  assert.deepEqual(clerk.errors, [])
})
