/**
 * Every page and sheet of the app, in both languages, light and dark, and the main ones at twice the text
 * size: nothing that axe-core calls serious, nothing too small to tap, cut off or out of reach.
 * SHOTS=folder writes a picture of each.
 */
import assert from 'node:assert/strict'
import { after, before as first, test } from 'node:test'
import { Desk } from './lib/desk.mjs'
import { Look } from './lib/look.mjs'
import { Phone } from './lib/phone.mjs'
import { serve } from './lib/server.mjs'
import { before } from './screens/before.mjs'
import { own } from './screens/own.mjs'
import { round } from './screens/round.mjs'
import { tasks } from './screens/tasks.mjs'

const GRID = '310112901001001'
let server, desk, phone

first(async () => {
  server = await serve({ shops: 96 })
  desk = await Desk.signIn(server.url, 'supervisor')
  phone = await Phone.make(server.url, {
    permissions: ['geolocation'], geolocation: { latitude: 31.141, longitude: 121.391 },
  })
  await phone.page.emulateMedia({ reducedMotion: 'reduce' })
})

after(async () => {
  await phone?.end()
  await server?.end()
})

test('every page can be read, reached and tapped', async () => {
  const look = new Look(phone.page)
  const { rows } = await desk.get(`/conflicts?grid=${GRID}`)
  const conflict = rows.find((row) => row.field.key === 'business_type')
  const shop = (await desk.shops(GRID)).find(({ id }) => id !== conflict.record).id
  const given = { server, phone, look, desk, conflict, shop, grid: GRID, ticket: await desk.ticket(GRID) }
  try {
    given.device = await before(given)
    // Whatever day it is, somebody is due.
    for (const sign of ['老李面馆', '春风理发', '阿婆大馄饨']) await phone.addShop(GRID, sign)
    await round(given)
    await tasks(given)
    await own(given)
  } finally {
    for (const fault of look.faults) console.log(fault)
  }
  assert.deepEqual(look.faults, [])
  assert.deepEqual(phone.errors, [])
})
