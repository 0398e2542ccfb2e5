/** What offices do with a finding, by the console's API. */
import { Desk } from './desk.mjs'

/** The centre files an item of its inbox as a case. */
export async function file(url, wanted) {
  const centre = await Desk.signIn(url, 'linkage-centre.clerk')
  const { rows } = await centre.get('/items?limit=200')
  const item = rows.find((row) => row.form === 'item_then_case' && row.state === 'open' && wanted(row))
  const filed = await centre.post(`/items/${item.id}/case`, { reason: '' }, { 'if-match': `"v${item.version}"` })
  return { centre, id: filed.case }
}

export async function step(desk, id, name, more = {}) {
  const { etag } = await desk.get(`/cases/${id}`)
  await desk.post(`/cases/${id}/steps`, { step: name, ...more }, { 'if-match': etag })
}

/** Gives the case to its usual office; the answer signs in there. */
export async function assign(url, { centre, id }) {
  await step(centre, id, 'assign')
  const { office } = await centre.get(`/cases/${id}`)
  return Desk.signIn(url, `${office}.clerk`)
}

/** Where only this phone is left, it is asked to see whether a finding elsewhere was put right. */
export async function askToVerify(url, grid) {
  const found = await file(url, (row) => row.grid !== grid)
  const office = await assign(url, found)
  await step(office, found.id, 'handle')
  await step(office, found.id, 'report', { reason: '已清理' })
}

/** The population office sends a resident back to be collected again. */
export async function sendBack(url, record, reason) {
  const office = await Desk.signIn(url, 'population-office.clerk')
  for (let after = ''; ;) {
    const { rows, next } = await office.get(`/items?limit=200${after}`)
    const item = rows.find((row) => row.record === record)
    if (item) return office.post(`/items/${item.id}/marks`, { mark: 'back', reason }, { 'if-match': `"v${item.version}"` })
    if (!next) throw new Error(`no item of ${record}`)
    after = `&after=${encodeURIComponent(next)}`
  }
}
