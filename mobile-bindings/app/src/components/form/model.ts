/** A form as it is typed: values over what the record holds, entries begun and taken away. Pure. */
import type { EntryState, FieldDef, FieldState, Form, Key, KindDef, RecordState, Value } from '@/core/types'

/** What the record held when the form was opened; a new one holds nothing. */
export type Base = Readonly<Record<Key, Value>>

export interface Typed {
  values: Record<Key, Value>
  added: string[]
  removed: string[]
}

export const nothingTyped = (): Typed => ({ values: {}, added: [], removed: [] })

function first(state: FieldState | undefined): Value {
  return state?.values[0]?.value ?? null
}

/** The registers of a record as a form knows them. */
export function baseOf(record: RecordState): Base {
  const base: Record<Key, Value> = {}
  for (const [key, state] of Object.entries(record.fields)) base[key] = first(state)
  for (const [group, entries] of Object.entries(record.groups)) {
    for (const entry of entries) {
      if (!entry.shown) continue
      for (const [name, state] of Object.entries(entry.fields)) base[`${group}.${entry.id}.${name}`] = first(state)
    }
  }
  return base
}

/** Entries of a group as `group.id`: those of the record, then those begun; none taken away. */
export function entriesOf(group: string, stored: readonly EntryState[], typed: Typed): string[] {
  const kept = stored.filter((entry) => entry.shown).map((entry) => `${group}.${entry.id}`)
  const begun = typed.added.filter((entry) => entry.startsWith(`${group}.`))
  return [...kept, ...begun].filter((entry) => !typed.removed.includes(entry))
}

/** `group.newN` with the first N that no entry has. */
export function nextEntry(group: string, typed: Typed): string {
  let n = 1
  const taken = new Set(typed.added.map((entry) => entry.split('.')[1]))
  while (taken.has(`new${n}`)) n += 1
  return `${group}.new${n}`
}

export function keyOf(field: FieldDef, entry: string | null): Key {
  return entry === null ? field.name : `${entry}.${field.name}`
}

export function valueAt(key: Key, base: Base, typed: Typed): Value {
  return key in typed.values ? (typed.values[key] ?? null) : (base[key] ?? null)
}

/** Codes chosen in a field that takes several: each has a register of its own. */
export function chosenAt(key: Key, codes: readonly string[], base: Base, typed: Typed): string[] {
  return codes.filter((code) => valueAt(`${key}.${code}`, base, typed) === true)
}

export function withValue(typed: Typed, key: Key, value: Value): Typed {
  return { ...typed, values: { ...typed.values, [key]: value } }
}

export function withEntry(typed: Typed, entry: string): Typed {
  return { ...typed, added: [...typed.added, entry] }
}

/** An entry that was only begun leaves no trace; one of the record is named as taken away. */
export function withoutEntry(typed: Typed, entry: string): Typed {
  const values = Object.fromEntries(Object.entries(typed.values).filter(([key]) => !key.startsWith(`${entry}.`)))
  const begun = typed.added.includes(entry)
  return {
    values,
    added: typed.added.filter((other) => other !== entry),
    removed: begun ? typed.removed : [...typed.removed, entry],
  }
}

/** Whether anything was typed that differs from what the record holds. */
export function changed(base: Base, typed: Typed): boolean {
  if (typed.added.length > 0 || typed.removed.length > 0) return true
  return Object.entries(typed.values).some(([key, value]) => (base[key] ?? null) !== value)
}

export interface Target {
  kind: string
  record?: Form['record']
  place?: Form['place']
}

/** What goes to the core: only what differs from the record. */
export function toForm(target: Target, base: Base, typed: Typed): Form {
  const differing = Object.entries(typed.values).filter(([key, value]) =>
    target.record === undefined ? value !== null : (base[key] ?? null) !== value,
  )
  return {
    kind: target.kind,
    ...(target.record === undefined ? {} : { record: target.record }),
    ...(target.place === undefined ? {} : { place: target.place }),
    values: Object.fromEntries(differing),
    ...(typed.added.length === 0 ? {} : { added: typed.added }),
    ...(typed.removed.length === 0 ? {} : { removed: typed.removed }),
  }
}

export interface Slot {
  field: FieldDef
  key: Key
}

/** Fields that a person fills in, outside groups: those required and those folded away. */
export function slots(kind: KindDef, shown: readonly Key[] | null): { asked: Slot[]; folded: Slot[] } {
  const visible = new Set(shown)
  const all = kind.fields
    .filter((field) => field.group === null && !field.automatic && field.writable)
    .map((field) => ({ field, key: field.name }))
    .filter(({ key }) => shown === null || visible.has(key))
  return { asked: all.filter(({ field }) => field.required), folded: all.filter(({ field }) => !field.required) }
}

/** The same inside one entry of a group. */
export function entrySlots(kind: KindDef, group: string, entry: string, shown: readonly Key[] | null): Slot[] {
  const visible = new Set(shown)
  return kind.fields
    .filter((field) => field.group === group && !field.automatic && field.writable)
    .map((field) => ({ field, key: keyOf(field, entry) }))
    .filter(({ key }) => shown === null || visible.has(key))
}
