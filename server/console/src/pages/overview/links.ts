/** The list that a figure counts, as the API names it, to the page that shows it. Pure. */
import type { RouteLocationRaw } from 'vue-router'

interface Page {
  name: string
  params?: Record<string, string>
  /** What the page takes for granted unless its address says otherwise. */
  usual?: Record<string, string>
}

/** A page of the console. */
export type Target = RouteLocationRaw & { name: string }

const PAGES: Record<string, Page> = {
  records: { name: 'records' },
  cases: { name: 'cases', usual: { open: '' } },
  items: { name: 'inbox' },
  devices: { name: 'people', params: { tab: 'phones' } },
  inspectors: { name: 'people' },
  conflicts: { name: 'review' },
  held: { name: 'review', params: { tab: 'held' } },
}

/** `/cases?open=true&age=over_30`; null where no page shows it. */
export function pageOf(list: string | null | undefined): Target | null {
  if (!list) return null
  const [path = '', query = ''] = list.split('?')
  const page = PAGES[path.replace(/^\//, '')]
  if (!page) return null
  const { usual = {}, ...rest } = page
  return { ...rest, query: { ...usual, ...Object.fromEntries(new URLSearchParams(query)) } }
}
