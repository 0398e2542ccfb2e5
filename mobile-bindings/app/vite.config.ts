import vue from '@vitejs/plugin-vue'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { precache } from './build/precache.ts'
import { vantInRem } from './build/vant-rem.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string }

/** Where .ci/wasm.sh put the core. */
const core = process.env.GRIDBOOK_CORE ?? 'src/core/pkg'

/** `--mode fake` puts the stand-in of tests/fake in the core's place; no other mode can reach it. */
export default defineConfig(({ mode }) => ({
  base: '/app/',
  plugins: [vue(), precache()],
  resolve: {
    alias: {
      '@': at('src'),
      '#wasm': mode === 'test' ? at('tests/fake/wasm.ts') : `${at(`${core}/gridbook_mobile_bg.wasm`)}?url`,
      '#pkg': mode === 'test' ? at('tests/fake/pkg.ts') : at(`${core}/gridbook_mobile.js`),
      '#transport': mode === 'fake' ? at('tests/fake/transport.ts') : at('src/core/transport.ts'),
    },
  },
  define: { __APP_VERSION__: JSON.stringify(version), __FAKE__: JSON.stringify(mode === 'fake') },
  css: { postcss: { plugins: [vantInRem()] } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    outDir: mode === 'fake' ? 'dist-fake' : 'dist',
    chunkSizeWarningLimit: 900,
    // The way to the core, and what it stands on, in a file that gives it out: page tests ask the core by it.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', test: /src\/core\/transport/ }] } } },
  },
  test: { include: ['tests/unit/**/*.test.ts'] },
}))
