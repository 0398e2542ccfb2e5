/** The system ends the app while it saves: what was said to be kept is kept, and nothing is kept by half. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Desk } from './lib/desk.mjs'
import { Phone } from './lib/phone.mjs'
import { serve } from './lib/server.mjs'

const GRID = '310112901001001'
let server, desk, wang, shops
/** Visits that the server had before, and how many were made since. */
let known
let marked = 0

before(async () => {
  server = await serve({ shops: 120 })
  desk = await Desk.signIn(server.url, 'supervisor')
  wang = await Phone.make(server.url)
  await wang.enrol(await desk.ticket(GRID), desk)
  shops = await desk.shops(GRID)
  known = new Set((await visits()).map(({ id }) => id))
  await wang.offline(true)
})

after(async () => {
  await wang?.end()
  await server?.end()
})

async function visits() {
  return (await desk.get(`/records?kind=visit&grid=${GRID}&limit=200`)).rows
}

async function again(path = '') {
  await wang.die()
  await wang.launch()
  await wang.open(path)
  await wang.unlock()
}

/** Own changes that wait, once the line says so many. */
async function waiting() {
  await wang.page.locator('a.line').first().waitFor()
  const { changes } = await wang.core('waiting')
  await wang.says(changes === 0 ? /无待上传/ : new RegExp(`^离线 · ${changes} 条`))
  return changes
}

/** Marks these shops as unchanged, as fast as the page lets; calls `kept` whenever the page says so. */
async function mark(ids, kept) {
  wang.page.on('console', (message) => { if (message.text() === 'kept') kept() })
  const marking = wang.page.evaluate(async (shops) => {
    const button = () => [...document.querySelectorAll('.gb-bar button')].find((each) => each.textContent.trim() === '无变化')
    const met = async (what) => { while (!what()) await new Promise(requestAnimationFrame) }
    for (const id of shops) {
      location.hash = `#/shop/${id}`
      await met(button)
      button().click()
      await met(() => document.querySelector('.gb-bar .said'))
      console.log('kept')
    }
  }, ids)
  // The browser dies under it.
  await assert.rejects(marking, /closed|crashed/)
}

test('every visit that the page showed as kept is there after the app was killed', async () => {
  const ids = shops.map(({ id }) => id)
  for (const [most, delay_ms] of [[1, 0], [2, 8], [3, 25]]) {
    const before = await waiting()
    let kept = 0
    let dead = null
    // More than can be marked before it is dead.
    await mark(ids.splice(0, 5), () => {
      kept += 1
      if (kept === most) dead = pause(delay_ms).then(() => again('today'))
    })
    await dead
    const now = (await waiting()) - before
    assert.ok(now === kept || now === kept + 1, `${kept} were said to be kept, ${now} are there`)
    marked += now
  }
})

/** What the open dossier shows in these fields. */
async function shown(labels) {
  const texts = await Promise.all(labels.map((label) => wang.button(new RegExp(`^${label}：`)).getAttribute('aria-label')))
  return texts.map((text, n) => text.slice(labels[n].length + 1))
}

test('a form is kept whole or not at all, and what was not kept is offered again', async () => {
  const { id } = shops.at(-1)
  const labels = ['店招', '道路门牌']
  const field = (label) => wang.page.getByRole('textbox', { name: new RegExp(`^${label}`) })
  await wang.shop(id)
  let last = await shown(labels)
  for (const [n, delay_ms] of [[1, 0], [2, 15], [3, 40]]) {
    const typed = labels.map((label) => `${label}之${n}`)
    await wang.open(`form/shop/${id}`)
    const discard = wang.button('不要了')
    await discard.or(field(labels[0])).first().waitFor()
    if (await discard.isVisible()) await discard.tap()
    for (const [at, label] of labels.entries()) await field(label).fill(typed[at])
    await wang.page.getByText('草稿已存').waitFor()
    await wang.page.evaluate(() => [...document.querySelectorAll('button')].find((each) => each.textContent.trim() === '保存').click())
    await pause(delay_ms)
    await again(`shop/${id}`)
    await wang.button('报问题').waitFor()
    const stored = await shown(labels)

    await wang.open(`form/shop/${id}`)
    const resume = wang.button('继续')
    await resume.or(field(labels[0])).first().waitFor()
    const offered = await resume.isVisible()
    if (offered) {
      await resume.tap()
      await field(labels[0]).waitFor()
      assert.deepEqual(await Promise.all(labels.map((label) => field(label).inputValue())), typed)
    }
    if (stored.join() !== typed.join()) {
      assert.deepEqual(stored, last, 'no half of it')
      assert.ok(offered, 'what is not kept is offered')
    }
    last = stored
  }
})

test('what was being typed is offered where the day begins', async () => {
  const { id } = shops.at(-2)
  await wang.open(`finding?shop=${id}`)
  await wang.page.getByRole('radio').first().tap()
  const field = () => wang.page.getByLabel('描述')
  await field().fill('后门堆满纸箱')
  await wang.page.getByText('草稿已存').waitFor()
  await field().pressSequentially('，推不开')
  await again('today')
  await wang.page.getByText(/^继续上次填写？.+ · /).waitFor()
  await wang.button('继续').tap()
  await field().waitFor()
  assert.match(await field().inputValue(), /^后门堆满纸箱/)
  await wang.button('保存').tap()
  await field().waitFor({ state: 'detached' })
})

test('a single value that was being typed is offered too, and opens where it stands', async () => {
  const { id } = shops.at(-3)
  const field = () => wang.page.getByRole('dialog').getByRole('textbox').last()
  await wang.shop(id)
  await wang.button(/^店招/).first().tap()
  await wang.button('修改').last().tap()
  await field().fill('半个名')
  // There is no mark in the sheet: the phone's list of drafts says when it is kept.
  const kept = async () => (await wang.core('drafts')).some(({ name }) => name === `value:${id}:sign_name`)
  while (!(await kept())) await pause(50)
  await again('today')
  await wang.button('继续').tap()
  await field().waitFor()
  await wang.page.waitForFunction(() => [...document.querySelectorAll('[role=dialog] input, [role=dialog] textarea')].some(({ value }) => value === '半个名'))
  await field().fill('整个名')
  await wang.page.getByRole('dialog').getByRole('button', { name: '保存' }).tap()
  await wang.button('店招：整个名').first().waitFor()
  // Nothing is offered once it is saved.
  while (await kept()) await pause(50)
})

test('everything that was kept reaches the server whole', async () => {
  await wang.offline(false)
  await wang.syncNow()
  const sent = (await visits()).filter(({ id }) => !known.has(id))
  assert.equal(sent.length, marked)
  for (const { title, follows } of sent) {
    assert.equal(title[0]?.zh, '无变化')
    assert.ok(shops.some(({ id }) => id === follows))
  }
})
