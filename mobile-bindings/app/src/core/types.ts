/**
 * What the core answers, and what it is asked. Made by `mobile-bindings/src/phone` in Rust, which
 * names its fields the same; every rule of the product stands there or below, none here.
 *
 * Times are ms since 1970 (UTC), dates `YYYY-MM-DD`, ids lower-case hex (a record 32 digits, a photo
 * 64), places degrees times 10⁷.
 */

export type Id = string
/** A text in both languages. */
export interface Words { zh: string; en: string }
export interface Point { lat: number; lon: number }
/** A field's value as JSON; null: cleared or never filled in. */
export type Value = null | string | number | boolean | Point
/** `field`, `group.entry.field`, `field.code` (choices): a register's key. */
export type Key = string

/** Why a call did nothing. `code` is for the program, the words are for the person. */
export interface Problem {
  code:
    | 'wrong-key' | 'newer-file' | 'not-a-book' | 'busy' | 'disk-full' | 'store' | 'damaged'
    | 'not-enrolled' | 'unsent' | 'no-record' | 'no-kind' | 'no-grid' | 'invalid' | 'edit'
    | 'too-large' | 'format' | 'schema' | 'signature' | 'offline' | 'timeout' | 'cancelled' | 'intercepted'
    | 'refused' | 'server' | 'locked' | 'panic' | 'internal'
  words: Words
  /** Fields at fault. */
  faults?: Fault[]
  /** HTTP status, where the server refused. */
  status?: number
  /** How long the server asked to be left alone. */
  retry_after_ms?: number
}
export interface Fault { key: Key; words: Words }

// ---- Who and where ---------------------------------------------------------------------------

export interface Grant { grid: string; label: Words; until_ms: number | null; records: number }
/** The version of the schemas in use: `ready` is here and waits for `take_schema`, `refused` says why one is not used. */
export interface Forms { version: number; draft: boolean; ready: { version: number; draft: boolean } | null; refused: Words | null }
export interface Standing {
  enrolled: boolean
  inspector: { id: string; name: string } | null
  device: string | null
  /** Six syllables of this phone's key, to be read to the supervisor. */
  words: string[]
  /** Whether a grid was served, that is, whether the supervisor has confirmed. */
  confirmed: boolean
  expires_ms: number | null
  grids: Grant[]
  schema: Forms
  /** The server has ordered this book wiped; pulled records are gone once nothing is unsent. */
  wiped: boolean
  store_bytes: number
}

/** What the sync line and the sync page say. */
export interface Counts {
  /** Changes not yet acknowledged, photos not yet uploaded whole. */
  waiting: number
  photos: number
  held: number
  refused: number
  last_sync_ms: number | null
  /** Server's clock less the phone's. */
  offset_ms: number
}

export interface SyncReport {
  complete: boolean
  sent_bundles: number
  sent_bytes: number
  received_bytes: number
  records: number
  photos: { done: number; later: number; refused: number }
  wiped: boolean
  forms: 'none' | 'fetched' | 'later' | 'refused'
}
/** Said while a sync goes on. */
export interface SyncProgress {
  phase: 'text' | 'photos'
  /** Changes sent of those to send; photos done of those to do. */
  done: number
  of: number
  /** Records in the book so far. */
  records: number
  /** Of so many, while grids come in whole; else 0. */
  expected: number
}

// ---- Lists -----------------------------------------------------------------------------------

