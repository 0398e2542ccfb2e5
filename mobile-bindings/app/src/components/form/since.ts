/** What was changed in a form after it had been saved, when only its photos were still to come. */
import type { Core } from '@/core/client'
import type { Id } from '@/core/types'
import { placed } from '@/components/photo/attach'
import type { Typed } from './model'

export interface Filed {
  kind: string
  record: Id
  /** As it was saved. */
  typed: Typed
}

/** Saves what differs from what was saved, to the same record; nothing if nothing does. */
export async function saveSince(core: Core, filed: Filed, now: Typed): Promise<void> {
  const before = filed.typed
  const since = Object.entries(now.values).filter(([key, value]) => (before.values[key] ?? null) !== value)
  const added = now.added.filter((entry) => !before.added.includes(entry))
  const removed = now.removed.filter((entry) => !before.removed.includes(entry))
  if (since.length + added.length + removed.length === 0) return
  const at = await placed(core, filed.record, before)
  await core.save({
    kind: filed.kind,
    record: filed.record,
    values: Object.fromEntries(since.map(([key, value]) => [at(key), value])),
    ...(added.length === 0 ? {} : { added }),
    ...(removed.length === 0 ? {} : { removed }),
  })
}
