/** What an act of the trace was about, in words. */
import type { AuditRow } from '@/api/types'
import { listed, w, word } from '@/i18n'
import { gridName, officeText } from '@/ref/places'
import { exact } from '@/parts/time'

/** Ids stay as they are, so that they can be looked for; what has a name is called by it. */
export function objectText({ object, fields }: { object: unknown; fields: AuditRow['fields'] }): string {
  return parts(object, fields).join(' · ')
}

function parts(of: unknown, fields: AuditRow['fields']): string[] {
  if (typeof of !== 'object' || of === null) return []
  return Object.entries(of as Record<string, unknown>).flatMap(([name, value]) => {
    if (value === null || value === '') return []
    if (!Array.isArray(value) && typeof value === 'object') return parts(value, fields)
    const values = (Array.isArray(value) ? value : [value]).map((one) => valueText(name, one, fields))
    return values.length > 0 ? [`${word('objects', name)} ${listed(values)}`] : []
  })
}

function valueText(name: string, value: unknown, fields: AuditRow['fields']): string {
  if (name.endsWith('_ms') && typeof value === 'number') return exact(value)
  const text = String(value)
  if (name === 'grid' || name === 'grids') return gridName(text)
  if (name === 'office') return officeText(text)
  if (name === 'key' || name === 'keys') return w(fields[text]) || text
  return text
}
