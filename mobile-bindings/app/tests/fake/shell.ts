/** The vault's part of the stand-in; `?phase=locked` and so on choose where it stands. */
import type { Phase, ShellCalls, VaultState } from '../../src/core/vault-types'

const asked = new URLSearchParams(typeof location === 'undefined' ? '' : location.search)

const vault: VaultState = {
  phase: (asked.get('phase') ?? 'open') as Phase, methods: ['passphrase'], pin: asked.has('pin'), tries_left: 10,
  wait_until_ms: 0, passkey: null, recovery: 'none', can_recover: true, renew: asked.has('renew'),
}

export const shellCalls: Partial<ShellCalls> = {
  state: () => ({ ...vault }),
  unlock: () => { vault.phase = 'open'; return { ok: true } },
  unlock_pin: ({ pin }) => {
    if (pin === '246810') return { ok: true }
    vault.tries_left -= 1
    return { ok: false, tries_left: vault.tries_left, wait_until_ms: 0, wiped: false }
  },
  set_pin: ({ pin }) => { vault.pin = pin !== null },
  change_secret: () => { vault.renew = false },
  lock: () => { vault.phase = 'locked' },
  waiting: () => ({ changes: 37, photos: 2 }),
  export_outbox: () => new Uint8Array(12),
  ask_recovery: () => { vault.recovery = 'waiting' },
  poll_recovery: () => ({ ...vault }),
  reset: () => undefined,
}
