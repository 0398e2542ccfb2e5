import type { Words } from '@/core/types'
import { tables, type TextKey } from './tables'

/** A text of the tables in both languages, where `Words` are wanted. */
export function words(key: TextKey): Words {
  const [page, name] = key.split('.') as [keyof typeof tables, string]
  const [zh, en] = (tables[page] as Record<string, readonly [string, string]>)[name] ?? ['', '']
  return { zh, en }
}
