/** Two records side by side. Pure. */
import type { FieldOut, RecordOut, ValueOut, Words } from '@/api/types'

export interface Line {
  key: string
  label: Words
  type: string
  stays: ValueOut | null
  goes: ValueOut | null
  same: boolean
}

const shown = (field: FieldOut | undefined): ValueOut | null => {
  const value = field?.values[0]
  return value && value.value !== null ? value : null
}

/** A picture stays with its shop. */
export const isTaken = (type: string): boolean => type !== 'photo'

/** Fields of both in the order of the form; groups and where a record was merged are left out. */
export function lines(stays: RecordOut, goes: RecordOut, order: readonly string[]): Line[] {
  const keys = [...new Set([...stays.fields, ...goes.fields].map((field) => field.key))].filter((key) => key !== 'merged_into')
  const rank = (key: string): number => {
    const at = order.indexOf(key.split('#')[0] ?? key)
    return at < 0 ? order.length : at
  }
  return keys.sort((a, b) => rank(a) - rank(b)).map((key) => {
    const [left, right] = [stays, goes].map((record) => record.fields.find((field) => field.key === key))
    const [kept, lost] = [shown(left), shown(right)]
    return {
      key, label: (left ?? right)?.label ?? { zh: key, en: key }, type: (left ?? right)?.type ?? 'text',
      stays: kept, goes: lost, same: JSON.stringify(kept?.value ?? null) === JSON.stringify(lost?.value ?? null),
    }
  })
}

/** What the merge takes along: registers and entries of the record that goes. */
export function taken(all: readonly Line[], extra: readonly Entry[], picked: ReadonlySet<string>): string[] {
  const registers = all.filter((line) => !line.same && line.goes && isTaken(line.type)).map(({ key }) => key)
  return [...registers, ...extra.map(({ key }) => key)].filter((key) => picked.has(key))
}

/** An entry of a group of the record that goes, such as a licence. */
export interface Entry {
  key: string
  group: Words
  fields: FieldOut[]
}

export function entriesOf(goes: RecordOut): Entry[] {
  return goes.groups.flatMap((group) => group.entries.map((entry) => ({ key: `${group.name}.${entry.id}`, group: group.label, fields: entry.fields.filter((field) => shown(field) !== null) })))
}
