import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import type { Plugin, ResolvedConfig } from 'vite'

/** What a server may send compressed: the compressed form stands beside the file. */
const TEXTS = /\.(js|css|html|svg|wasm|webmanifest)$/

/** Files below `folder` but hidden ones, as paths with forward slashes, sorted. */
function files(folder: string, root = folder): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? files(path, root) : [relative(root, path).split(sep).join('/')]
    })
    .sort()
}

function compress(path: string): void {
  const plain = readFileSync(path)
  const packed = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
  if (packed.length < plain.length) writeFileSync(`${path}.br`, packed)
}

/**
 * Writes the service worker: build/sw.js with the list of every file of the build and a version that
 * is the hash of their contents. One build is one cache: a phone has it whole or not at all. Then
 * compresses what is text.
 */
export function precache(): Plugin {
  let config: ResolvedConfig
  let failed = false
  return {
    name: 'precache',
    apply: 'build',
    configResolved(resolved) {
      config = resolved
    },
    buildEnd(error) {
      failed = error !== undefined
    },
    closeBundle() {
      if (failed) return
      const out = resolve(config.root, config.build.outDir)
      const names = files(out)
      const worker = readFileSync(join(config.root, 'build/sw.js'), 'utf8')
      const hash = createHash('sha256').update(worker)
      for (const name of names) hash.update(name).update('\0').update(readFileSync(join(out, name)))
      const paths = names.map((name) => config.base + (name === 'index.html' ? '' : name))
      writeFileSync(join(out, 'sw.js'), worker
        .replace("'__VERSION__'", JSON.stringify(hash.digest('hex').slice(0, 16)))
        .replace("['__FILES__']", JSON.stringify(paths)))
      for (const name of [...names, 'sw.js']) if (TEXTS.test(name)) compress(join(out, name))
    },
  }
}
