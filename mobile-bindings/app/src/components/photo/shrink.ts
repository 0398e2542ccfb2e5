/** A photo as it is kept, made in a worker where the browser can draw there. */
import { makePhoto, type Made } from './make'
import type { Stamp } from './stamp'

interface Answer {
  id: number
  made?: Made
  failed?: string
}

let worker: Worker | null = null
let last = 0
const waiting = new Map<number, { done: (made: Made) => void; failed: (error: Error) => void }>()

function giveUp(): void {
  worker?.terminate()
  worker = null
  for (const { failed } of waiting.values()) failed(new Error('no worker'))
  waiting.clear()
}

function start(): Worker {
  const made = new Worker(new URL('./photo.worker.ts', import.meta.url), { type: 'module' })
  made.addEventListener('message', (event: MessageEvent<Answer>) => {
    const { id, made: photo, failed } = event.data
    const asker = waiting.get(id)
    waiting.delete(id)
    if (photo === undefined) asker?.failed(new Error(failed ?? 'no picture'))
    else asker?.done(photo)
  })
  made.addEventListener('error', giveUp)
  return made
}

/** Never rejects for want of a worker: the page's own thread does it then. */
export async function shrink(original: Blob, stamp: Stamp): Promise<Made> {
  if (typeof OffscreenCanvas === 'undefined' || typeof Worker === 'undefined') {
    return makePhoto(original, stamp)
  }
  worker ??= start()
  const own = worker
  last += 1
  const id = last
  try {
    return await new Promise<Made>((done, failed) => {
      waiting.set(id, { done, failed })
      own.postMessage({ id, original, stamp })
    })
  } catch {
    return makePhoto(original, stamp)
  }
}
