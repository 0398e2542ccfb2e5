/** What a new form begins with. Only what the officer would type nearly every time; all of it shows. */
import type { Key, Value } from '@/core/types'

/** Fields that the next person at the same address shares. */
const SHARED = ['category', 'living_part', 'moved_in', 'started', 'id_type', 'state'] as const

export function presetOf(kind: string, today: string, link: string | null): Record<Key, Value> {
  switch (kind) {
    case 'resident':
      return { id_type: 'resident-id', moved_in: today, state: 'living' }
    case 'worker':
      return { id_type: 'resident-id', started: today, state: 'working' }
    case 'party':
      return link === null ? { type: 'natural' } : { type: 'natural', [`roles.${link}`]: true }
    case 'shop':
      return { operating_state: 'open', premises_use: 'commercial' }
    default:
      return {}
  }
}

/** The next one at the same address: shared facts stay, the person's own and the told mark do not. */
export function nextOf(kind: string, today: string, values: Readonly<Record<Key, Value>>): Record<Key, Value> {
  const shared = SHARED.filter((key) => values[key] !== undefined && values[key] !== null)
  return { ...presetOf(kind, today, null), ...Object.fromEntries(shared.map((key) => [key, values[key] ?? null])) }
}

export const MORE_KINDS: readonly string[] = ['resident', 'worker']
