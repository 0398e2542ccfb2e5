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

export type Put = { op: 'set'; key: string; value: unknown } | { op: 'clear'; key: string }

/** The same taken back: what the record that stays had before. */
export function givenBack(all: readonly Line[], picked: ReadonlySet<string>): Put[] {
  return takenOver(all, picked).map(({ key }) => {
    const before = all.find((line) => line.key === key)?.stays
    return before ? { op: 'set', key, value: before.value } : { op: 'clear', key }
  })
}

/** What is to be written into the record that stays: values picked from the other. */
export function takenOver(all: readonly Line[], picked: ReadonlySet<string>): Extract<Put, { op: 'set' }>[] {
  return all.flatMap((line) => (picked.has(line.key) && !line.same && line.goes && !line.goes.masked ? [{ op: 'set' as const, key: line.key, value: line.goes.value }] : []))
}
