import type { Words } from '@/core/types'
import { shell } from './shell'

/** A text of the shell in both languages, where `Words` are wanted: the worker has no other table. */
export function words(key: `shell.${keyof typeof shell}`): Words {
  const [zh, en] = shell[key.slice('shell.'.length) as keyof typeof shell]
  return { zh, en }
}
