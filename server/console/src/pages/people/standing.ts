/** Where a phone stands, the weightiest first. Pure. */
import type { Device } from '@/api/types'

export type Standing = 'revoked' | 'recovery' | 'forked' | 'unconfirmed' | 'in_use'

export function standingOf(device: Pick<Device, 'revoked_ms' | 'recovery_ms' | 'forked_ms' | 'confirmed_ms'>): Standing {
  if (device.revoked_ms) return 'revoked'
  if (device.recovery_ms) return 'recovery'
  if (device.forked_ms) return 'forked'
  return device.confirmed_ms ? 'in_use' : 'unconfirmed'
}
