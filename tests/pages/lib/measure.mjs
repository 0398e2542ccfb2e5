/** Times as the person at the phone has them, taken in the page. */
import { part } from './part.mjs'

/** A computation that is always the same, ms: the median of five. */
export function fixed(page) {
  return page.evaluate(() => {
    const times = Array.from({ length: 5 }, () => {
      const from = performance.now()
      let sum = 0
      for (let n = 0; n < 2e8; n += 1) sum = (sum + n * 7) | 0
      return performance.now() - from + (sum === 1 ? 1 : 0)
    })
    return times.sort((a, b) => a - b)[2]
  })
}

/** Starts the app in a browser that has just been launched. */
export async function cold(phone, passphrase) {
  await phone.page.addInitScript(() => {
    window.marks = {}
    const mark = (name) => { window.marks[name] ??= performance.now() }
    // A frame later it is on the screen.
    const shown = (name) => requestAnimationFrame(() => setTimeout(() => mark(name)))
    new MutationObserver(() => {
      if (document.querySelector('#passphrase')) shown('page')
      if (document.querySelector('nav')) shown('unlocked')
      if (document.querySelector('article, .empty')) shown('list')
    }).observe(document, { childList: true, subtree: true })
    addEventListener('click', (event) => { if (event.target.closest?.('footer button')) mark('tap') }, true)
  })
  await phone.open('shops')
  await phone.unlock(passphrase)
  await phone.page.waitForFunction(() => window.marks.list !== undefined)
  const { page, tap, unlocked, list } = await phone.page.evaluate(() => window.marks)
  return { page, unlock: unlocked - tap, list: list - tap }
}

/** Types names into the search, a key after the other. */
export async function keystrokes(phone) {
  const { page } = phone
  await phone.go('shops', page.locator('article'))
  const { rows } = await phone.core('shops', { offset: 300, limit: 200 })
  const words = rows.filter((_, n) => n % 40 === 0).map(({ sign }) => [...sign].slice(0, 4))
  return page.evaluate(async (words) => {
    const field = document.querySelector('input[type=search]')
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
    const times = []
    const put = async (text, measured) => {
      const changed = new Promise((done) => {
        const watch = new MutationObserver(() => { watch.disconnect(); done() })
        watch.observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true })
      })
      const from = performance.now()
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
      await Promise.race([changed, new Promise((done) => setTimeout(done, 3000))])
      await frame()
      if (measured) times.push(performance.now() - from)
      await new Promise((done) => setTimeout(done, 200))
    }
    for (const word of words) {
      for (let n = 1; n <= word.length; n += 1) await put(word.slice(0, n).join(''), true)
      await put('', false)
    }
    return times.filter((ms) => ms < 3000)
  }, words)
}

/** Saves single values, and marks shops unchanged by one tap. */
export async function saves(phone) {
  const { page } = phone
  const { rows } = await phone.core('shops', { limit: 20 })
  const transport = await part(page, 'call')
  const edit = []
  for (const { id, sign } of rows) {
    edit.push(await transport.evaluate(async (transport, [id, sign]) => {
      const from = performance.now()
      await transport.call('save', [{ kind: 'shop', record: id, values: { sign_name: `${sign} 二店` } }])
      return performance.now() - from
    }, [id, sign]))
  }
  const tap = []
  for (let n = 0; n < 12; n += 1) await phone.addShop(rows[0].grid, `新店 ${n}`)
  await phone.go('today', phone.button(/无变化$/))
  for (let n = 0; n < 10; n += 1) {
    tap.push(await page.evaluate(async () => {
      const button = [...document.querySelectorAll('article button')].find((one) => /无变化$/.test(one.getAttribute('aria-label') ?? ''))
      const row = button.closest('article')
      const done = new Promise((done) => {
        const watch = new MutationObserver(() => { if (/已记无变化/.test(row.textContent)) { watch.disconnect(); done() } })
        watch.observe(row, { childList: true, subtree: true, characterData: true })
      })
      const from = performance.now()
      button.click()
      await done
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
      return performance.now() - from
    }))
    await page.evaluate(() => new Promise((done) => setTimeout(done, 400)))
  }
  return { edit, tap }
}
