/** What an act of the trace was about, in words. */
import { listed, word } from '@/i18n'
import { fieldText } from '@/ref/fields'
import { gridName, officeText } from '@/ref/places'
import { exact } from '@/parts/time'

/** Ids stay as they are, so that they can be looked for; what has a name is called by it. */
export function objectText(object: unknown): string {
  return parts(object).join(' · ')
}

function parts(of: unknown): string[] {
  if (typeof of !== 'object' || of === null) return []
  return Object.entries(of as Record<string, unknown>).flatMap(([name, value]) => {
    if (value === null || value === '') return []
    if (!Array.isArray(value) && typeof value === 'object') return parts(value)
    const values = (Array.isArray(value) ? value : [value]).map((one) => valueText(name, one))
    return values.length > 0 ? [`${word('objects', name)} ${listed(values)}`] : []
  })
}

function valueText(name: string, value: unknown): string {
  if (name.endsWith('_ms') && typeof value === 'number') return exact(value)
  const text = String(value)
  if (name === 'grid' || name === 'grids') return gridName(text)
  if (name === 'office') return officeText(text)
  if (name === 'key' || name === 'keys') return fieldText(text)
  return text
}
