/** A person at the console's pages: a browser of its own, signed in, used by keyboard. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { PASSWORD } from './server.mjs'

export class Screen {
  static async signIn(url, login, { locale = 'zh-CN', width = 1440, height = 900 } = {}) {
    const screen = new Screen()
    screen.login = login
    screen.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
    screen.context = await screen.browser.newContext({ viewport: { width, height }, locale })
    screen.context.setDefaultTimeout(Number(process.env.PATIENCE ?? 60_000))
    screen.page = await screen.context.newPage()
    /** Faults of the page, and what its policy forbade. */
    screen.errors = []
    screen.page.on('pageerror', (error) => screen.errors.push(error.message))
    screen.page.on('console', (said) => /Content Security Policy/.test(said.text()) && screen.errors.push(said.text()))
    await screen.page.goto(`${url}/`)
    await screen.page.locator('#sign-login').fill(login)
    await screen.again()
    await screen.page.getByRole('navigation').first().waitFor()
    return screen
  }

  /** Types the password where it is asked for. */
  async again() {
    await this.page.locator('#sign-password').fill(PASSWORD)
    await this.page.keyboard.press('Enter')
  }

  async open(path) {
    await this.page.evaluate((to) => { location.hash = `#/${to}` }, path)
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  type(text) {
    return this.page.keyboard.insertText(text)
  }

  /** Picks an option of a select that stands `within`, by its name. */
  async pick(within, name, option) {
    // What opens takes the focus once it has.
    await this.settled()
    await within.getByRole('combobox', { name }).focus()
    await this.press('ArrowDown')
    await this.page.getByRole('option', { name: option, exact: typeof option === 'string' }).filter({ visible: true }).click()
  }

  /** The session ends at the server; the browser does not know yet. */
  async endSession() {
    const [{ name, value }] = await this.context.cookies()
    const headers = { cookie: `${name}=${value}` }
    const session = `${new URL(this.page.url()).origin}/api/v1/session`
    const { csrf } = await (await fetch(session, { headers })).json()
    await fetch(session, { method: 'DELETE', headers: { ...headers, 'x-csrf-token': csrf } })
  }

  /** The server ends the session at the very moment when the page first asks for what matches. */
  async endSessionAt(pattern) {
    await this.page.route(pattern, async (route) => {
      await this.endSession()
      await route.continue()
    }, { times: 1 })
  }

  /** Waits until nothing fades in or out any more; what turns for ever is not waited for. */
  async settled() {
    await this.page.waitForFunction(() => !document.querySelector('.is-closing, [class*="-leave-active"], [class*="-enter-active"]')
      && document.getAnimations().every((each) => each.playState !== 'running' || each.effect.getComputedTiming().endTime === Infinity))
  }

  /** What axe finds serious or worse, in a line each. */
  async axe() {
    await this.settled()
    const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    await this.page.evaluate(source)
    const { violations } = await this.page.evaluate(() => globalThis.axe.run())
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
  }

  /** SHOTS: a folder for a picture of how it ended. */
  async end() {
    if (process.env.SHOTS) await this.page.screenshot({ path: join(process.env.SHOTS, `${Date.now()}-${this.login}.png`) }).catch(() => undefined)
    await this.browser.close()
  }
}
