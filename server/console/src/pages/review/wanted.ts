/** What a held or refused change wants to write, in words. */
import type { HeldOut } from '@/api/types'
import { w } from '@/i18n'
import { valueText } from '@/parts/value'
import { formOf, typeOf } from '@/ref/fields'

export function wantedText(row: HeldOut, one: HeldOut['values'][number]): string {
  const type = typeOf(formOf(row.kind ?? '', one.key), one.key)
  return `${w(one.label)}：${one.value_label ? w(one.value_label) : valueText({ value: one.value }, type)}`
}
