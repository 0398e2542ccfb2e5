/**
 * Looks at what a page of the console shows: in both languages, at 1440 and 1024, light and dark. SHOTS
 * names a folder for pictures of it.
 */
import { join } from 'node:path'
import { part } from './part.mjs'
import { clipped, wide } from './seen.mjs'

const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 1024, height: 768 }
const VIEWS = [
  ['zh', { language: 'zh', theme: 'light' }, WIDE, true],
  ['zh-1024', { language: 'zh', theme: 'light' }, NARROW, false],
  ['en-1024', { language: 'en', theme: 'light' }, NARROW, true],
  ['en', { language: 'en', theme: 'light' }, WIDE, false],
  ['dark', { language: 'en', theme: 'dark' }, WIDE, true],
]

/** For screen readers alone; scrolled with the rows below; told whole by a title. */
const CUT = '.long, .skip, .el-table__header-wrapper, [title]'

export class DeskLook {
  constructor(screen) {
    this.screen = screen
    this.faults = []
  }

  /** The console's own settings, as its switches change them, without leaving what shows. */
  async set(changes) {
    const settings = await part(this.screen.page, 'theme')
    await settings.evaluate((settings, changes) => Object.assign(settings, changes), changes)
    await settings.dispose()
  }

  async at(name) {
    const { screen } = this
    const { page } = screen
    for (const [how, settings, size, axe] of VIEWS) {
      await page.setViewportSize(size)
      await this.set(settings)
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      await screen.settled()
      const found = [...await page.evaluate(wide), ...await page.evaluate(clipped, CUT), ...(axe ? await screen.axe() : [])]
      this.faults.push(...found.map((what) => `${name}, ${how}: ${what}`))
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `desk-${name}-${how}.png`) })
    }
    await page.setViewportSize(WIDE)
    await this.set(VIEWS[0][1])
  }
}
