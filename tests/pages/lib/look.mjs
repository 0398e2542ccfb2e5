/**
 * Looks at what a phone shows, in both languages, light and dark, and at twice the text size: whether
 * it can be read, tapped and told by a screen reader. SHOTS names a folder for pictures of it.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { part } from './part.mjs'
import { blocked, clipped, small, wide } from './seen.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** As people set it on the settings page. */
const USUAL = { language: 'zh', theme: 'light', text: 100 }
const ENGLISH = { language: 'en' }
const LARGE = { text: 200 }
const DARK = { theme: 'dark' }

/** The app's own settings, changed as its settings page does, without leaving the page that shows. */
async function set(page, changes) {
  const settings = await part(page, 'lock_minutes')
  await settings.evaluate(async (settings, changes) => {
    Object.assign(settings, changes)
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  }, { ...USUAL, ...changes })
  await settings.dispose()
}

/** What axe-core finds wrong against WCAG 2.2, A and AA. */
async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    // Behind an open sheet nothing is read out and nothing can be tapped.
    const sheet = [...document.querySelectorAll('[role=dialog]')].filter((one) => one.checkVisibility()).at(-1)
    // Sizes are measured in seen.mjs: axe-core counts a row as small where the bar at the thumb covers it.
    const rules = { 'target-size': { enabled: false } }
    const { violations } = await window.axe.run(sheet ?? document, { runOnly: tags, rules, resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 140)} ${node.any[0]?.message ?? ''}`))
  })
}

async function layout(page) {
  return [...await page.evaluate(wide), ...await page.evaluate(small), ...await page.evaluate(clipped), ...await page.evaluate(blocked)]
}

export class Look {
  constructor(page) {
    this.page = page
    /** What is wrong, each as `page, how: what`. */
    this.faults = []
    /** Names of what was looked at. */
    this.seen = []
  }

  async at(name, { main = false } = {}) {
    this.seen.push(name)
    const note = (how, found) => this.faults.push(...found.map((what) => `${name}, ${how}: ${what}`))
    const { page } = this
    const view = async (how, changes, checks) => {
      await set(page, changes)
      for (const check of checks) note(how, await check(page))
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}-${how}.png`) })
    }
    await view('zh', {}, [violations, layout])
    await view('en', ENGLISH, [layout])
    if (main) await view('zh-200', LARGE, [layout])
    if (main) await view('en-200', { ...ENGLISH, ...LARGE }, [layout])
    await view('dark', { ...DARK, ...ENGLISH }, [violations])
    await set(page, {})
  }
}
