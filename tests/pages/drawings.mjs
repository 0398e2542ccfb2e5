/**
 * Makes the JPEGs of the demo's drawings, as the phone app makes those of a camera:
 * node tests/pages/drawings.mjs. Run by hand after a drawing changed.
 */
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const folder = fileURLToPath(new URL('../../server/src/demo/pictures/', import.meta.url))
const MOST = 20_000
/** Of a drawing's units: small files matter here, not fine print. */
const SCALE = 0.8
const QUALITIES = [0.82, 0.7, 0.55]

/** In the page: the drawing as a JPEG of this quality, base64. */
async function drawn([svg, quality]) {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth
  canvas.height = image.naturalHeight
  canvas.getContext('2d').drawImage(image, 0, 0)
  return canvas.toDataURL('image/jpeg', quality).split(',')[1]
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
try {
  const page = await browser.newPage()
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.svg'))) {
    const text = await readFile(`${folder}${name}`, 'utf8')
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(text)
    const svg = text.replace('<svg ', `<svg width="${width * SCALE}" height="${height * SCALE}" `)
    let jpeg
    for (const quality of QUALITIES) {
      jpeg = Buffer.from(await page.evaluate(drawn, [svg, quality]), 'base64')
      if (jpeg.length <= MOST) break
    }
    if (jpeg.length > MOST) throw new Error(`${name}: ${jpeg.length} bytes are too many`)
    await writeFile(`${folder}${name.replace('.svg', '.jpg')}`, jpeg)
    console.log(name, jpeg.length)
  }
} finally {
  await browser.close()
}
