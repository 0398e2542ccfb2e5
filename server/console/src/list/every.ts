/** All rows of a list that is short by its nature, such as a street's phones or grids; bounded all the same. */
import type { Page } from '@/api/types'

const MOST = 2_000

export async function every<T>(fetch: (after: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = []
  let after: string | undefined
  do {
    const page = await fetch(after)
    rows.push(...page.rows)
    after = page.next ?? undefined
  } while (after !== undefined && rows.length < MOST)
  return rows
}
