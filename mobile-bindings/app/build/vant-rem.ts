import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'postcss'

/** Pixels to one rem, the browser's default. */
const ROOT = 16
/** Lines and borders this thin stay pixels. */
const HAIRLINE = 2

/** Where Vant's own icons go as a file; seen from vant/lib/icon/index.css. */
const FONT = '../../../.cache/vant-icon.woff2'

/** The icons stand in the style sheet as text and at an address elsewhere: neither may a page of ours load. */
function fontFile(source: string): string | null {
  const text = /url\(['"]?data:font\/woff2[^,]*,([A-Za-z0-9+/=]+)/.exec(source)?.[1]
  if (!text) return null
  const folder = new URL('../node_modules/.cache/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(fileURLToPath(new URL('vant-icon.woff2', folder)), Buffer.from(text, 'base64'))
  return `url("${FONT}") format("woff2")`
}

/** Vant's sizes are pixels; in rem they grow with the text size that a person chose. */
export function vantInRem(): Plugin {
  return {
    postcssPlugin: 'vant-in-rem',
    Declaration(declaration) {
      const file = declaration.source?.input.file ?? ''
      if (!file.includes('/vant/')) return
      if (declaration.prop === 'src') declaration.value = fontFile(declaration.value) ?? declaration.value
      if (!declaration.value.includes('px')) return
      declaration.value = declaration.value.replace(/(\d*\.?\d+)px/g, (whole, digits: string) => {
        const pixels = Number(digits)
        return pixels <= HAIRLINE || pixels > 900 ? whole : `${pixels / ROOT}rem`
      })
    },
  }
}
