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

/** `order`: keys, the first that is asked for first; what it does not name comes after. */
export function linesOf(record: Pick<RecordOut, 'fields'>, order: readonly string[]): Line[] {
  const rank = (key: string): number => {
    const at = order.indexOf(key.split('#')[0] ?? key)
    return at < 0 ? order.length : at
  }
  return record.fields.flatMap(line).sort((a, b) => rank(a.key) - rank(b.key))
}
