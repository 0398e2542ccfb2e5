/** Puts the photos of a saved form to its record, each to the entry that it was taken for. */
import type { Core } from '@/core/client'
import type { Id, Key, Problem } from '@/core/types'
import type { Typed } from '@/components/form/model'
import type { StagedPhotos } from './staged'

/** Entries get their ids when they are saved: one that was begun here is found by what was typed. */
export async function placed(core: Core, record: Id, typed: Typed): Promise<(key: Key) => Key> {
  const { groups } = await core.record({ record })
  const taken = new Set<string>()
  const ids = new Map<string, string>()
  for (const begun of typed.added) {
    const [group = ''] = begun.split('.')
    const told = Object.entries(typed.values).filter(([key, value]) => key.startsWith(`${begun}.`) && value !== null)
    const match = (groups[group] ?? []).find(
      (entry) =>
        !taken.has(entry.id) &&
        told.every(([key, value]) => entry.fields[key.slice(begun.length + 1)]?.values.some((held) => held.value === value) === true),
    )
    if (match === undefined) continue
    taken.add(match.id)
    ids.set(begun, `${group}.${match.id}`)
  }
  return (key) => {
    const entry = typed.added.find((begun) => key.startsWith(`${begun}.`))
    const id = entry === undefined ? undefined : ids.get(entry)
    return entry === undefined || id === undefined ? key : id + key.slice(entry.length)
  }
}

export async function attachPhotos(core: Core, photos: StagedPhotos, record: Id, typed: Typed): Promise<Problem | null> {
  if (photos.list.value.length === 0) return null
  return photos.attach(record, await placed(core, record, typed))
}
