/** The real server on a fictional street, in a folder of its own. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { front } from './front.mjs'
import { street } from './street.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const binary = process.env.GRIDBOOK ?? join(root, 'target/debug/gridbook')
/** Of every account of the demo. */
export const PASSWORD = 'wutongli 2026 demo'

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => probe.once('listening', done))
  const { port } = probe.address()
  await new Promise((done) => probe.close(done))
  return port
}

/**
 * `{url, tickets, stop, kill, start, resume, hold, release, settle}`; `tickets` are `{code, name, link}`, each good for one phone.
 * With `fronted` also `front`, the web server that phones go through. `app` is a folder whose app is
 * served instead of the server's own. `data` names a street made before.
 */
export async function serve({ shops = 60, fronted = false, app = process.env.PAGES_DIST, data } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'gridbook-pages-'))
  // One port for all starts: phones know the server by it.
  const port = await freePort()
  if (!data) await street(binary, shops, join(folder, 'data'))
  const options = ['--data', data ?? join(folder, 'data'), '--listen', `127.0.0.1:${port}`, '--log', 'warn']
  const server = { url: `http://127.0.0.1:${port}`, tickets: [], said: '' }
  let child = null

  server.start = async (command = ['serve']) => {
    child = spawn(binary, [...command, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
    const exited = new Promise((done) => child.once('exit', done))
    let said = ''
    const listens = new Promise((done) => {
      const hear = (piece) => {
        said += piece
        if (/^listening on /m.test(said)) done(true)
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
    })
    const first = await Promise.race([listens, exited.then(() => false)])
    server.said += said
    if (!first) throw new Error(`the server ended: ${said}`)
    return said
  }
  const end = async (signal) => {
    if (!child || child.exitCode !== null || child.signalCode) return
    const exited = new Promise((done) => child.once('exit', done))
    child.kill(signal)
    await exited
  }
  /** It keeps everybody waiting, until it is let go on. */
  server.hold = () => void child.kill('SIGSTOP')
  server.release = () => void child.kill('SIGCONT')
  /** What was received is verified. */
  server.settle = async () => {
    for (;;) {
      const said = await (await fetch(`${server.url}/metrics`)).text()
      if (/^gridbook_backlog 0$/m.test(said)) return
      await new Promise((done) => setTimeout(done, 20))
    }
  }
  /** As an operator stops it; and as a power cut does. */
  server.stop = () => end('SIGTERM')
  server.kill = () => end('SIGKILL')
  server.end = async () => {
    await server.kill()
    await rm(folder, { recursive: true, force: true })
  }

  /** The same street again, once it was stopped. */
  server.resume = () => server.start(['demo', '--shops', String(shops)])
  const said = await server.resume()
  // PAGES_DIST, DESK_DIST: the app and the console of a folder, for trying builds of them without
  // building the server.
  const desk = process.env.DESK_DIST
  if (fronted || app || desk) {
    server.front = await front(server.url, { dist: app, desk })
    server.url = server.front.url
    const { end } = server
    server.end = async () => { await server.front.close(); await end() }
  }
  for (const [, code, name, link] of said.matchAll(/^ {2}(\S+) (\S+) {2}(http\S+)$/gm)) {
    server.tickets.push({ code, name, link })
  }
  return server
}
