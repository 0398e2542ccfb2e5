/** Phones that write without having seen each other. */

/** Away from a shop that may be open, its page has the same buttons; then without signal. */
export async function away(phone) {
  await phone.page.evaluate(() => { location.hash = '#/sync' })
  await phone.button('现在同步').waitFor()
  await phone.offline(true)
}

export async function back(phone) {
  await phone.offline(false)
  await phone.syncNow()
}

/**
 * Each phone writes its own values while none has signal; then all of them sync.
 * `writes`: `[phone, kind, record, values]` as its core takes them.
 */
export async function quarrel(writes) {
  const phones = [...new Set(writes.map(([phone]) => phone))]
  for (const phone of phones) await away(phone)
  for (const [phone, kind, record, values] of writes) await phone.core('save', { kind, record, values })
  for (const phone of phones) await back(phone)
}