export type Due = 'due' | 'revisit' | 'visited'
export interface VisitMark { record: Id; outcome: string; at_ms: number; by: string; own: boolean }
export interface Warning {
  kind: 'licence-expires' | 'licence-expired' | 'licence-missing' | 'lease-ends' | 'conflict'
    | 'finding-open' | 'not-shown-present' | 'cover-ends'
  words: Words
  /** Where to act. */
  key?: Key
  record?: Id
  date?: string
}
export interface ShopRow {
  id: Id
  grid: string
  door: string
  unit: string
  sign: string
  business_type: string | null
  state: string | null
  residents: number
  workers: number
  location: Point | null
  /** Metres from where the phone is; null where either is unknown. */
  metres: number | null
  due: Due
  last: VisitMark | null
  findings: number
  conflicts: number
  warnings: Warning[]
  /** Own changes not settled yet. */
  pending: boolean
}
export interface Page<T> { total: number; rows: T[] }
export interface TodayPage extends Page<ShopRow> {
  counts: { due: number; revisit: number; visited: number; all: number }
}
export interface ShopQuery {
  text?: string
  grid?: string
  due?: Due
  business_type?: string
  /** Not visited for longer than the area allows. */
  overdue?: boolean
  findings?: boolean
  here?: Point
  order?: 'near' | 'door'
  offset?: number
  /** At most 200. */
  limit?: number
}
/** A record in any other list. */
export interface Row {
  id: Id
  kind: string
  title: string
  facts: Record<string, Value>
  touched_ms: number
  conflicts: number
  pending: boolean
}
/** Where a finding stands, as the server said last; null until it did (联动中心·待立案). */
export interface CaseStatus {
  state: string
  words: Words
  office: Words | null
  due_ms: number | null
  paused: boolean
  closed_ms: number | null
  told_ms: number
}
export interface FindingRow extends Row {
  case: CaseStatus | null
  /** This inspector reported it, on whichever phone: nobody else is told where it stands. */
  own: boolean
  shop: Id | null
  sign: string
}

// ---- One record ------------------------------------------------------------------------------

export interface Author { label: string; device: string; own: boolean; at_ms: number; decision: boolean }
export interface FieldValue { value: Value; words: Words | null; decided: boolean; by: Author[] }
/** All values, the one to show first. */
export interface FieldState { values: FieldValue[]; conflict: boolean; contested: boolean }
export interface EntryState { id: string; shown: boolean; contested: boolean; fields: Record<string, FieldState> }
export interface RecordState {
  id: Id
  kind: string
  grid: string
  shown: boolean
  pending: boolean
  damaged: boolean
  fields: Record<Key, FieldState>
  groups: Record<string, EntryState[]>
  conflicts: Key[]
}
export interface Dossier {
  shop: RecordState
  row: ShopRow
  visited_today: { by: string; at_ms: number } | null
  landlord: Row | null
  tenant: Row | null
  operator: Row | null
  residents: Row[]
  workers: Row[]
  findings: FindingRow[]
  visits: Row[]
  warnings: Warning[]
}
export interface HistoryEntry { at_ms: number; author: Author; changes: { key: Key; value: Value; words: Words | null }[] }

// ---- Forms -----------------------------------------------------------------------------------

export type FieldType =
  | 'text' | 'remark' | 'integer' | 'decimal' | 'flag' | 'date' | 'time' | 'choice' | 'choices'
  | 'phone' | 'id-card' | 'uscc' | 'digits' | 'point' | 'photo' | 'ref'
export interface FieldDef {
  name: string
  /** The group it stands in. */
  group: string | null
  words: Words
  type: FieldType
  codes: string | null
  /** The kind that a reference names. */
  kind: string | null
  required: boolean
  /** Filled in by the app, never asked. */
  automatic: boolean
  /** Whether this person may write it. */
  writable: boolean
  personal: boolean
  max_len: number | null
  min: number | null
  max: number | null
}
export interface KindDef {
  name: string
  words: Words
  personal: boolean
  follows: string | null
  may_create: boolean
  may_delete: boolean
  fields: FieldDef[]
  groups: { name: string; words: Words }[]
}
export interface CodeDef { code: string; words: Words; parent: string | null; offered: boolean }
export interface ClassDef { code: string; words: Words; handlers: Words[]; offered: boolean }
export interface SchemaDef {
  version: number
  kinds: KindDef[]
  codes: Record<string, { words: Words; codes: CodeDef[] }>
  finding_classes: ClassDef[]
}

