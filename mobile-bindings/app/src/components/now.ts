/** The time that counts: the server's where it is known, since a phone's clock may be set wrong. */
import { dayOf } from './dates'
import { sync } from '@/sync/state'

export const nowMs = (): number => Date.now() + sync.counts.offset_ms
export const today = (): string => dayOf(nowMs())
