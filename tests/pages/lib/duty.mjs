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
