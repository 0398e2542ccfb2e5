import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import type { Plugin } from 'vite'

/** What a server may send compressed: the compressed form stands beside the file. */
const TEXTS = /\.(js|css|html|svg|wasm|webmanifest)$/

/** Files below `folder` but hidden ones, as paths with forward slashes, sorted. */
export function files(folder: string, root = folder): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? files(path, root) : [relative(root, path).split(sep).join('/')]
    })
    .sort()
}

/** Puts the compressed form of each text below `folder` beside it, where it is smaller. */
export function compressTexts(folder: string): void {
  for (const name of files(folder)) if (TEXTS.test(name)) compress(join(folder, name))
}

/** The same at the end of a build. */
export function compressed(): Plugin {
  let out = ''
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      out = resolve(config.root, config.build.outDir)
    },
    writeBundle() {
      compressTexts(out)
    },
  }
}

function compress(path: string): void {
  const plain = readFileSync(path)
  const packed = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
  if (packed.length < plain.length) writeFileSync(`${path}.br`, packed)
}
