/** The core in a browser, asked like every other binding: see README.md. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { front } from '../../pages/lib/front.mjs'
import { chromium, flags } from '../../pages/lib/phone.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** `{url, ask, end}`: `url` is where its phones find the server at `target`. */
export async function browserRunner(target) {
  const folder = await mkdtemp(join(tmpdir(), 'gridbook-browser-'))
  await cp(join(root, 'tests/parity/browser'), folder, { recursive: true })
  await cp(join(root, 'mobile-bindings/app/src/core/pkg'), folder, { recursive: true })
  const page = await front(target, { dist: folder })
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })
  const tab = await browser.newPage()
  const errors = []
  tab.on('console', (said) => said.type() === 'error' && errors.push(said.text()))
  await tab.goto(`${page.url}/app/index.html`)
  return {
    url: page.url,
    errors,
    ask: (request) => tab.evaluate((asked) => window.ask(asked), request),
    async end() {
      await browser.close()
      await page.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
