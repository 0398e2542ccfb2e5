/** What is copied of a record, in the order in which the target system asks for it. Pure. */
import type { FieldOut, RecordOut, Words } from '@/api/types'
import { valueText } from '@/parts/value'

export interface Line {
  key: string
  label: Words
  text: string
  /** Its middle is left out until it is revealed. */
  masked: boolean
}

const LEFT_OUT = ['ref', 'photo', 'point']

/** The value to show first; what has none is left out. */
function line(field: FieldOut): Line[] {
  const [value] = field.values
  if (!value || value.value === null || LEFT_OUT.includes(field.type)) return []
  return [{ key: field.key, label: field.label, text: valueText(value, field.type), masked: value.masked }]
}

/** A field of the target system: where it comes from, and what it is called there. */
export interface Target {
  path: string
  heading: Words
}

const pathOf = (key: string): string => key.split('#')[0] ?? key

/** What the target asks for, in its order and by its names, and nothing else; without one all fields as they are. */
export function linesOf(record: Pick<RecordOut, 'fields'>, target: readonly Target[] | undefined): Line[] {
  if (!target) return record.fields.flatMap(line)
  return target.flatMap(({ path, heading }) => record.fields.filter(({ key }) => pathOf(key) === path).flatMap(line).map((each) => ({ ...each, label: heading })))
}
