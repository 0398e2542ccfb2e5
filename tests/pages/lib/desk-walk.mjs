/** Walks through pages of the console and looks at each. */
import assert from 'node:assert/strict'
import { DeskLook } from './desk-look.mjs'
import { Screen } from './screen.mjs'

export const row = (page) => page.locator('.el-table__row')
export const heading = (name) => (page) => page.getByRole('heading', { name })
export const drawer = (page) => page.getByRole('dialog').filter({ visible: true }).first().waitFor()

/** `pages` are `[name, address, what shows it, what to do then]`; `screens` gets the browser, for its end. */
export async function walk(url, screens, login, pages) {
  const screen = await Screen.signIn(url, login)
  screens.push(screen)
  const look = new DeskLook(screen)
  const { page } = screen
  await page.emulateMedia({ reducedMotion: 'reduce' })
  try {
    for (const [name, path, shows, act] of pages) {
      await screen.open(path)
      await shows(page).first().waitFor()
      await act?.(page, screen)
      await look.at(name)
      // Away from what is open.
      await page.evaluate(() => { location.hash = '#/none' })
      await page.getByText('这里没有内容。').waitFor()
    }
  } finally {
    for (const fault of look.faults) console.log(fault)
  }
  assert.deepEqual(look.faults, [])
  assert.deepEqual(screen.errors, [])
}
