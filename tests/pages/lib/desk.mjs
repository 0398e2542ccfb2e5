/** A person at the console, by its API. */
import { PASSWORD } from './server.mjs'

export class Desk {
  constructor(url) {
    this.base = `${url}/api/v1`
  }

  static async signIn(url, login) {
    const desk = new Desk(url)
    const signed = await desk.raw('POST', '/session', { login, password: PASSWORD })
    if (signed.status >= 300) throw new Error(`sign-in of ${login}: ${signed.status} ${await signed.text()}`)
    desk.cookie = signed.headers.getSetCookie()[0].split(';')[0]
    desk.csrf = (await signed.json()).csrf
    return desk
  }

  raw(method, path, body, headers = {}) {
    return fetch(this.base + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.cookie ? { cookie: this.cookie, 'x-csrf-token': this.csrf } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  }

  /** The answer's JSON; an error if it is not one of success. */
  async call(method, path, body, headers) {
    const answer = await this.raw(method, path, body, headers)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    const json = text ? JSON.parse(text) : null
    return json && typeof json === 'object' ? Object.assign(json, { etag: answer.headers.get('etag') }) : json
  }

  get(path) {
    return this.call('GET', path)
  }

  post(path, body, headers) {
    return this.call('POST', path, body, headers)
  }

  /** The phone whose six words these are, once it is there. */
  async phone(words) {
    const { rows } = await this.get('/devices?limit=200')
    return rows.find((row) => row.words.join(' ') === words.join(' '))
  }

  async confirm(words) {
    const phone = await this.phone(words)
    await this.post(`/devices/${phone.id}/confirm`, { words })
    return phone
  }

  /** A ticket for the `nth` inspector who walks this grid. */
  async ticket(grid, nth = 0) {
    const { rows } = await this.get('/inspectors?limit=200')
    const of = rows.filter((row) => row.grids.some((duty) => duty.grid === grid))[nth]
    const { link } = await this.post(`/inspectors/${of.id}/tickets`, { how: 'link' })
    return { inspector: of, link }
  }

  /** Shops of a grid, `{id, title}`. */
  async shops(grid) {
    const { rows } = await this.get(`/records?kind=shop&grid=${grid}&limit=50`)
    return rows
  }

  /** Decides that one of the values stands. */
  async decide(record, key, value, reason) {
    const one = await this.get(`/conflicts/${record}/${key}`)
    const { change } = one.field.values.find((each) => each.value === value).by[0]
    return this.post(`/conflicts/${record}/${key}/decision`, { change, reason }, { 'if-match': one.etag })
  }
}
