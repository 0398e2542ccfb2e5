/** Where the app is between "never set up" and "open"; the router shows the page that belongs there. */
import { transport } from '#transport'
import { reactive } from 'vue'
import { changed } from './client'
import { problemOf } from './problem'
import { useShell } from './shell'
import type { Problem } from './types'
import type { Phase, VaultState } from './vault-types'

export interface Session {
  phase: 'starting' | 'elsewhere' | 'broken' | Phase
  /** The keypad shows: the page lives and the worker still holds the key. */
  covered: boolean
  vault: VaultState | null
  problem: Problem | null
}

export const session: Session = reactive({ phase: 'starting', covered: false, vault: null, problem: null })

/** Asks the worker where the book stands. */
export async function refreshSession(): Promise<void> {
  try {
    const state = await useShell().state()
    session.vault = state
    session.phase = state.phase
    session.problem = null
  } catch (thrown) {
    session.problem = problemOf(thrown)
    session.phase = 'broken'
  }
}

/** Starts the worker; the answer comes when the book's state is known or another window has it. */
export async function startSession(): Promise<void> {
  const elsewhere = new Promise<void>((resolve) => {
    transport.on('elsewhere', (there) => {
      if (there) session.phase = 'elsewhere'
      else if (session.phase === 'elsewhere') void refreshSession()
      resolve()
    })
  })
  transport.on('found', () => void refreshSession())
  transport.on('restarted', () => void refreshSession().then(changed))
  await Promise.race([refreshSession(), elsewhere])
}
