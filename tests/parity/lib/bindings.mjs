// The bindings, and how each is asked.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { browserRunner } from './browser.mjs'
import { within } from './within.mjs'

/** A runner that is a program; the environment names the folder for its books. */
async function program(command) {
  const folder = await mkdtemp(join(tmpdir(), 'gridbook-books-'))
  const child = spawn('sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, SCENARIO_FOLDER: folder } })
  const ended = new Promise((done) => child.once('exit', done))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const { value, done } = await within(lines.next(), JSON.stringify(request))
      if (done) throw new Error(`the runner ended before it answered ${request.op}`)
      return JSON.parse(value)
    },
    async end() {
      child.stdin.end()
      try {
        await within(ended, 'the end of the runner')
      } finally {
        child.kill('SIGKILL')
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Programs by the environment, a command line each: .ci/parity.sh builds them and names them. */
const programs = Object.entries(JSON.parse(process.env.RUNNERS ?? '{}'))

/** Name and runner of each binding, for a phone whose server is at a URL. The first is the measure. */
export const bindings = [
  ['browser', browserRunner],
  ...programs.map(([name, command]) => [name, () => program(command)]),
]
