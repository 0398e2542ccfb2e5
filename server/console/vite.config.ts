import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'
import { compressed } from '../../mobile-bindings/app/build/compress.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  base: '/',
  plugins: [
    vue(),
    // Of Element Plus only what a page's template names comes into the build, with its styles.
    components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
    compressed(),
  ],
  resolve: {
    alias: {
      '@': at('src'),
      // Colours and the form of text tables are the phone app's: one place for both interfaces.
      '#phone': at('../../mobile-bindings/app/src'),
    },
  },
  server: {
    proxy: { '/api': process.env.GRIDBOOK_URL ?? 'http://127.0.0.1:8080' },
    fs: { allow: [at('.'), at('../../mobile-bindings/app/src')] },
  },
  build: { target: 'es2022', outDir: 'dist', chunkSizeWarningLimit: 700 },
  test: { include: ['tests/unit/**/*.test.ts'] },
})
