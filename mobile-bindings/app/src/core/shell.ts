/** What the worker does beside the core's calls; see `ShellCalls`. */
import { transport } from '#transport'
import type { ShellCalls } from './vault-types'

type Shell = {
  [K in keyof ShellCalls]: (...args: Parameters<ShellCalls[K]>) => Promise<ReturnType<ShellCalls[K]>>
}

const shell = new Proxy({} as Shell, {
  get: (_, name: string) => (...args: unknown[]) => transport.call(name, args),
})

export function useShell(): Shell {
  return shell
}
