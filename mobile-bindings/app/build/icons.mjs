/** Draws public/icons/*.png from icon.svg: node build/icons.mjs. Run by hand after the drawing changed. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const folder = fileURLToPath(new URL('../public/icons/', import.meta.url))
const drawing = await readFile(`${folder}icon.svg`, 'utf8')
// Systems cut a maskable icon to a shape of their own: the ground fills it, the drawing keeps to the middle.
const maskable = drawing.replace('rx="112"', '').replace(/(<rect[^>]*>)([\s\S]*)<\/svg>/, '$1<g transform="translate(64 64) scale(0.75)">$2</g></svg>')

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
for (const [name, side, svg] of [['icon-180', 180, maskable], ['icon-192', 192, drawing], ['icon-512', 512, drawing], ['maskable-512', 512, maskable]]) {
  const page = await browser.newPage({ viewport: { width: side, height: side } })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${side}px;height:${side}px}</style>${svg}`)
  await page.screenshot({ path: `${folder}${name}.png`, omitBackground: true })
}
await browser.close()
