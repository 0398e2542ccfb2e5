/** The core in its worker. */
import type { Transport } from './wire'

export const transport: Transport = {
  call: () => Promise.reject(new Error('not built')),
}
