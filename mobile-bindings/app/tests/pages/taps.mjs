/**
 * Counts the taps that daily work takes, on a build with the stand-in (`vite build --mode fake`):
 *   node tests/pages/taps.mjs
 * Typing and the camera do not count. More than the most allowed fails; CHROMIUM names the browser.
 */
import { chromium } from 'playwright-core'
import { serve } from './serve.mjs'

const ID_NUMBER = '310112199001011233'
/** The smallest picture that a browser decodes. */
const PICTURE = {
  name: 'site.png', mimeType: 'image/png',
  buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
}

/** name, target, most, what is done. */
const scenes = [
  ['无变化 unchanged', 1, 2, async ({ page, tap }) => {
    await tap(page.getByRole('button', { name: /无变化$/ }).first())
    await page.getByText('已记无变化').first().waitFor()
  }],
  ['关门 shut', 2, 3, async ({ page, tap }) => {
    await tap(page.getByRole('button', { name: /其他结果$/ }).first())
    await tap(page.getByRole('dialog').getByRole('button', { name: /^关门/ }))
    await page.getByText('已记关门').first().waitFor()
  }],
  ['问题一照 finding, one photo', 5, 6, async ({ page, tap }) => {
    await tap(page.locator('article a').first())
    await tap(page.getByRole('button', { name: '报问题' }))
    await tap(page.getByRole('radio', { name: '违规住人' }))
    await tap(page.getByLabel('拍照'), async (camera) => camera.setInputFiles(PICTURE))
    await page.getByRole('button', { name: '照片 1', exact: true }).waitFor()
    await tap(page.getByRole('button', { name: '保存' }))
    await page.getByText(/已报违规住人，联动中心·待立案/).waitFor()
  }],
  ['搬入 moved in', 6, 8, async ({ page, tap }) => {
    await tap(page.locator('article a').first())
    await movedIn({ page, tap })
    await tap(page.getByRole('button', { name: '保存' }))
    await page.getByText('张三').waitFor()
  }],
  ['再加一人 one more', 4, 5, async ({ page, tap, still }) => {
    await still(async (quiet) => {
      await quiet(page.locator('article a').first())
      await movedIn({ page, tap: quiet })
    })
    await tap(page.getByRole('button', { name: '再加一人（同地址）' }))
    await page.getByLabel(/^姓名/).and(page.locator(':focus')).waitFor()
    await page.keyboard.type('李四')
    await number({ page, tap }, '310112199001011233')
    await tap(page.getByRole('radiogroup', { name: /已告知/ }).getByRole('radio', { name: '是' }))
    await tap(page.getByRole('button', { name: '保存' }))
    await page.getByText('李四').waitFor()
  }],
  ['搬离 moved out', 3, 4, async ({ page, tap }) => {
    await tap(page.locator('article a').first())
    await tap(page.getByRole('button', { name: /搬离$/ }).first())
    await tap(page.getByRole('dialog').getByRole('button', { name: '今天' }))
    await page.getByText(/搬离 · 已存本机/).waitFor()
  }],
  ['业态 business type', 4, 6, async ({ page, tap }) => {
    await tap(page.locator('article a').first())
    await tap(page.getByRole('button', { name: /^业态：/ }))
    await tap(page.getByRole('button', { name: '修改' }).last())
    await page.getByRole('searchbox').fill('快餐')
    await tap(page.getByRole('button', { name: /^快餐服务/ }))
    await page.getByRole('button', { name: '业态：快餐服务' }).waitFor()
  }],
  ['找店 find a shop', 2, 3, async ({ page, tap }) => {
    await tap(page.getByText('商铺', { exact: true }))
    await page.getByRole('searchbox').and(page.locator(':focus')).waitFor()
    await page.keyboard.type('馄饨')
    await tap(page.locator('article a').filter({ hasText: '阿婆大馄饨' }))
    await page.getByRole('heading', { name: '阿婆大馄饨' }).waitFor()
  }],
  ['改正 correct a refusal', 4, 5, async ({ page, tap }) => {
    await tap(page.getByText('待办', { exact: true }))
    await tap(page.getByRole('button', { name: '改正' }).first())
    await tap(page.getByLabel(/^店招/))
    await page.keyboard.type('一')
    await tap(page.getByRole('button', { name: '改正并重发' }))
    await page.getByRole('heading', { name: '待办' }).waitFor()
  }],
  ['核查 verify', 4, 5, async ({ page, tap }) => {
    await tap(page.getByText('待办', { exact: true }))
    await tap(page.getByRole('link', { name: /核查/ }))
    await tap(page.getByRole('radio', { name: '已整改' }))
    await tap(page.getByRole('button', { name: '提交' }))
    await page.getByRole('heading', { name: '待办' }).waitFor()
  }],
]

async function number({ page, tap }, text) {
  await tap(page.getByLabel(/^证件号码/))
  await page.keyboard.type(text)
  await page.getByText(/1990-01-01 生/).waitFor()
  // The keypad goes when anything else is tapped; a plugged-in keyboard leaves the field by Tab.
  await page.keyboard.press('Tab')
}

async function movedIn({ page, tap }) {
  await tap(page.getByRole('button', { name: '住人搬入' }))
  await page.getByLabel(/^姓名/).and(page.locator(':focus')).waitFor()
  await page.keyboard.type('张三')
  await number({ page, tap }, ID_NUMBER)
  await tap(page.getByRole('radio', { name: '来沪' }))
  await tap(page.getByRole('radio', { name: '店内' }))
  await tap(page.getByRole('radiogroup', { name: /已告知/ }).getByRole('radio', { name: '是' }))
}

const only = process.argv[2]
const server = await serve('dist-fake')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
})
let failed = 0
try {
  for (const [name, target, most, act] of scenes.filter(([name]) => !only || name.includes(only))) {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN', serviceWorkers: 'block',
      permissions: ['geolocation'], geolocation: { latitude: 31.141, longitude: 121.391 },
    })
    const page = await context.newPage()
    page.on('pageerror', (error) => console.error(name, 'page error:', error.message))
    let taps = 0
    const touch = async (on, how) => { await (how ? how(on) : on.tap()) }
    const tap = async (on, how) => {
      await touch(on, how)
      if (!how) taps += 1
    }
    const still = (work) => work(touch)
    try {
      await page.goto(`${server.url}/app/#/today`)
      await page.locator('article').first().waitFor()
      await act({ page, tap, still })
      const fits = taps <= most
      failed += fits ? 0 : 1
      console.log(`${fits ? 'ok  ' : 'MORE'} ${name}: ${taps} (target ${target}, most ${most})`)
    } catch (error) {
      failed += 1
      console.error(`FAIL ${name} after ${taps} taps: ${String(error).split('\n').slice(0, 3).join(' | ')}`)
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/fail-${target}-${most}-${taps}.png` })
    }
    await context.close()
  }
} finally {
  await browser.close()
  server.close()
}
process.exitCode = failed === 0 ? 0 : 1
