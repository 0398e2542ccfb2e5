/**
 * Pictures of the round's pages in each state, on a build with the stand-in (`vite build --mode fake`):
 *   node tests/pages/states.mjs FOLDER [zh|en] [light|dark] [100|200]
 * Empty, slow and failing answers are asked for by `window.__fake`, see tests/fake/transport.ts.
 */
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { serve } from './serve.mjs'

const [folder, language = 'zh', theme = 'light', scale = '100', only = ''] = process.argv.slice(2)
if (!folder) throw new Error('where to? node tests/pages/states.mjs FOLDER [zh|en] [light|dark] [100|200]')
mkdirSync(folder, { recursive: true })
const zh = language === 'zh'
const word = (chinese, english) => (zh ? chinese : english)

const server = await serve('dist-fake')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
})

async function fresh(fake = {}, geo = true) {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: theme, serviceWorkers: 'block',
    locale: zh ? 'zh-CN' : 'en-GB', permissions: geo ? ['geolocation'] : [], geolocation: { latitude: 31.141, longitude: 121.391 },
  })
  await context.addInitScript(([settings, asked]) => {
    // about:blank has no storage.
    if (location.protocol !== 'http:') return
    localStorage.setItem('gridbook.settings', settings)
    window.__fake = asked
  }, [JSON.stringify({ language, theme, text: Number(scale) }), fake])
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error('page error:', error.message))
  return { context, page, shot: async (name, full = false) => {
    await page.waitForTimeout(450)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 1) console.error(`${name}: ${wide} px wider than the screen`)
    for (const small of await page.evaluate(tooSmall)) console.error(`${name}: ${small}`)
    await page.screenshot({ path: `${folder}/${name}-${language}-${theme}-${scale}.png`, fullPage: full })
  } }
}

/** What can be tapped and is smaller than 44 px, or has no name. */
function tooSmall() {
  const found = []
  for (const node of document.querySelectorAll('button, a[href], select, textarea, input:not([type=file]), [role=button], [role=radio]')) {
    const { width, height } = node.getBoundingClientRect()
    if (width === 0 || height === 0 || node.closest('[aria-hidden=true]') || getComputedStyle(node).visibility === 'hidden') continue
    const what = `${node.tagName.toLowerCase()}.${node.className} "${(node.textContent ?? '').trim().slice(0, 20)}"`
    if (width < 43.5 || height < 43.5) found.push(`${what} is ${Math.round(width)}×${Math.round(height)}`)
    const named = node.getAttribute('aria-label') || node.textContent?.trim() || node.labels?.length || node.getAttribute('aria-labelledby')
    if (!named) found.push(`${what} has no name`)
  }
  return [...new Set(found)]
}

