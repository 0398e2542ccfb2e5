/**
 * 开始录入: a list that one reason opens. Each row is opened with what is masked in it, in one
 * request under that reason, so the trace has a line a row; then it is copied field by field and marked.
 */
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api, on, take } from '@/api/client'
import { ApiError } from '@/api/problem'
import { useDoing } from '@/api/useDoing'
import type { Item, RecordOut } from '@/api/types'
import { title } from '@/i18n'
import { every } from '@/list/every'
import type { Mark } from '@/pages/inbox/marks'
import { places } from '@/ref/places'
import { linesOf } from './lines'

/** What goes into another system one by one; workers go by the roster. */
const KINDS = ['resident', 'worker']
/** Masked fields that one request shows. */
const KEYS_MOST = 20

export function useEntry() {
  const reason = ref('')
  const begun = ref(false)
  /** With what was sent back and may have come again. */
  const withBack = ref(false)
  const rows = shallowRef<Item[]>([])
  const at = ref(0)
  const record = shallowRef<RecordOut | null>(null)
  const whole = shallowRef<Record<string, string[]>>({})
  const copied = ref(-1)
  const marks = reactive(new Map<number, Mark>())
  const done = ref<{ id: number; name: string; mark: Mark }[]>([])
  const opening = useDoing()
  const marking = useDoing()
  const item = computed(() => rows.value[at.value] ?? null)
  const left = computed(() => rows.value.filter((row) => !marks.has(row.id)).length)
  /** The system that such records are typed into; where none is known, fields come in the order of the form. */
  const targetOf = (kind: string | undefined) => places.forms?.entries.find((each) => each.kind === kind)
  const target = computed(() => targetOf(record.value?.kind))
  const lines = computed(() => (record.value ? linesOf(record.value, target.value?.fields) : [])
    .map((line) => (line.masked ? { ...line, text: whole.value[line.key]?.[0] ?? line.text } : line)))

  const listed = (kind: string, state: string): Promise<Item[]> => every((after) => take(api.GET('/items', { params: { query: { state, kind, how: 'at_once', limit: 200, ...(after ? { after } : {}) } } })))

  const begin = () => opening.doing(async () => {
    const states = withBack.value ? ['open', 'back'] : ['open']
    const found = await Promise.all(KINDS.flatMap((kind) => states.map((state) => listed(kind, state))))
    rows.value = found.flat().sort((a, b) => a.id - b.id)
    begun.value = true
    // Now that it is begun: where nothing waits, nothing is opened.
    await open()
  })

  /** The row that is lit, read and revealed. */
  async function open(): Promise<void> {
    const now = item.value
    record.value = null
    whole.value = {}
    copied.value = -1
    if (!now) return
    const path = { id: now.record }
    const read = await take(api.GET('/records/{id}', { params: { path } }))
    const keys = linesOf(read, targetOf(read.kind)?.fields).filter(({ masked }) => masked).map(({ key }) => key).slice(0, KEYS_MOST)
    const shown = keys.length ? await take(api.POST('/records/{id}/reveal', { params: { path }, body: { keys, reason: reason.value.trim() } })) : null
    if (item.value?.id !== now.id) return
    whole.value = shown?.fields ?? {}
    record.value = read
  }

  const reopen = () => opening.doing(open)
  watch(at, () => void reopen())

  /** On to what is not marked yet; the list is done where there is none. */
  function next(): void {
    const free = (row: Item): boolean => !marks.has(row.id)
    const after = rows.value.findIndex((row, index) => index > at.value && free(row))
    const any = after >= 0 ? after : rows.value.findIndex(free)
    at.value = any >= 0 ? any : rows.value.length
  }

  function step(by: 1 | -1): void {
    at.value = Math.min(Math.max(at.value + by, 0), Math.max(rows.value.length - 1, 0))
  }

  async function mark(as: Mark, why: string): Promise<void> {
    const now = item.value
    if (!now || marks.has(now.id)) return
    try {
      await take(api.POST('/items/{id}/marks', { params: { path: { id: now.id }, header: on(now.version) }, body: { mark: as, reason: why } }))
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 412) await renew(now.id)
      throw error
    }
    marks.set(now.id, as)
    done.value.unshift({ id: now.id, name: name(now), mark: as })
    next()
  }

  /** Somebody changed it meanwhile: the next try is made on what stands now. */
  async function renew(id: number): Promise<void> {
    const fresh = await take(api.GET('/items/{id}', { params: { path: { id } } }))
    rows.value = rows.value.map((row) => (row.id === id ? fresh : row))
  }

  const name = (row: Item): string => title(row.about.title) || String(row.id)

  /** To the clipboard; the next press goes on to the next field. */
  async function copy(index: number): Promise<void> {
    const line = lines.value[index]
    if (!line) return
    copied.value = index
    await navigator.clipboard.writeText(line.text)
  }

  return { reason, begun, withBack, rows, at, item, record, target, lines, copied, marks, done, left, opening, marking, begin, reopen, step, mark, name, copy }
}
