import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin, ResolvedConfig } from 'vite'
import { compressTexts, files } from './compress.ts'

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
      compressTexts(out)
    },
  }
}
