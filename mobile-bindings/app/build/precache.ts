import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Plugin, ResolvedConfig } from 'vite'

/** Files below `folder`, as paths with forward slashes, sorted. */
function files(folder: string, root = folder): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? files(path, root) : [relative(root, path).split(sep).join('/')]
    })
    .sort()
}

/**
 * Writes the service worker: build/sw.js with the list of every file of the build and a version that
 * is the hash of their contents. One build is one cache: a phone has it whole or not at all.
 */
export function precache(): Plugin {
  let config: ResolvedConfig
  return {
    name: 'precache',
    apply: 'build',
    configResolved(resolved) {
      config = resolved
    },
    closeBundle() {
      const out = join(config.root, config.build.outDir)
      const names = files(out).filter((name) => name !== 'sw.js' && !name.endsWith('.map'))
      const hash = createHash('sha256')
      for (const name of names) hash.update(name).update('\0').update(readFileSync(join(out, name)))
      const paths = names.map((name) => config.base + (name === 'index.html' ? '' : name))
      const worker = readFileSync(join(config.root, 'build/sw.js'), 'utf8')
        .replace("'__VERSION__'", JSON.stringify(hash.digest('hex').slice(0, 16)))
        .replace("['__FILES__']", JSON.stringify(paths))
      writeFileSync(join(out, 'sw.js'), worker)
    },
  }
}
