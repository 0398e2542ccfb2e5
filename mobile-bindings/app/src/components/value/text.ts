/** Fields of a record in the order of its form. Pure. */
import type { FieldDef, FieldState, Key, KindDef, RecordState, Words } from '@/core/types'

export interface FieldAt {
  key: Key
  field: FieldDef
  state: FieldState | undefined
  chosen?: FieldState[]
}

/** A field of several codes has a register for each; those that are set are its value. */
function chosenOf(record: RecordState, name: string): FieldState[] {
  return Object.entries(record.fields)
    .filter(([key, state]) => key.startsWith(`${name}.`) && state.values[0]?.value === true)
    .map(([, state]) => state)
}

export function fieldsOf(kind: KindDef, record: RecordState, without: readonly string[] = []): FieldAt[] {
  return kind.fields
    .filter(({ group, name }) => group === null && name !== 'shop' && !without.includes(name))
    .map((field) => ({
      key: field.name,
      field,
      state: record.fields[field.name],
      ...(field.type === 'choices' ? { chosen: chosenOf(record, field.name) } : {}),
    }))
}

export function entryFields(kind: KindDef, group: string, entry: { id: string; fields: Record<string, FieldState> }): FieldAt[] {
  return kind.fields
    .filter((field) => field.group === group)
    .map((field) => ({ key: `${group}.${entry.id}.${field.name}`, field, state: entry.fields[field.name] }))
}

export function stateAt(record: RecordState, key: Key): FieldState | undefined {
  const [group = '', id = '', name] = key.split('.')
  if (name === undefined) return record.fields[key]
  return record.groups[group]?.find((entry) => entry.id === id)?.fields[name]
}

export function chosenText(chosen: readonly FieldState[], w: (words: Words | null) => string): string {
  return chosen.map((state) => w(state.values[0]?.words ?? null)).filter(Boolean).join('、')
}
