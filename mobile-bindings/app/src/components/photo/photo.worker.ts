/** Scaling and encoding off the page's thread, so that typing goes on. */
import { makePhoto } from './make'
import type { Stamp } from './stamp'

addEventListener('message', (event: MessageEvent<{ id: number; original: Blob; stamp: Stamp }>) => {
  const { id, original, stamp } = event.data
  makePhoto(original, stamp).then(
    (made) => {
      postMessage({ id, made }, { transfer: [made.jpeg.buffer] })
    },
    (error: unknown) => {
      postMessage({ id, failed: String(error) })
    },
  )
})
