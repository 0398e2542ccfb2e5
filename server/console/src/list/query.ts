/** Filters of an address as a route's query takes them. */
import type { Filters } from './useList'

export const ROWS = 50

/** `flags` are the names that the API takes as true or false. */
export function queryOf(filters: Filters, after: string | undefined, flags: readonly string[] = []): Record<string, string | number | boolean> {
  const given = Object.entries(filters).map(([name, value]) => [name, flags.includes(name) ? value === 'true' : value])
  return { limit: ROWS, ...Object.fromEntries(given), ...(after === undefined ? {} : { after }) }
}
