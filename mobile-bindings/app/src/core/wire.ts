/** What goes between the page and whatever stands for the core. */
import type { Problem } from './types'

export interface Transport {
  /** Throws `CoreError`. */
  call(name: string, args: unknown[]): Promise<unknown>
}

/** Page to worker. */
export interface Ask {
  id: number
  name: string
  args: unknown[]
}

/** Worker to page. */
export type Tell =
  | { id: number; answer: unknown }
  | { id: number; problem: Problem }
  | { event: string; body: unknown }
