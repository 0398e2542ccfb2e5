/**
 * Streets that tests start on: each is made once for a program and a day, kept beside the program,
 * and copied for whoever wants it. Making one takes longer than most of what is tried on it.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Puts a street of so many shops, as `binary` makes it, into the folder `data`. */
export async function street(binary, shops, data) {
  const kept = join(dirname(binary), 'streets')
  const { mtimeMs, size } = await stat(binary)
  const today = new Date().toISOString().slice(0, 10)
  const name = `${shops}-${size}-${Math.trunc(mtimeMs)}-${today}`
  const whole = join(kept, name)
  if (!(await stat(whole).catch(() => null))) {
    await mkdir(kept, { recursive: true })
    await forget(kept, shops, name)
    await put(await make(binary, shops, kept), whole)
  }
  await cp(whole, data, { recursive: true })
}

/** Those of other programs and days. */
async function forget(kept, shops, name) {
  const old = (await readdir(kept)).filter((one) => one.startsWith(`${shops}-`) && one !== name)
  await Promise.all(old.map((one) => rm(join(kept, one), { recursive: true, force: true })))
}

async function make(binary, shops, kept) {
  const making = await mkdtemp(join(kept, 'making-'))
  await run(binary, ['demo', '--no-serve', '--shops', String(shops), '--data', making, '--log', 'warn'])
  return making
}

/** Another test may have made the same one meanwhile: either will do. */
async function put(made, whole) {
  try {
    await rename(made, whole)
  } catch (failed) {
    if (failed.code !== 'ENOTEMPTY' && failed.code !== 'EEXIST') throw failed
    await rm(made, { recursive: true, force: true })
  }
}
