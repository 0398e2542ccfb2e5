/**
 * The desk of a supervisor: which conflict lies on it, what was chosen and written for each, and
 * deciding. What is written for a conflict stays with it until it is decided here.
 */
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api, on, take } from '@/api/client'
import { ApiError, problemFrom, type Problem } from '@/api/problem'
import type { ConflictOut, ValueOut } from '@/api/types'
import { t, title, w } from '@/i18n'
import type { List } from '@/list/useList'
import { valueText } from '@/parts/value'

export interface Draft {
  /** Index of the chosen value, or `other` where another is written. */
  choice: number | 'other' | null
  text: unknown
}

export type Name = string

export const nameOf = (one: Pick<ConflictOut, 'record'> & { field: { key: string } }): Name => `${one.record}/${one.field.key}`

export interface Last {
  conflict: ConflictOut
  value: string
}

/** The values to choose among. */
export const choicesOf = (one: ConflictOut | null): ValueOut[] => (one === null ? [] : one.state === 'decided' ? (one.before ?? []) : one.field.values)

export function useDesk(list: List<ConflictOut>) {
  /** Decided here since; a list of what was decided has it. */
  const decided = reactive(new Set<Name>())
  const gone = computed<ReadonlySet<Name>>(() => (list.filters.state === 'decided' ? new Set() : decided))
  const marked = reactive(new Set<Name>())
  const drafts = reactive(new Map<Name, Draft>())
  const reason = ref('')
  const at = ref<Name | null>(null)
  const find = ref('')
  const whole = shallowRef<ConflictOut | null>(null)
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const notice = ref<string | null>(null)
  const last = shallowRef<Last | null>(null)

  /** By shop, field and what any of the values says. */
  const words = (row: ConflictOut): string => [title(row.title), w(row.field.label), ...row.field.values.map((value) => valueText(value, row.field.type))].join(' ')
  const queue = computed(() => list.rows.value.filter((row) => !gone.value.has(nameOf(row)) && (find.value === '' || words(row).includes(find.value.trim()))))
  /** Lies on the desk though it does not wait: to be decided again. */
  const besides = ref<Name | null>(null)
  const index = computed(() => queue.value.findIndex((row) => nameOf(row) === at.value))
  const current = computed(() => queue.value[index.value] ?? null)
  /** What may be chosen of: of what is decided the values that stood before. */
  const choices = computed(() => choicesOf(shown.value))
  /** With what each author had seen, once that is there. */
  const shown = computed(() => (whole.value && nameOf(whole.value) === at.value ? whole.value : current.value))
  const draft = computed<Draft>(() => {
    const name = at.value ?? ''
    if (!drafts.has(name)) drafts.set(name, { choice: null, text: null })
    return drafts.get(name) as Draft
  })

  async function look(name: Name): Promise<ConflictOut> {
    const [record = '', key = ''] = name.split('/')
    return take(api.GET('/conflicts/{record}/{key}', { params: { path: { record, key } } }))
  }

  async function load(): Promise<void> {
    const name = at.value
    if (name === null) return
    try {
      const found = await look(name)
      if (at.value === name) whole.value = found
    } catch (error) {
      if (at.value === name) problem.value = problemFrom(error)
    }
  }

  watch(queue, (rows) => {
    if (index.value < 0 && (at.value === null || at.value !== besides.value)) at.value = rows[0] ? nameOf(rows[0]) : null
  }, { immediate: true })
  watch(at, (now) => {
    if (now !== besides.value) besides.value = null
    problem.value = null
    notice.value = null
    void load()
  }, { immediate: true })

  function step(by: 1 | -1): void {
    const next = queue.value[Math.min(Math.max(index.value + by, 0), queue.value.length - 1)]
    if (next) at.value = nameOf(next)
  }

  /** How many there are, without those that were decided here since. */
  const waiting = computed(() => (list.total.value === null ? null : list.total.value - list.rows.value.filter((row) => gone.value.has(nameOf(row))).length))

  /** It is out of the queue; the next one comes, and more of them when few are left: nobody waits for those. */
  function leave(name: Name): void {
    const next = queue.value[index.value + 1] ?? queue.value[index.value - 1]
    decided.add(name)
    marked.delete(name)
    drafts.delete(name)
    at.value = next ? nameOf(next) : null
    if (queue.value.length < 5 && list.next.value !== null) void list.reload()
  }

  /** Somebody else was faster, or a new value came: it is read again, what was chosen and written stays. */
  async function meanwhile(name: Name): Promise<void> {
    const { choice } = draft.value
    const chosen = typeof choice === 'number' ? choices.value[choice]?.by[0]?.change : undefined
    try {
      const now = await look(name)
      if (now.state === 'decided') besides.value = name
      whole.value = now
      if (chosen !== undefined) {
        const still = choices.value.findIndex((value) => value.by.some(({ change }) => change === chosen))
        draft.value.choice = still < 0 ? null : still
      }
      notice.value = now.state === 'decided' ? t('review.othersDecided', { value: valueText(now.field.values[0] ?? {}, now.field.type) }) : t('review.othersChanged')
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.status !== 404) throw error
      notice.value = t('review.othersGone')
    }
  }

  /** What was decided last comes back, with the values it was made over. */
  async function again(): Promise<void> {
    const one = last.value?.conflict
    if (!one) return
    const name = nameOf(one)
    besides.value = name
    at.value = name
    try {
      whole.value = await look(name)
    } catch (error) {
      const found = problemFrom(error)
      if (found.status === 404) notice.value = t('review.notAgain')
      else problem.value = found
    }
  }

  function said(one: ConflictOut): { body: { change: string } | { value: unknown }; words: string } | null {
    const { choice, text } = draft.value
    const { type } = one.field
    if (choice === 'other') return { body: { value: text }, words: valueText({ value: text }, type) }
    const chosen = choice === null ? undefined : choicesOf(one)[choice]
    const change = chosen?.by[0]?.change
    return chosen && change ? { body: { change }, words: valueText(chosen, type) } : null
  }

  async function act(job: (one: ConflictOut) => Promise<string>): Promise<boolean> {
    const one = shown.value
    const name = at.value
    if (busy.value || !one || name === null) return false
    if (reason.value.trim() === '') {
      notice.value = t('review.needReason')
      return false
    }
    busy.value = true
    problem.value = null
    try {
      const value = await job(one)
      last.value = { conflict: one, value }
      leave(name)
      return true
    } catch (error) {
      const found = problemFrom(error)
      if (found.status === 412 || found.status === 404) await meanwhile(name).catch((more: unknown) => { problem.value = problemFrom(more) })
      else problem.value = found
      return false
    } finally {
      busy.value = false
    }
  }

  const path = (one: ConflictOut) => ({ record: one.record, key: one.field.key })

  function decide(): Promise<boolean> {
    const one = shown.value
    if (one && one.state !== 'settled' && said(one) === null) {
      notice.value = t('review.pick')
      return Promise.resolve(false)
    }
    return act(async (one) => {
      const what = said(one)
      if (one.state === 'settled' || what === null) return settle(one, 'confirm')
      await take(api.POST('/conflicts/{record}/{key}/decision', {
        params: { path: path(one), header: on(one.version) },
        body: { ...what.body, reason: reason.value.trim() } as { reason: string; change?: string },
      }))
      return what.words
    })
  }

  /** The document calls another schema `Why` too; this one has a reason and nothing else. */
  async function settle(one: ConflictOut, how: 'confirm' | 'reopen'): Promise<string> {
    const options = { params: { path: path(one), header: on(one.version) }, body: { reason: reason.value.trim() } }
    await take(how === 'confirm' ? api.POST('/conflicts/{record}/{key}/confirm', options) : api.POST('/conflicts/{record}/{key}/reopen', options))
    return valueText(one.field.values[0] ?? {}, one.field.type)
  }

  async function reopen(): Promise<void> {
    const name = at.value
    if (await act((one) => settle(one, 'reopen')) && name !== null) {
      // It waits again, for a decision.
      decided.delete(name)
      await list.reload()
      at.value = name
    }
  }

  /** Marked conflicts whose values mean the same: the first value of each, one reason. */
  const bulk = computed(() => queue.value.filter((row) => marked.has(nameOf(row))))
  const equal = computed(() => bulk.value.filter((row) => row.state !== 'settled' && row.alike))

  /** Those of the queue that could be decided so, beyond what is marked. */
  const alike = computed(() => queue.value.filter((row) => !marked.has(nameOf(row)) && row.state !== 'settled' && row.alike))

  function markAlike(): void {
    for (const row of alike.value) marked.add(nameOf(row))
  }

  /** Each is decided or refused by itself; what was refused stays marked, and is said. */
  async function decideMarked(why: string): Promise<void> {
    const decisions = equal.value.flatMap((row) => {
      const change = row.field.values[0]?.by[0]?.change
      return change ? [{ record: row.record, key: row.field.key, version: row.version, change }] : []
    })
    const answer = await take(api.POST('/conflicts/decisions', { body: { decisions: decisions.slice(0, 100), reason: why } }))
    const done = answer.rows.filter((row) => row.problem === null || row.problem === undefined)
    for (const row of done) {
      decided.add(`${row.record}/${row.key}`)
      marked.delete(`${row.record}/${row.key}`)
    }
    await list.reload()
    const left = answer.rows.length - done.length
    if (left) notice.value = t('review.someLeft', { n: left })
  }

  /** As the server has it now: what was decided here may wait anew. */
  async function renew(): Promise<void> {
    decided.clear()
    await list.reload()
  }

  function toggle(): void {
    if (at.value === null) return
    if (!marked.delete(at.value)) marked.add(at.value)
  }

  return { queue, waiting, index, at, current, shown, choices, again, draft, reason, find, busy, problem, notice, last, marked, bulk, equal, alike, step, decide, reopen, decideMarked, markAlike, toggle, renew, list }
}

export type Desk = ReturnType<typeof useDesk>
