/**
 * A web server before the real one, as operators have: passes everything on, and lets a test put
 * another version of the app in its place or cut lines. `dist` serves the app from a folder
 * instead, for trying a build without building the server; `desk` does so with the console, at /.
 *
 * `change(path, body)` gives a file of the app another content, or a promise of it to hold it back. `requests` lists what was asked; `target` may be set anew.
 * `cutAfter(bytes)` cuts the line once so many bytes of files went up, and every one that comes
 * later, until `mend()`; its promise says when. `cutLive()` cuts the streams of news, which begin again.
 */
import { createServer, request } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json', '.webmanifest': 'application/manifest+json', '.svg': 'image/svg+xml', '.png': 'image/png' }

/** What the console's pages may do: only their own origin, and nothing that is made of a text. */
export const DESK_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

export async function front(target, { dist, desk } = {}) {
  const state = { target, change: (_path, body) => body, requests: [] }
  let cut = null
  state.cutAfter = (bytes) => new Promise((done) => { cut = { left: bytes, done } })
  state.mend = () => { cut = null }
  const live = new Set()
  state.cutLive = () => live.forEach((answer) => answer.destroy())
  const server = createServer(async (asked, answer) => {
    const path = new URL(asked.url, 'http://x').pathname
    state.requests.push({ method: asked.method, path, headers: asked.headers })
    const ofDesk = desk && /^\/($|assets\/|icon\.svg$)/.test(path)
    if (ofDesk || (dist && path.startsWith('/app/'))) {
      try {
        const [folder, own] = ofDesk ? [desk, path.slice(1)] : [dist, path.slice(5)]
        const name = own || 'index.html'
        const body = await state.change(path, await readFile(join(folder, name)))
        const policy = ofDesk ? { 'content-security-policy': DESK_POLICY } : {}
        answer.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream', 'cache-control': 'no-cache', ...policy })
        return answer.end(body)
      } catch {
        answer.writeHead(404)
        return answer.end()
      }
    }
    if (path.endsWith('/live')) live.add(answer.once('close', () => live.delete(answer)))
    // Nobody stands behind it yet.
    if (!state.target) return answer.writeHead(404).end()
    const changed = path.startsWith('/app/')
    const headers = { ...asked.headers }
    if (changed) delete headers['accept-encoding'], delete headers['if-none-match']
    const up = request(state.target + asked.url, { method: asked.method, headers }, async (from) => {
      if (!changed) {
        answer.writeHead(from.statusCode, from.headers)
        return from.pipe(answer)
      }
      const pieces = []
      for await (const piece of from) pieces.push(piece)
      // Its length is that of its bytes.
      const body = Buffer.from(await state.change(path, Buffer.concat(pieces)))
      const { 'content-length': _, etag: __, ...kept } = from.headers
      answer.writeHead(from.statusCode, { ...kept, 'content-length': body.length, 'cache-control': 'no-cache' })
      answer.end(body)
    })
    up.on('error', () => answer.destroy())
    if (cut && asked.method === 'PATCH') {
      const mine = cut
      asked.on('data', (piece) => {
        mine.left -= piece.length
        if (mine.left > 0) return
        asked.destroy()
        up.destroy()
        mine.done()
      })
    }
    asked.on('error', () => up.destroy())
    asked.pipe(up)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  state.url = `http://127.0.0.1:${server.address().port}`
  state.close = () => new Promise((done) => { server.closeAllConnections(); server.close(done) })
  return state
}
