/** The scheduler with the browser around it. */
import { transport } from '#transport'
import { watch } from 'vue'
import { changed, onSaved, problemOf, useCore } from '@/core/client'
import { session } from '@/core/session'
import { useShell } from '@/core/shell'
import type { Counts, SyncReport } from '@/core/types'
import { Scheduler } from './scheduler'
import { sync } from './state'

const NEVER: Counts = { waiting: 0, photos: 0, held: 0, refused: 0, last_sync_ms: null, offset_ms: 0 }

/** A locked book is asked for what waits alone. */
async function counts(): Promise<Counts> {
  if (session.phase === 'open') {
    const known = await useCore().counts()
    const standing = await useCore().standing()
    sync.expired = standing.expires_ms !== null && standing.expires_ms <= Date.now() + known.offset_ms
    sync.disabled = standing.wiped
    return known
  }
  const waiting = await useShell().waiting()
  return { ...NEVER, ...sync.counts, waiting: waiting.changes, photos: waiting.photos }
}

async function run(): Promise<SyncReport> {
  return useShell().sync()
}

function stop(): void {
  void useShell().stop_sync().catch(() => undefined)
}

function after(ms: number, work: () => void): () => void {
  const timer = window.setTimeout(work, ms)
  return () => window.clearTimeout(timer)
}

export const scheduler = new Scheduler({
  sync: run, stop, counts, after, changed, problemOf, state: sync,
  now: () => Date.now(),
  random: () => Math.random(),
})

/** Asks the browser to wake the page when it finds signal, where it can. */
async function askForWake(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration() as
    (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }) | undefined
  await registration?.sync?.register('outbox').catch(() => undefined)
}

/** Whether the browser can sync by itself while the app is hidden. */
export const wakes = 'SyncManager' in window

/** Starts syncing by itself. Called once. */
export function startSync(): void {
  sync.online = navigator.onLine
  transport.on('progress', (progress) => scheduler.progressed(progress))
  window.addEventListener('online', () => scheduler.notice('online'))
  window.addEventListener('offline', () => scheduler.wentOffline())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && session.phase === 'open') scheduler.notice('open')
  })
  navigator.serviceWorker?.addEventListener('message', (event) => {
    if (event.data === 'sync' && session.phase === 'open') scheduler.notice('open')
  })
  onSaved(() => {
    scheduler.notice('saved')
    if (!sync.online) void askForWake()
  })
  watch(() => session.phase, (phase) => {
    if (phase === 'open') {
      void scheduler.count()
      scheduler.notice('open')
    } else if (phase === 'locked' || phase === 'wiped') void scheduler.count()
  }, { immediate: true })
}
