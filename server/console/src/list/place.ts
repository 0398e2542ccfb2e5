/** Where in a list a page begins: a cursor and the number of its first row. Pure. */

/** As an address has it. */
export type Query = Record<string, unknown>

export interface Place {
  after: string | undefined
  /** Number of the first row, from 1. */
  from: number
  /** What the address of the page before has; nothing for the first page. */
  before: { after?: string; row?: string }
}

// Cursors only go on: where a page was reached from is remembered while this page is open.
const reached = new Map<string, { after?: string; row?: string }>()

export function keepPlace(there: { after: string; row: string }, from: Query): void {
  const here = placeOf(from)
  reached.set(there.after, here.after === undefined ? {} : { after: here.after, row: String(here.from) })
}

export function placeOf(query: Query): Place {
  const after = typeof query.after === 'string' && query.after !== '' ? query.after : undefined
  const row = Number(query.row)
  const from = after !== undefined && Number.isSafeInteger(row) && row > 0 ? row : 1
  return { after, from, before: after === undefined ? {} : (reached.get(after) ?? {}) }
}
