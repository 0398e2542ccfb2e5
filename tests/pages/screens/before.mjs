/** Pages that stand before the app: browser, installing, setting up. */
import { PASSPHRASE } from '../lib/phone.mjs'

const WECHAT = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50'
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1'

/** Opens the app as it is, without a code, in a browser that calls itself `agent`. */
async function as(phone, agent, after = '') {
  const session = await phone.context.newCDPSession(phone.page)
  await session.send('Emulation.setUserAgentOverride', { userAgent: agent })
  await phone.page.goto('about:blank')
  await phone.page.goto(`${phone.url}/app/${after}`)
  return () => session.detach()
}

const code = (link) => new URLSearchParams(new URL(link).hash.split('?')[1]).get('ticket')

export async function before({ phone, look, desk, ticket }) {
  const { page } = phone
  // An iPhone offers nothing.
  await page.addInitScript(() => {
    addEventListener('beforeinstallprompt', (event) => { if (/iPhone/.test(navigator.userAgent)) event.stopImmediatePropagation() }, true)
  })
  const own = await page.evaluate(() => navigator.userAgent)
  let done = await as(phone, WECHAT)
  await phone.button('复制链接').waitFor()
  await look.at('open-in-browser')
  await done()
  done = await as(phone, IPHONE, '#/setup?ticket=abcdefgh12345678')
  await phone.button('复制启用码').waitFor()
  await look.at('install-iphone')
  await done()
  done = await as(phone, own)
  await phone.button('安装').waitFor()
  await look.at('install')
  await done()

  // The code of before is still kept; nobody gave it out.
  await phone.open('setup')
  await page.locator('#secret-1').fill(PASSPHRASE)
  await phone.button('启用本机').tap()
  await page.getByText('两次输入不一样。').waitFor()
  await look.at('setup-secret', { main: true })
  await page.locator('#secret-2').fill(PASSPHRASE)
  await phone.button('启用本机').tap()
  await page.locator('p.card.over').waitFor()
  await look.at('setup-refused')
  await page.reload()
  await phone.button('扫码').waitFor()
  await look.at('setup-code')
  await phone.button('输入启用码').tap()
  await page.getByLabel('启用码').fill('不是码')
  await phone.button('下一步').tap()
  await page.getByText('这不是启用码').waitFor()
  await look.at('setup-code-typed')

  await page.goto('about:blank')
  await phone.open(`setup?ticket=${code(ticket.link)}`)
  await page.locator('#secret-1').fill(PASSPHRASE)
  await page.locator('#secret-2').fill(PASSPHRASE)
  await phone.button('启用本机').tap()
  await phone.button('不设 PIN').waitFor()
  await look.at('setup-pin')
  await phone.button('不设 PIN').tap()
  const words = page.locator('ol.words li')
  await words.first().waitFor()
  await look.at('setup-words', { main: true })
  const device = await desk.confirm(await words.allTextContents())
  await phone.button('开始巡查').waitFor()
  await look.at('setup-ready')
  await phone.button('开始巡查').tap()
  await page.getByRole('navigation').waitFor()
  return device
}
