/**
 * Pictures of pages of a build with the stand-in (`vite build --mode fake`), zh and en, light and dark:
 *   node tests/pages/shots.mjs FOLDER [ROUTE...]        e.g. /tmp/shots '#/today' '?phase=locked#/'
 * Every route in tests/pages/routes.mjs without arguments. CHROMIUM names the browser.
 */
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { routes } from './routes.mjs'
import { serve } from './serve.mjs'

const [folder, ...wanted] = process.argv.slice(2)
if (!folder) throw new Error('where to? node tests/pages/shots.mjs FOLDER [ROUTE...]')
mkdirSync(folder, { recursive: true })

const server = await serve('dist-fake')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
})
try {
  const all = wanted.length ? wanted.map((route) => [route.replaceAll(/[^a-z0-9]+/gi, '-'), route]) : Object.entries(routes)
  for (const [language, theme] of [['zh', 'light'], ['en', 'light'], ['zh', 'dark'], ['en', 'dark']]) {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true,
      colorScheme: theme, serviceWorkers: 'block', locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    })
    await context.addInitScript(`location.protocol === "http:" && localStorage.setItem('gridbook.settings', '${JSON.stringify({ language, theme, text: Number(process.env.TEXT ?? 100) })}')`)
    const page = await context.newPage()
    page.on('pageerror', (error) => console.error('page error:', error.message))
    for (const [name, route] of all) {
      await page.goto('about:blank')
      await page.goto(`${server.url}/app/${route}`)
      await page.waitForTimeout(700)
      await page.screenshot({ path: `${folder}/${name}-${language}-${theme}.png` })
    }
    await context.close()
  }
} finally {
  await browser.close()
  server.close()
}
