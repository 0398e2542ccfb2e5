/** A street, a supervisor and one inspector's phone, enrolled, with the first shop of its grid. */
import { Desk } from './desk.mjs'
import { Phone } from './phone.mjs'
import { serve } from './server.mjs'

/** `{server, desk, wang, device, id}`; the tests end `wang` and `server`. */
export async function onDuty(grid, options) {
  const server = await serve(options)
  let wang
  try {
    const desk = await Desk.signIn(server.url, 'supervisor')
    wang = await Phone.make(server.url)
    const device = await wang.enrol(await desk.ticket(grid), desk)
    const [{ id }] = await desk.shops(grid)
    return { server, desk, wang, device, id }
  } catch (error) {
    await wang?.end()
    await server.end()
    throw error
  }
}

/** Gives an inspector a grid (`PUT`), or takes it (`DELETE`). */
export async function duty(desk, inspector, method, grid) {
  const { etag } = await desk.get(`/inspectors/${inspector}`)
  const body = method === 'PUT' ? { until_ms: null } : undefined
  await desk.call(method, `/inspectors/${inspector}/grids/${grid}`, body, { 'if-match': etag })
}

/** Opens the phone's task of this type once it is there. */
export async function take(phone, type, words) {
  let there = false
  for (let times = 0; times < 30 && !there; times += 1) {
    await phone.syncNow()
    there = (await phone.core('todo')).tasks.some((task) => task.type === type)
  }
  const task = phone.page.locator('a.task').filter({ hasText: words })
  await phone.go('tasks', task)
  await task.tap()
}

/** Answers the phone's spot check of this door: there is a shop, with this sign. */
export async function findShop(phone, door, sign) {
  await take(phone, 'spot-check', door)
  await phone.page.getByRole('radiogroup', { name: /有商铺/ }).getByRole('radio', { name: '是' }).tap()
  await phone.page.getByLabel(/店招/).first().fill(sign)
  await phone.button('提交').tap()
  await phone.page.getByText('已提交').waitFor()
  await phone.syncNow()
}
