/** What the sync line and the sync page show; written by the scheduler alone. */
import { reactive } from 'vue'
import type { Counts, Problem, SyncProgress } from '@/core/types'

export interface SyncState {
  online: boolean
  counts: Counts
  /** A sync is going on. */
  running: boolean
  progress: SyncProgress | null
  /** The server was not reached; the next try, ms since 1970. */
  retry_at_ms: number | null
  /** Why the last sync ended early, where it did. */
  problem: Problem | null
  /** The server ordered this phone's book wiped, or revoked the phone. */
  disabled: boolean
  /** Changes that waited when the order to wipe was carried out. */
  sent_before_wipe: number
  /** The certificate has expired. */
  expired: boolean
}

export const sync: SyncState = reactive({
  online: true,
  counts: { waiting: 0, photos: 0, held: 0, refused: 0, last_sync_ms: null, offset_ms: 0 },
  running: false,
  progress: null,
  retry_at_ms: null,
  problem: null,
  disabled: false,
  sent_before_wipe: 0,
  expired: false,
})
