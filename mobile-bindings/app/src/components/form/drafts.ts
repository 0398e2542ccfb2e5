/** Where a draft was begun and how to go on with it. */
import type { Draft } from '@/core/types'
import type { RouteLocationRaw } from 'vue-router'
import { isPhotoDraft } from '@/components/photo/staged'
import type { DraftBody } from './useForm'
import type { Target } from './model'

const FORM = 'form:'
const FINDING = 'finding:'
const TASK = 'task:'

/** One draft a target: beginning again finds it. */
export function formDraft(target: Target): string {
  const place = target.place === undefined ? '' : 'grid' in target.place ? target.place.grid : target.place.with
  return `${FORM}${target.kind}:${target.record ?? 'new'}:${target.kind === 'shop' ? '' : place}`
}
export const findingDraft = (shop: string | null): string => `${FINDING}${shop ?? ''}`
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

/** Those that can be gone on with, the newest first. */
export function offered(drafts: readonly Draft[]): Draft[] {
  return drafts.filter((draft) => resume(draft) !== null).sort((a, b) => b.at_ms - a.at_ms)
}
