import type { Plugin } from 'postcss'

/** Pixels to one rem, the browser's default. */
const ROOT = 16
/** Lines and borders this thin stay pixels. */
const HAIRLINE = 2

/** Vant's sizes are pixels; in rem they grow with the text size that a person chose. */
export function vantInRem(): Plugin {
  return {
    postcssPlugin: 'vant-in-rem',
    Declaration(declaration) {
      const file = declaration.source?.input.file ?? ''
      if (!file.includes('/vant/') || !declaration.value.includes('px')) return
      declaration.value = declaration.value.replace(/(\d*\.?\d+)px/g, (whole, digits: string) => {
        const pixels = Number(digits)
        return pixels <= HAIRLINE || pixels > 900 ? whole : `${pixels / ROOT}rem`
      })
    },
  }
}
