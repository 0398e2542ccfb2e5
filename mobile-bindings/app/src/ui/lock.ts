/** After some idle minutes the keypad shows where a PIN is set, else the book is locked. */
import { refreshSession, session } from '@/core/session'
import { useShell } from '@/core/shell'
import { updateHeld } from '@/core/update'
import { settings } from '@/settings'

const LOOK_MS = 10_000
let touched_ms = Date.now()

function touch(): void {
  if (!session.covered) touched_ms = Date.now()
}

async function look(): Promise<void> {
  const idle = Date.now() - touched_ms
  if (session.phase !== 'open' || session.covered || idle < settings.lock_minutes * 60_000) return
  if (session.vault?.pin) session.covered = true
  // Without a PIN a form that is open is not taken away for the length of a phone call.
  else if (updateHeld.value === 0 || idle > 4 * settings.lock_minutes * 60_000) {
    await useShell().lock()
    await refreshSession()
  }
}

export function startLock(): void {
  for (const name of ['pointerdown', 'keydown', 'input'] as const) window.addEventListener(name, touch, { passive: true, capture: true })
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') void look() })
  window.setInterval(() => void look(), LOOK_MS)
}