const go = async (page, route) => {
  await page.goto('about:blank')
  await page.goto(`${server.url}/app/#/${route}`)
}
const scenes = {
  async today({ page, shot }) {
    await go(page, 'today')
    await page.locator('article').first().waitFor()
    await shot('today')
    await page.getByRole('button', { name: new RegExp(word('无变化$', 'unchanged$')) }).first().tap()
    await page.getByRole('button', { name: new RegExp(word('其他结果$', 'other outcomes$')) }).first().tap()
    await shot('today-more')
    await page.goBack()
    await shot('today-marked')
    await page.getByRole('button', { name: word('地图', 'Map') }).tap()
    await shot('today-map')
    await page.locator('canvas').tap({ position: { x: 123, y: 130 } })
    await shot('today-map-row')
    await page.getByRole('button', { name: word('列表', 'List'), exact: true }).tap()
    await page.getByRole('button', { name: new RegExp(word('^待回访', '^Revisit')) }).tap()
    await shot('today-revisit')
    await page.getByRole('button', { name: new RegExp(word('^已巡', '^Visited')) }).tap()
    await shot('today-visited')
  },
  async shops({ page, shot }) {
    await go(page, 'shops')
    await page.locator('article').first().waitFor()
    await shot('shops')
    await page.getByRole('searchbox').fill('不存在的店')
    await shot('shops-none')
    await page.getByRole('searchbox').fill('路1')
    await shot('shops-found')
    await page.getByRole('button', { name: word('业态', 'Business type') }).tap()
    await shot('shops-type')
  },
  async dossier({ page, shot }) {
    await go(page, 'shops')
    await page.locator('article').nth(1).locator('a').tap()
    await page.getByRole('heading', { name: word('基本', 'Basics') }).waitFor()
    await shot('dossier')
    await shot('dossier-whole', true)
    await page.getByRole('button', { name: new RegExp(word('^业态：', '^Business type: ')) }).tap()
    await shot('value-conflict')
    await page.getByRole('button', { name: word('修改', 'Edit') }).last().tap()
    await shot('value-edit')
    await page.goBack()
    await page.getByRole('button', { name: new RegExp(word('^营业状态：', '^Operating state: ')) }).tap()
    await page.getByRole('button', { name: word('修改', 'Edit') }).last().tap()
    await shot('value-edit-few')
    await page.getByRole('radio', { name: word('装修', 'Fitting out') }).tap()
    await shot('value-saved')
    await page.getByRole('button', { name: word('更多', 'More') }).tap()
    await shot('dossier-more')
    await page.goBack()
    await page.getByRole('link', { name: word('全部修改记录', 'All changes') }).tap()
    await shot('history')
  },
  async people({ page, shot }) {
    await go(page, 'today')
    await page.locator('article a').first().tap()
    await page.getByRole('button', { name: new RegExp(word('搬离$', 'moved out$')) }).first().tap()
    await shot('moved-out')
    await page.getByRole('dialog').getByRole('button', { name: word('其他日期', 'Other date') }).tap()
    await shot('date-sheet')
    await page.goBack()
    await page.goBack()
    await page.getByRole('button', { name: word('住人搬入', 'Moved in') }).tap()
    await shot('form-resident')
    await page.getByRole('button', { name: word('保存', 'Save') }).tap()
    await shot('form-missing')
    await page.getByLabel(new RegExp(word('^姓名', '^Name'))).fill('张𠮷䶮')
    await page.getByLabel(new RegExp(word('^证件号码', '^Identity number'))).tap()
    await page.keyboard.type('310112199001011234')
    await shot('form-keypad-fault')
    await page.keyboard.press('Backspace')
    await page.keyboard.type('3')
    await shot('form-keypad')
    await page.keyboard.press('Tab')
    await page.getByRole('radio', { name: word('来沪', 'From outside the city') }).tap()
    await page.getByRole('radio', { name: word('阁楼', 'Loft') }).tap()
    await page.getByRole('radiogroup', { name: new RegExp(word('已告知', 'Told')) }).getByRole('radio').first().tap()
    await shot('form-filled', true)
    await page.getByRole('button', { name: word('保存', 'Save') }).tap()
    await shot('form-proposal')
    await page.getByRole('dialog').getByRole('button', { name: new RegExp(word('报违规住人', '^Report')) }).tap()
    await shot('form-proposal-filed')
  },
  async draft({ page, shot }) {
    await go(page, 'today')
    await page.locator('article a').first().tap()
    await page.getByRole('button', { name: word('新增从业人员', 'Add worker') }).tap()
    await page.getByLabel(new RegExp(word('^姓名', '^Name'))).fill('工友')
    await shot('form-worker')
    await page.getByText(word('草稿已存', 'Draft kept')).waitFor()
    await page.goBack()
    await page.getByRole('button', { name: word('新增从业人员', 'Add worker') }).tap()
    await shot('draft-ask')
    await page.goBack()
    await page.goBack()
    await shot('today-draft')
  },
  async shop({ page, shot }) {
    await go(page, 'form/shop')
    await page.getByLabel(new RegExp(word('^店招', '^Name on the sign'))).fill('很长的店招'.repeat(8))
    await page.getByRole('button', { name: new RegExp(word('新增证照', 'Add Licences')) }).tap()
    await page.getByRole('button', { name: new RegExp(word('^其他（', '^Others \\(')) }).tap()
    await shot('form-shop', true)
  },
  async finding({ page, shot }) {
    await go(page, 'finding')
    await page.getByRole('searchbox').waitFor()
    await shot('finding-pick-shop')
    await page.getByRole('searchbox').fill('沁园')
    await page.getByRole('button', { name: /沁园/ }).tap()
    await shot('finding-empty')
    await page.getByRole('button', { name: word('保存', 'Save') }).tap()
    await page.getByRole('radio').first().tap()
    await page.getByLabel(word('拍照', 'Take photo')).setInputFiles({ name: 'site.png', mimeType: 'image/png', buffer: await picture(page) })
    await page.getByRole('button', { name: word('照片 1', 'Photo 1'), exact: true }).waitFor()
    await page.getByRole('textbox').fill('后门堆放纸箱，已请店主清走，下午再看。'.repeat(3))
    await shot('finding-filled', true)
    await page.getByRole('button', { name: word('照片 1', 'Photo 1'), exact: true }).tap()
    await shot('finding-photo')
    await go(page, 'findings')
    await shot('findings')
  },
  async tasks({ page, shot }) {
    await go(page, 'tasks')
    await page.locator('a.task').first().waitFor()
    await shot('tasks', true)
    for (const [n, name] of [[0, 'verify'], [1, 'spot-check'], [2, 'recollect']]) {
      await page.locator('a.task').nth(n).tap()
      await shot(`task-${name}`)
      if (name === 'spot-check') {
        await page.getByRole('radio').first().tap()
        await shot('task-spot-check-shown', true)
        await page.getByRole('button', { name: word('提交', 'Submit') }).tap()
        await shot('task-spot-check-done')
      }
      await page.goBack()
      await page.locator('a.task').first().waitFor()
      if (name === 'spot-check') break
    }
    await page.locator('a.task').last().tap()
    await shot('task-not-whole', true)
  },
}
const states = {
  empty: { empty: true }, error: { fail: ['today', 'shops', 'dossier', 'todo', 'rows', 'schema'] }, slow: { slow_ms: 60_000, slow: ['today', 'shops', 'dossier', 'todo', 'rows', 'schema'] },
}

async function picture(page) {
  return Buffer.from(await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2400, 1800)
    const pen = canvas.getContext('2d')
    const sky = pen.createLinearGradient(0, 0, 2400, 1800)
    sky.addColorStop(0, '#446'); sky.addColorStop(1, '#ca8')
    pen.fillStyle = sky
    pen.fillRect(0, 0, 2400, 1800)
    const blob = await canvas.convertToBlob({ type: 'image/png' })
    return [...new Uint8Array(await blob.arrayBuffer())]
  }))
}

try {
  for (const [name, act] of Object.entries(scenes)) {
    if (only && only !== name) continue
    const { context, page, shot } = await fresh()
    await act({ page, shot }).catch((error) => console.error(`${name}: ${String(error).split('\n').slice(0, 3).join(' | ')}`))
    await context.close()
  }
  for (const [name, fake] of Object.entries(states)) {
    if (only && only !== name) continue
    const { context, page, shot } = await fresh(fake, name !== 'empty')
    for (const route of ['today', 'shops', 'tasks', 'findings', 'shop/00', 'form/shop', 'finding']) {
      await go(page, route)
      await shot(`${name}-${route.replaceAll('/', '-')}`)
    }
    await context.close()
  }
} finally {
  await browser.close()
  server.close()
}
