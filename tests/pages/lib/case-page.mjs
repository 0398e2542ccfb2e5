/** The page of a case, as people use it. */

/**
 * Takes a step of the case that is open, and waits until the ledger says where it stands then; null
 * where it is another office's then, and the page goes back to the list.
 */
export async function step(screen, name, to, fill = {}, picture = null) {
  const { page } = screen
  await page.locator('footer').getByRole('button', { name: new RegExp(`^${name}`) }).click()
  const dialog = page.getByRole('dialog', { name })
  for (const [label, text] of Object.entries(fill)) await dialog.getByLabel(label).fill(text)
  if (picture) await attach(dialog, picture)
  await dialog.getByRole('button', { name, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  if (to === null) await page.waitForURL(/#\/cases$/)
  else await said(page, `${name} → ${to}`).waitFor()
}

export async function attach(dialog, picture) {
  await dialog.locator('input[type=file]').setInputFiles(picture)
  await dialog.getByRole('button', { name: '去掉第 1 张' }).waitFor()
}

/** What the ledger says last. */
export const said = (page, text) => page.locator('.el-timeline-item').first().getByText(text)

/** A picture as an office takes it. */
export async function picture(screen) {
  return { name: '现场.png', mimeType: 'image/png', buffer: await screen.page.screenshot() }
}

/** Opens a case from anywhere, as a link does. */
export async function show(screen, id) {
  await screen.open('overview')
  await screen.open(`cases/${id}`)
  await screen.page.getByRole('heading', { name: '台账' }).waitFor()
}

/** A step that is seen and off, with why. */
export const off = (page, name, why) => page.locator('footer .row').filter({ has: page.getByRole('button', { name: new RegExp(`^${name}`), disabled: true }) }).getByText(why)
