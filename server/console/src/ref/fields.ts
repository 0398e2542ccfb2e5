/** Registers and the fields of forms that they belong to. */
import type { KindForm } from '@/api/types'
import { codeText, kindOf } from './places'

export type FieldForm = KindForm['fields'][number]

/** `group.<id>.field` and `field#code` as the path of a form. Pure. */
export function pathOf(key: string): string {
  const bare = key.split('#')[0] ?? key
  const parts = bare.split('.')
  return parts.length === 3 ? `${parts[0]}.${parts[2]}` : bare
}

export function formOf(kind: string, key: string): FieldForm | undefined {
  const path = pathOf(key)
  return kindOf(kind)?.fields.find((field) => field.path === path)
}

/** The type of the register: a chosen code is a flag. */
export function typeOf(form: FieldForm | undefined, key: string): string {
  if (key.includes('#')) return 'flag'
  return form?.type ?? 'presence'
}

/** A bare value, as histories and "had seen" give it: codes in words. */
export function bareLabel(kind: string, key: string, value: unknown): string | null {
  const form = formOf(kind, key)
  return form?.codes && typeof value === 'string' ? codeText(form.codes, value) : null
}
