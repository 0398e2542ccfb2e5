/** The app's files on the phone. A new version waits until no form is open; then the page says so and takes it. */
import { ref } from 'vue'

/** Whether the app's files are on the phone, so that it opens without signal. */
export const offlineReady = ref<'coming' | 'yes' | 'no'>('coming')

/** A new version is on the phone. */
export const updateReady = ref(false)

/** Whatever has unsaved input says so, and the update waits. */
const holding = new Set<symbol>()
const holds = ref(0)
/** Whether a form is open with something typed. */
export const updateHeld = holds

/** Holds an update back until the answer is called. */
export function holdUpdate(): () => void {
  const mark = Symbol('form')
  holding.add(mark)
  holds.value = holding.size
  return () => {
    holding.delete(mark)
    holds.value = holding.size
  }
}

let waiting: ServiceWorker | null = null

/** Puts the new version in the old one's place and loads the page anew. */
export function takeUpdate(): void {
  if (!waiting || holding.size > 0) return
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waiting.postMessage('take-over')
}

function noticed(worker: ServiceWorker | null): void {
  // Without a controller this is the first installation, not an update.
  if (!worker || !navigator.serviceWorker.controller) return
  waiting = worker
  updateReady.value = true
}

/** How often a page that stays open looks for a new version, ms. */
const LOOK_MS = 60 * 60_000

/** Follows the first service worker until all files are kept, or it gave up. */
function follow(worker: ServiceWorker): void {
  const look = (): void => {
    if (worker.state === 'activated') offlineReady.value = 'yes'
    else if (worker.state === 'redundant' && offlineReady.value === 'coming') offlineReady.value = 'no'
  }
  worker.addEventListener('statechange', look)
  look()
}

export async function startUpdates(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD || __FAKE__) {
    offlineReady.value = 'no'
    return
  }
  try {
    const registration = await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`, { updateViaCache: 'none' })
    const first = registration.active ?? registration.waiting ?? registration.installing
    if (first) follow(first)
    noticed(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing
      if (!worker) return
      if (offlineReady.value !== 'yes') follow(worker)
      worker.addEventListener('statechange', () => { if (worker.state === 'installed') noticed(registration.waiting ?? worker) })
    })
    window.setInterval(() => void registration.update().catch(() => undefined), LOOK_MS)
  } catch {
    // Without a service worker the app works while the server is in reach; set-up and the sync page say so.
    offlineReady.value = 'no'
  }
}