/** A form as typed: registers by key; entries that are new have ids `new1`, `new2` … */
export interface Form {
  kind: string
  /** The record it edits; absent for a new one. */
  record?: Id
  /** Where a new one stands. */
  place?: { grid: string } | { with: Id }
  values: Record<Key, Value>
  /** Entries begun and taken away: `group.id`. */
  added?: string[]
  removed?: string[]
}
export interface Check {
  /** Keys the form shows now. */
  shown: Key[]
  missing: Key[]
  faults: Fault[]
  /** What follows from an identity number. */
  holder: { birth_date: string; sex: 'male' | 'female'; age: number } | null
  proposals: Proposal[]
}
export interface Proposal { id: string; class: string; words: Words }
export interface Saved { record: Id; at_ms: number; proposals: Proposal[] }

// ---- Own work --------------------------------------------------------------------------------

export type Step = 'kept' | 'received' | 'entered' | 'held' | 'refused'
export interface WorkRow { record: Id; kind: string; title: string; shop: Id | null; at_ms: number; step: Step; why: Words | null; field: Words | null }
export interface ReturnedRow { id: number; record: Id; kind: string; title: string; shop: Id | null; why: Words | null; field: Key | null; at_ms: number; form: Form }
export interface SetbackRow { record: Id; kind: string; title: string; shop: Id | null; held: boolean; why: Words; field: Words | null }
/** `record`: the task's own, where an answer is written; `shop`, `finding`, `resident`: what it is about. Null where this phone does not hold it. */
export interface TaskRow {
  id: Id
  type: string
  words: Words
  door: string
  question: string
  due_ms: number | null
  record: Row | null
  /** Where what is made for it stands. */
  grid: string | null
  shop: Id | null
  finding: Id | null
  resident: Id | null
  /** Of a spot check: how its door was drawn; its shop need not be on this phone. */
  draw: { batch: string; method: string; shop: Id | null } | null
}
export interface Todo { revisit: ShopRow[]; tasks: TaskRow[]; returned: ReturnedRow[]; held: SetbackRow[] }
export interface Draft { name: string; title: string; at_ms: number; body: unknown }
export interface Photo { record: Id; sha256: string; media: string; bytes: number; uploaded: number }
export interface Figures { month: string; due: number; visited: number; visits: number; refused: number; shut: number; findings: number; registered: { residents: number; workers: number } }
/** A rate with its 95 % interval, each 0 to 1. */
export interface Rate { hits: number; n: number; rate: number | null; low: number | null; high: number | null; enough: boolean }
/** What spot checks said of an own grid in a month. */
export interface Judged {
  month: string
  grid: string
  waiting: number
  appealed: number
  not_counted: number
  shops: Rate
  consistent: Rate
  residents: Rate
  workers: Rate
  locked: boolean
  told_ms: number
}

/** Every call of the core but those with bytes; see `client.ts`. */
export interface Calls {
  standing(): Standing
  counts(): Counts
  schema(): SchemaDef
  today(query: ShopQuery): TodayPage
  shops(query: ShopQuery): Page<ShopRow>
  map(query: { grid: string }): { outline: Point[]; points: { id: Id; at: Point; due: Due; sign: string }[] }
  dossier(query: { shop: Id }): Dossier
  record(query: { record: Id }): RecordState
  rows(query: { kind: string; shop?: Id; text?: string; limit?: number }): Page<Row>
  /** The last reported first. */
  findings(query: { shop?: Id; own?: boolean; limit?: number }): Page<FindingRow>
  history(query: { record: Id; key?: Key }): HistoryEntry[]
  check(form: Form): Check
  save(form: Form): Saved
  /** One tap: an outcome for a shop. */
  visit(query: { shop: Id; outcome: string; changed?: string[] }): Saved
  /** Takes back what was just created and is still on this phone alone; false: too late, edit it. */
  undo(query: { record: Id }): boolean
  resolve_returned(query: { id: number }): boolean
  /** A task that was done and whose record is not on this phone: it leaves the list. */
  forget_task(query: { task: Id }): void
  work(query: { limit?: number }): WorkRow[]
  todo(): Todo
  photos(): Photo[]
  drop_photo(query: { record: Id; sha256: string }): void
  drafts(): Draft[]
  put_draft(draft: { name: string; title: string; body: unknown | null }): void
  figures(): Figures
  /** The latest month first. */
  judged(): Judged[]
  /** Forms, codes and lists follow the version that is ready; false: there was none. */
  take_schema(): boolean
}
