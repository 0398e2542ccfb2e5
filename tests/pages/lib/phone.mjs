/** A phone: a browser of its own with a profile that outlives it, holding the real app. */
import { mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { part } from './part.mjs'

export { chromium }
export const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]
/** How every phone of these tests is unlocked. */
export const PASSPHRASE = '梧桐 里 雨天 账本'

export class Phone {
  /** The app of the server at `url`; nothing is enrolled yet. */
  static async make(url, options = {}) {
    const phone = new Phone()
    phone.url = url
    phone.options = options
    phone.folder = await mkdtemp(join(tmpdir(), 'gridbook-phone-'))
    phone.isOffline = false
    await phone.launch()
    return phone
  }

  async launch() {
    this.context = await chromium.launchPersistentContext(this.folder, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [...flags, ...(this.options.flags ?? [])],
      viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
      permissions: this.options.permissions ?? [],
      geolocation: this.options.geolocation,
    })
    if (this.isOffline) await this.context.setOffline(true)
    // Two cores and many phones: what is waited for may take its time.
    this.context.setDefaultTimeout(60_000)
    this.page = this.context.pages()[0] ?? (await this.context.newPage())
    this.errors = []
    this.page.on('pageerror', (error) => this.errors.push(error.message))
  }

  /** Opens the app; `?uninstalled` is for browsers that cannot install. */
  async open(path = '') {
    await this.page.goto(`${this.url}/app/?uninstalled=allow#/${path}`)
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }

  /** Enrols with a ticket, opened as a link; a supervisor confirms the words that the page shows. */
  async enrol(ticket, desk) {
    await this.open(`setup?ticket=${new URLSearchParams(new URL(ticket.link).hash.split('?')[1]).get('ticket')}`)
    return this.choose(desk)
  }

  /** Chooses a passphrase once the phone has its ticket; a supervisor confirms the words. */
  async choose(desk) {
    await this.page.locator('#secret-1').fill(PASSPHRASE)
    await this.page.locator('#secret-2').fill(PASSPHRASE)
    await this.button('启用本机').click()
    await this.button('不设 PIN').click()
    const words = this.page.locator('ol.words li')
    await words.first().waitFor()
    const said = await words.allTextContents()
    const device = await desk.confirm(said)
    // A large book takes longer to come.
    await this.button('开始巡查').click({ timeout: this.options.patience ?? 60_000 })
    await this.page.getByRole('navigation').waitFor()
    return device
  }

  async unlock(secret = PASSPHRASE) {
    await this.page.getByLabel('口令').fill(secret)
    await this.button('解锁').click()
  }

  async offline(is) {
    this.isOffline = is
    await this.context.setOffline(is)
  }

  /** As when the system ends the app: neither page nor browser is asked. */
  async die() {
    const closed = new Promise((done) => this.context.once('close', done))
    // The browser's lock on its profile names the process: `host-pid`.
    const lock = await readlink(join(this.folder, 'SingletonLock'))
    process.kill(Number(lock.slice(lock.lastIndexOf('-') + 1)), 'SIGKILL')
    await closed
  }

  /** Switched off and on again. */
  async restart(path = '') {
    await this.context.close()
    await this.launch()
    await this.open(path)
    await this.unlock()
  }

  /** Waits until the line under the title says this. */
  says(text) {
    return this.page.locator('a.line [role=status]').filter({ hasText: text }).first().waitFor()
  }

  async syncNow() {
    await this.page.evaluate(() => { location.hash = '#/sync' })
    await this.button('现在同步').click()
    await this.page.getByText(/已同步/).first().waitFor({ timeout: 30_000 })
  }

  /** Goes to a page of the open app, until `shows` is there. */
  async go(path, shows) {
    await this.page.evaluate((to) => { location.hash = `#/${to}` }, path)
    await shows.first().waitFor()
  }

  /** One call of the core, as pages make it. */
  async core(name, query = {}) {
    const transport = await part(this.page, 'call')
    return transport.evaluate((transport, [name, query]) => transport.call(name, [query]), [name, query])
  }

  /** A shop that nobody knew. */
  addShop(grid, sign_name, more = {}) {
    const values = {
      sign_name, door_no: '梧桐里 1 号', premises_use: 'commercial', operating_state: 'open', business_type: '6210',
      licence_match: 'yes', lived_in: false, ...more,
    }
    return this.core('save', { kind: 'shop', place: { grid }, values })
  }

  /** Opens a shop's page. */
  async shop(id) {
    await this.page.evaluate((to) => { location.hash = `#/shop/${to}` }, id)
    // The page of the shop before has the same buttons, but not this link.
    await this.page.locator(`a[href$="/history/${id}"]`).waitFor()
    await this.button('报问题').waitFor()
  }

  /** Changes one field of the shop that is open, by a tap on its value. */
  async change(label, value) {
    const row = this.button(new RegExp(`^${label}`)).first()
    // What was never filled in is folded away.
    if (!(await row.isVisible())) await this.button(/^未登记的/).first().tap()
    await row.tap()
    await this.button('修改').last().tap()
    await this.page.getByRole('dialog').getByRole('textbox').last().fill(value)
    await this.page.getByRole('dialog').getByRole('button', { name: '保存' }).tap()
    await this.button(`${label}：${value}`).first().waitFor()
  }

  /** SHOTS: a folder for a picture of how each phone ended. */
  async end() {
    if (process.env.SHOTS) await this.page.screenshot({ path: join(process.env.SHOTS, `${Date.now()}.png`) }).catch(() => undefined)
    await this.context.close().catch(() => undefined)
    await rm(this.folder, { recursive: true, force: true })
  }
}
