/** A list as a file: all pages of it, masked as it shows. */
import { api, take } from '@/api/client'
import { language } from '@/i18n'
import type { Filters } from './useList'

export type Ending = 'xlsx' | 'csv'

/** `file` as the API names it. The browser puts it where it puts downloads. */
export async function saveAs(file: string, filters: Filters): Promise<void> {
  // Each list has filters of its own; the document names those of all but once.
  const query = { ...filters, lang: language.value }
  const body = await take(api.GET('/exports/{file}', { params: { path: { file }, query }, parseAs: 'blob' })) as Blob
  const link = document.createElement('a')
  link.href = URL.createObjectURL(body)
  link.download = file
  link.click()
  // Not at once: the browser has yet to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
