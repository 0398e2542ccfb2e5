/** Own pages: tasks, sync, me, cards, settings; a book that fails; and the lock. */
import { PASSPHRASE } from '../lib/phone.mjs'
import { standIn } from '../lib/standin.mjs'

async function me({ phone, look }) {
  const { page } = phone
  await phone.go('me', phone.page.getByText('亮证'))
  await look.at('me', { main: true })
  for (const [name, path, shows] of [
    ['figures', 'me/figures', /巡查覆盖/], ['grids', 'me/grids', /条记录/], ['identity', 'identity', /信息员/],
    ['notice', 'notice', /采集告知/], ['settings', 'settings', /开锁|外观/], ['settings-secret', 'settings/secret', /再输一次口令/],
    ['settings-pin', 'settings/pin', /6 位数字/], ['duty', 'me/duty', /今天/], ['sync', 'sync', /上次同步/],
  ]) {
    await phone.go(path, page.getByText(shows).first())
    await look.at(name, { main: ['sync', 'settings', 'identity', 'notice'].includes(name) })
  }
  await phone.offline(true)
  await phone.go('me/duty', page.getByText(/离线/).first())
  await look.at('duty-offline')
  await phone.offline(false)
}

const READING = ['today', 'shops', 'dossier', 'todo', 'rows', 'record', 'work', 'figures', 'history', 'findings']

/** A book that cannot be read, and one that takes its time. */
async function failing({ phone, look, shop }) {
  const { page } = phone
  await phone.go('settings', page.getByRole('heading', { name: '设置' }))
  await standIn(page, Object.fromEntries(READING.map((name) => [name, 'fails'])))
  for (const path of ['today', 'shops', `shop/${shop}`, 'tasks', 'findings', 'sync', 'me/figures']) {
    await phone.go(path, page.getByText('这一块没有读出来'))
    await look.at(`failed-${path.split('/').at(-1).slice(0, 7)}`)
  }
  await page.reload()
  await phone.unlock()
  await page.getByText('这一块没有读出来').waitFor({ state: 'detached' })
  await phone.go('settings', page.getByRole('heading', { name: '设置' }))
  await standIn(page, Object.fromEntries(READING.map((name) => [name, 'never'])))
  await phone.go('today', page.locator('.skeleton'))
  await look.at('slow')
}

async function locked({ phone, look }) {
  const { page } = phone
  await page.reload()
  await phone.unlock()
  await page.getByRole('navigation').waitFor()
  await phone.offline(true)
  await phone.go('today', page.locator('article'))
  await phone.button(/无变化$/).first().tap()
  await page.getByText('已记无变化').first().waitFor()
  await phone.go('settings', phone.button('设 PIN'))
  await phone.button('设 PIN').tap()
  await page.getByText('6 位数字').waitFor()
  for (const digit of '135790135790') await phone.button(digit).tap()
  await page.getByText('改 PIN').waitFor()
  await phone.button('现在上锁').tap()
  await page.getByText('输入 PIN').waitFor()
  for (const digit of '000000') await phone.button(digit).tap()
  await page.getByText(/PIN 不对，还可试/).waitFor()
  await look.at('unlock-pin', { main: true })
  await page.reload()
  await page.getByLabel('口令').waitFor()
  await phone.unlock('不是这个口令 一二三')
  await page.getByText(/口令不对，还可试/).waitFor()
  await look.at('unlock', { main: true })
  await phone.button('忘记口令').tap()
  await phone.button('发送请求').waitFor()
  await look.at('recovery')
  await phone.button('返回').tap()
  await phone.unlock(PASSPHRASE)
  await page.getByRole('navigation').waitFor()
  await phone.offline(false)
}

async function elsewhere({ phone, look }) {
  const first = phone.page
  const second = await phone.context.newPage()
  await second.goto(`${phone.url}/app/?uninstalled=allow`)
  await second.getByText('已在另一窗口打开，请回到那里。').waitFor()
  look.page = second
  await look.at('elsewhere')
  look.page = first
  await second.close()
}

/** The browser cleared the book and kept the rest. */
async function evicted({ phone, look }) {
  const { page } = phone
  await page.goto(`${phone.url}/app/manifest.webmanifest`)
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const names = []
    for await (const name of root.keys()) names.push(name)
    for (const name of names) {
      // The worker of the page that was left may still hold its files for a moment.
      while (!(await root.removeEntry(name, { recursive: true }).then(() => true, () => false))) {
        await new Promise((done) => setTimeout(done, 50))
      }
    }
  })
  await phone.open()
  await phone.button('用新启用码重新启用').waitFor()
  await look.at('evicted')
}

export async function own(given) {
  await me(given)
  await failing(given)
  await locked(given)
  await elsewhere(given)
  await evicted(given)
}
