/** Where a draft was begun and how to go on with it. */
import type { Draft, Id, Key } from '@/core/types'
import type { RouteLocationRaw } from 'vue-router'
import { isPhotoDraft } from '@/components/photo/staged'
import type { Target, Typed } from './model'

/** What a draft holds; photos are drafts of their own. */
export interface DraftBody {
  target: Target
  typed: Typed
  extra?: unknown
}

/** What the draft of a single value keeps beside it. */
export interface ValueExtra {
  key: Key
  /** The shop that its record belongs to. */
  shop: Id | null
}

const FORM = 'form:'
const FINDING = 'finding:'
const TASK = 'task:'
const VALUE = 'value:'

/** One draft a target: beginning again finds it. */
export function formDraft(target: Target): string {
  const place = target.place === undefined ? '' : 'grid' in target.place ? target.place.grid : target.place.with
  return `${FORM}${target.kind}:${target.record ?? 'new'}:${target.kind === 'shop' ? '' : place}`
}
export const findingDraft = (shop: string | null): string => `${FINDING}${shop ?? ''}`
/** One value of a record, changed alone. */
export const valueDraft = (record: string, key: string): string => `${VALUE}${record}:${key}`
export const taskDraft = (task: string): string => `${TASK}${task}`

/** Whether this is one of ours and readable; a damaged one is kept but not offered. */
export function bodyOf(draft: Draft): DraftBody | null {
  const body = draft.body as Partial<DraftBody> | null
  if (body === null || typeof body !== 'object' || typeof body.typed?.values !== 'object') return null
  return typeof body.target?.kind === 'string' ? (body as DraftBody) : null
}

export function resume(draft: Draft): RouteLocationRaw | null {
  const body = bodyOf(draft)
  if (isPhotoDraft(draft) || body === null) return null
  if (draft.name.startsWith(FINDING)) {
    return { name: 'finding', query: { shop: draft.name.slice(FINDING.length), draft: draft.name } }
  }
  if (draft.name.startsWith(TASK)) return { name: 'task', params: { id: draft.name.slice(TASK.length) } }
  if (draft.name.startsWith(VALUE)) return valuePage(body)
  if (!draft.name.startsWith(FORM)) return null
  const { target } = body
  return {
    name: 'form',
    params: { kind: target.kind, ...(target.record === undefined ? {} : { record: target.record }) },
    query: {
      draft: draft.name,
      ...(target.place === undefined ? {} : 'grid' in target.place ? { grid: target.place.grid } : { with: target.place.with }),
    },
  }
}

/** The page on which a value stands; `value` opens it for editing. */
function valuePage({ target, extra }: DraftBody): RouteLocationRaw | null {
  const at = extra as Partial<ValueExtra> | undefined
  if (target.record === undefined || typeof at?.key !== 'string') return null
  if (target.kind === 'shop') return { name: 'dossier', params: { id: target.record }, query: { value: at.key } }
  return { name: 'record', params: { record: target.record }, query: { value: at.key, ...(at.shop == null ? {} : { shop: at.shop }) } }
}

/** Those that can be gone on with, the newest first. */
export function offered(drafts: readonly Draft[]): Draft[] {
  return drafts.filter((draft) => resume(draft) !== null).sort((a, b) => b.at_ms - a.at_ms)
}
