/** The core in a browser, asked like every other binding: see README.md. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { front } from '../../pages/lib/front.mjs'
import { chromium, flags } from '../../pages/lib/phone.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** `{url, ask, end}`: `url` is where its phones find the server at `target`, or at the one they enrol with. */
export async function browserRunner(target) {
  const folder = await mkdtemp(join(tmpdir(), 'gridbook-browser-'))
  await cp(join(root, 'tests/parity/browser'), folder, { recursive: true })
  await cp(join(root, 'mobile-bindings/app/src/core/pkg'), folder, { recursive: true })
  const page = await front(target, { dist: folder })
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })
  const tab = await browser.newPage()
  await tab.goto(`${page.url}/app/index.html`)
  return {
    url: page.url,
    ask({ phone, op, args }) {
      // A page speaks to its own origin alone, behind which the server stands.
      const own = { ...args }
      if (own.server && own.server !== page.url) {
        page.target = own.server
        own.server = page.url
      }
      return tab.evaluate((asked) => window.ask(asked), { phone, op, args: own })
    },
    async end() {
      await browser.close()
      await page.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
