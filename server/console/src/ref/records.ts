/**
 * Records that lists only name: fetched when a row shows them, four at a time, kept for a while.
 * Lists of items and cases give no title of their own.
 */
import { reactive } from 'vue'
import { api, take } from '@/api/client'
import type { RecordOut } from '@/api/types'
import { title } from '@/i18n'

const AT_ONCE = 4
// More than a list that is fetched whole: else its own rows would push one another out.
const KEPT = 2_400

const known = reactive(new Map<string, RecordOut | null>())
const wanted = new Set<string>()
let running = 0

async function work(): Promise<void> {
  if (running >= AT_ONCE) return
  const [id] = wanted
  if (id === undefined) return
  wanted.delete(id)
  running += 1
  try {
    known.set(id, await take(api.GET('/records/{id}', { params: { path: { id } } })))
  } catch {
    known.set(id, null)
  } finally {
    running -= 1
    void work()
  }
}

/** The record, once it is there; null where it cannot be read. */
export function recordOf(id: string | null | undefined): RecordOut | null | undefined {
  if (!id) return null
  const found = known.get(id)
  if (found === undefined && !wanted.has(id)) {
    if (known.size > KEPT) known.clear()
    wanted.add(id)
    queueMicrotask(() => void work())
  }
  return found
}

export function recordTitle(id: string | null | undefined): string {
  const record = recordOf(id)
  return record ? title(record.title) : ''
}

export function forgetRecords(): void {
  known.clear()
}
