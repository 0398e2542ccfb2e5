/**
 * One form on screen: checked by the core while typing, kept as a draft on every pause, undone step
 * by step. The draft goes to the phone's disk, so that a killed page loses nothing.
 */
import { computed, onBeforeUnmount, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Check, EntryState, Key, KindDef, Problem, Saved, Value } from '@/core/types'
import { problemOf, useCore } from '@/core/client'
import { baseOf, changed, nothingTyped, toForm, valueAt, withEntry, withValue, withoutEntry, type Base, type Target, type Typed } from './model'
import { useDraft } from './useDraft'

const CHECK_PAUSE_MS = 60
/** Typing into one field within this time is one step back. */
const STEP_MS = 1200
const MAX_STEPS = 100

export interface FormOptions {
  target: Target
  /** Under this name the draft is kept. */
  draft: string
  title: () => string
  preset?: Record<Key, Value>
  /** Entries that stand there to be filled in; nobody's work yet, so no draft. */
  entries?: string[]
  /** A draft that is continued, or a returned edit to be put right. */
  typed?: Typed
  /** Anything else that the draft keeps, such as where to go on afterwards. */
  extra?: () => unknown
  /** The record whose way through the core is known to be returned. */
  save?: (form: ReturnType<typeof toForm>) => Promise<Saved>
}

export interface LiveForm {
  kind: ShallowRef<KindDef | null>
  stored: ShallowRef<Record<string, EntryState[]>>
  base: ShallowRef<Base>
  typed: ShallowRef<Typed>
  check: ShallowRef<Check | null>
  problem: ShallowRef<Problem | null>
  saving: Ref<boolean>
  /** Whether the last draft is on the disk. */
  kept: Ref<boolean>
  /** Missing values are named only after a first try to save. */
  tried: Ref<boolean>
  dirty: ComputedRef<boolean>
  canUndo: ComputedRef<boolean>
  value(key: Key): Value
  set(key: Key, value: Value): void
  setMany(values: Record<Key, Value>): void
  addEntry(entry: string): void
  removeEntry(entry: string): void
  undo(): void
  keep(): Promise<void>
  discard(): Promise<void>
  save(): Promise<Saved | null>
  fault(key: Key): { zh: string; en: string } | null
  missing(key: Key): boolean
  load(): Promise<void>
  /** Checks again, after the target changed. */
  recheck(): Promise<void>
}

export function useForm(options: FormOptions): LiveForm {
  const kind = shallowRef<KindDef | null>(null)
  const stored = shallowRef<Record<string, EntryState[]>>({})
  const base = shallowRef<Base>({})
  const typed = shallowRef<Typed>(options.typed ?? { ...nothingTyped(), values: { ...options.preset }, added: options.entries ?? [] })
  const check = shallowRef<Check | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const saving = ref(false)
  const tried = ref(false)
  const steps = shallowRef<Typed[]>([])
  let lastKey = ''
  let lastAt = 0
  let checkTimer = 0
  let turn = 0
  let touched = options.typed !== undefined

  const core = useCore()
  const draft = useDraft({
    name: options.draft,
    title: options.title,
    body: () => (touched ? { target: options.target, typed: typed.value, extra: options.extra?.() } : null),
    failed: (told) => { problem.value = told },
  })
  const form = () => toForm(options.target, base.value, typed.value)

  /** What the core says of the form as it is now; the latest answer is the one shown. */
  async function runCheck(): Promise<Check | null> {
    turn += 1
    const mine = turn
    try {
      const answer = await core.check(form())
      if (mine === turn) check.value = answer
      return answer
    } catch (error) {
      if (mine === turn) problem.value = problemOf(error)
      return null
    }
  }

  function after(): void {
    touched = true
    window.clearTimeout(checkTimer)
    checkTimer = window.setTimeout(() => void runCheck(), CHECK_PAUSE_MS)
    draft.typed()
  }

  function step(key: string): void {
    const now = performance.now()
    if (key !== lastKey || now - lastAt > STEP_MS) steps.value = [...steps.value.slice(1 - MAX_STEPS), typed.value]
    lastKey = key
    lastAt = now
  }

  onBeforeUnmount(() => window.clearTimeout(checkTimer))

  return {
    kind,
    stored,
    base,
    typed,
    check,
    problem,
    saving,
    kept: draft.kept,
    tried,
    dirty: computed(() => changed(base.value, typed.value)),
    canUndo: computed(() => steps.value.length > 0),
    value: (key) => valueAt(key, base.value, typed.value),
    set(key, value) {
      if (valueAt(key, base.value, typed.value) === value) return
      step(key)
      typed.value = withValue(typed.value, key, value)
      after()
    },
    setMany(values) {
      step('many')
      lastKey = ''
      typed.value = { ...typed.value, values: { ...typed.value.values, ...values } }
      after()
    },
    addEntry(entry) {
      step('entry')
      lastKey = ''
      typed.value = withEntry(typed.value, entry)
      after()
    },
    removeEntry(entry) {
      step('entry')
      lastKey = ''
      typed.value = withoutEntry(typed.value, entry)
      after()
    },
    undo() {
      const before = steps.value.at(-1)
      if (before === undefined) return
      steps.value = steps.value.slice(0, -1)
      lastKey = ''
      typed.value = before
      after()
    },
    keep: draft.keep,
    discard: draft.discard,
    async save() {
      tried.value = true
      saving.value = true
      problem.value = null
      try {
        // Its own answer: a pause that ends meanwhile may have asked again, and what is shown may be older.
        const told = await runCheck()
        // What an old record always lacked does not keep its correction from being saved: the core decides.
        const gaps = options.target.record === undefined ? (told?.missing.length ?? 0) : 0
        if (told !== null && (gaps > 0 || told.faults.length > 0)) {
          touched = true
          await draft.keep()
          return null
        }
        const answer = await (options.save ?? ((filled) => core.save(filled)))(form())
        await draft.discard()
        return answer
      } catch (error) {
        problem.value = problemOf(error)
        touched = true
        void draft.keep()
        return null
      } finally {
        saving.value = false
      }
    },
    fault(key) {
      const own = check.value?.faults.find((fault) => fault.key === key)
      const told = problem.value?.faults?.find((fault) => fault.key === key)
      return own?.words ?? told?.words ?? null
    },
    missing: (key) => tried.value && (check.value?.missing.includes(key) ?? false),
    async recheck() {
      await runCheck()
    },
    async load() {
      problem.value = null
      try {
        const [schema, record] = await Promise.all([
          core.schema(),
          options.target.record === undefined ? null : core.record({ record: options.target.record }),
        ])
        kind.value = schema.kinds.find(({ name }) => name === options.target.kind) ?? null
        if (record !== null) {
          base.value = baseOf(record)
          stored.value = record.groups
        }
        await runCheck()
      } catch (error) {
        problem.value = problemOf(error)
      }
    },
  }
}
