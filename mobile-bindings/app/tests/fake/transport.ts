/** Stands for the core in `vite --mode fake`, in screenshots and unit tests: no rules, little truth. */
import type {
  Calls, Check, Dossier, Fault, FindingRow, Form, Key, Page, Problem, RecordState, Saved, ShopQuery, ShopRow, TodayPage, Value, VisitMark,
} from '../../src/core/types'
import type { Transport } from '../../src/core/wire'
import { CoreError } from '../../src/core/problem'
import { dayOf } from '../../src/ui/time'
import { shellCalls } from './shell'
import { schema, shownWhen, type Condition } from './schema'
import {
  DAY, GRID, HOUR, all, drafts, fieldState, get, me, newId, now, photos, put, records, rowOf, stateOf, tasks, titleOf, type Stored,
} from './world'

const fail = (code: Problem['code'], zh: string, en: string): never => {
  throw new CoreError({ code, words: { zh, en } })
}
const need = (id: string): Stored => records.get(id) ?? fail('no-record', '没有这条记录', 'No such record')

function lastVisit(shop: string): VisitMark | null {
  const last = all('visit', shop).sort((a, b) => Number(get(b, 'visited_at')) - Number(get(a, 'visited_at')))[0]
  if (!last) return null
  const by = last.fields.get('outcome')![0]!.by
  return { record: last.id, outcome: String(get(last, 'outcome')), at_ms: Number(get(last, 'visited_at')), by: by.label, own: by.own }
}

function row(shop: Stored): ShopRow {
  const last = lastVisit(shop.id)
  const today = last && dayOf(last.at_ms) === dayOf(now())
  const shut = last && ['shut', 'refused', 'nobody-in-charge'].includes(last.outcome)
  const findings = all('finding', shop.id).length
  const warnings: ShopRow['warnings'] = []
  const expires = get(shop, 'licences.BBBBBBBBBBB.expires')
  if (expires) warnings.push({ kind: 'licence-expires', words: { zh: `食品经营许可 ${expires} 到期`, en: `Food permit ends ${expires}` }, key: 'licences.BBBBBBBBBBB.expires', date: String(expires) })
  if (stateOf(shop).conflicts.length) warnings.push({ kind: 'conflict', words: { zh: '业态有 2 个值', en: 'Business type: 2 values' }, key: 'business_type' })
  if (findings) warnings.push({ kind: 'finding-open', words: { zh: '有未办结问题', en: 'Open finding' } })
  return {
    id: shop.id, grid: shop.grid, door: String(get(shop, 'door_no') ?? ''), unit: String(get(shop, 'unit_no') ?? ''),
    sign: String(get(shop, 'sign_name') ?? ''), business_type: get(shop, 'business_type') as string | null,
    state: get(shop, 'operating_state') as string | null, residents: all('resident', shop.id).length,
    workers: all('worker', shop.id).length, location: get(shop, 'location') as ShopRow['location'], metres: null,
    due: shut ? 'revisit' : today ? 'visited' : 'due', last, findings,
    conflicts: stateOf(shop).conflicts.length, warnings, pending: shop.step === 'kept',
  }
}

function find(query: ShopQuery): ShopRow[] {
  const text = (query.text ?? '').trim()
  return all('shop').map(row)
    .filter((r) => !text || `${r.sign}${r.door}`.includes(text))
    .filter((r) => !query.due || r.due === query.due)
    .filter((r) => !query.business_type || r.business_type?.startsWith(query.business_type))
    .filter((r) => !query.findings || r.findings > 0)
    .filter((r) => !query.overdue || !r.last || now() - r.last.at_ms > 30 * DAY)
}
const page = <T>(rows: T[], q: { offset?: number; limit?: number }): Page<T> =>
  ({ total: rows.length, rows: rows.slice(q.offset ?? 0, (q.offset ?? 0) + (q.limit ?? 200)) })

const findingRow = (r: Stored): FindingRow => ({
  ...rowOf(r), case: r.case ?? null, own: r.by.own, shop: String(get(r, 'shop')), sign: String(get(need(String(get(r, 'shop'))), 'sign_name')),
})

function holds(form: Form, group: string, condition: Condition): boolean {
  if (condition.any) return condition.any.some((c) => holds(form, group, c))
  const value = valueIn(form, condition.field) ?? valueIn(form, group + condition.field)
  if (condition.set !== undefined) return (value !== null && value !== undefined) === condition.set
  if (condition.equals !== undefined) return value === condition.equals
  return condition.any_of?.includes(value ?? null) ?? true
}
function valueIn(form: Form, key: Key): Value | undefined {
  if (key in form.values) return form.values[key]
  return form.record ? need(form.record).fields.get(key)?.[0]?.value : undefined
}

function check(form: Form): Check {
  const kind = schema.kinds.find((k) => k.name === form.kind) ?? fail('no-kind', '没有这类记录', 'No such kind')
  const entries = new Set((form.added ?? []).map((e) => e))
  if (form.record) for (const key of need(form.record).fields.keys()) { const p = key.split('.'); if (p[2]) entries.add(`${p[0]}.${p[1]}`) }
  for (const gone of form.removed ?? []) entries.delete(gone)
  const shown: Key[] = []
  const missing: Key[] = []
  const faults: Fault[] = []
  let holder: Check['holder'] = null
  for (const f of kind.fields) {
    const prefixes = f.group ? [...entries].filter((e) => e.startsWith(`${f.group}.`)).map((e) => `${e}.`) : ['']
    for (const prefix of prefixes) {
      const key = prefix + f.name
      const conditions = shownWhen.get(`${kind.name}/${f.group ? `${f.group}.` : ''}${f.name}`) ?? []
      if (f.automatic || !conditions.every((c) => holds(form, prefix, c))) continue
      shown.push(key)
      const value = valueIn(form, key)
      if (f.required && f.writable && (value === null || value === undefined || value === '')) missing.push(key)
      if (f.type === 'id-card' && typeof value === 'string' && value) {
        if (idCardFits(value)) {
          const birth = `${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`
          holder = { birth_date: birth, sex: Number(value[16]) % 2 ? 'male' : 'female', age: new Date().getFullYear() - Number(value.slice(6, 10)) }
        } else faults.push({ key, words: { zh: '身份证号校验不符，请对照证件', en: 'ID number does not check; compare the card' } })
      }
      if (f.type === 'phone' && typeof value === 'string' && value && !/^\+?\d{7,15}$/.test(value)) faults.push({ key, words: { zh: '电话只有数字', en: 'Digits only' } })
    }
  }
  const proposals = form.kind === 'resident' && ['loft', 'mezzanine'].includes(String(valueIn(form, 'living_part')))
    ? [{ id: 'illegal-living', class: 'illegal-living', words: { zh: '阁楼住人，可报「违规住人」', en: 'Someone lives in the loft: report it?' } }] : []
  return { shown, missing, faults, holder, proposals }
}
function idCardFits(number: string): boolean {
  if (!/^\d{17}[\dX]$/.test(number)) return false
  const sum = [...number.slice(0, 17)].reduce((s, d, i) => s + Number(d) * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][i]!, 0)
  return '10X98765432'[sum % 11] === number[17]
}

function save(form: Form): Saved {
  const found = check(form)
  if (found.missing.length || found.faults.length) {
    const faults = [...found.faults, ...found.missing.map((key) => ({ key, words: { zh: '必填', en: 'Required' } }))]
    throw new CoreError({ code: 'invalid', words: { zh: '还有项目没填好', en: 'Some fields need attention' }, faults })
  }
  const at_ms = now()
  const record = form.record ? need(form.record)
    : put(form.kind, form.place && 'with' in form.place ? { shop: form.place.with, ...(form.kind === 'finding' ? { found_at: at_ms } : {}) } : {}, at_ms, me, 'kept')
  const ids = new Map((form.added ?? []).map((e) => [e, `${e.split('.')[0]}.N${newId().slice(4, 14)}`]))
  for (const [key, value] of Object.entries(form.values)) {
    const p = key.split('.')
    const real = p[2] ? `${ids.get(`${p[0]}.${p[1]}`) ?? `${p[0]}.${p[1]}`}.${p[2]}` : key
    record.fields.set(real, [{ value, by: { ...me, at_ms } }])
  }
  for (const gone of form.removed ?? []) for (const key of [...record.fields.keys()]) if (key.startsWith(`${gone}.`)) record.fields.delete(key)
  record.touched_ms = at_ms
  record.step = 'kept'
  return { record: record.id, at_ms, proposals: found.proposals }
}

function dossier(id: string): Dossier {
  const shop = need(id)
  const mark = lastVisit(id)
  const ref = (key: string) => { const there = records.get(String(get(shop, key))); return there ? rowOf(there) : null }
  const rows = (kind: string) => all(kind, id).sort((a, b) => b.touched_ms - a.touched_ms).map(rowOf)
  return {
    shop: stateOf(shop), row: row(shop), warnings: row(shop).warnings,
    visited_today: mark && dayOf(mark.at_ms) === dayOf(now()) ? { by: mark.by, at_ms: mark.at_ms } : null,
    landlord: ref('landlord'), tenant: ref('tenant'), operator: ref('operator'),
    residents: rows('resident'), workers: rows('worker'), findings: all('finding', id).map(findingRow), visits: rows('visit'),
  }
}

const rate = (hits: number, n: number, share: number, low: number, high: number) => ({ hits, n, rate: share, low, high, enough: n >= 10 })
const kept = () => [...records.values()].filter((r) => r.step === 'kept')

type FakeCalls = { [K in keyof Calls]: Calls[K] }
const calls: FakeCalls = {
  standing: () => ({
    enrolled: true, inspector: { id: '1001', name: '王建国' }, device: me.device, words: ['ba', 'lei', 'kou', 'xing', 'te', 'nong'],
    confirmed: !unconfirmed, expires_ms: now() + 300 * DAY, wiped: false, store_bytes: 4_200_000, schema: { version: 1, draft: false, ready: null, refused: null },
    grids: [
      { grid: GRID, label: { zh: '平南一网格', en: 'Pingnan grid 1' }, until_ms: null, records: records.size },
      { grid: '310112001001002', label: { zh: '平南二网格', en: 'Pingnan grid 2' }, until_ms: now() + 5 * DAY, records: 0 },
    ],
  }),
  counts: () => ({ waiting: kept().length, photos: [...photos.values()].filter((p) => p.uploaded < p.bytes.length).length, held: 1, refused: 1, last_sync_ms: unconfirmed ? null : now() - HOUR, offset_ms: 0 }),
  schema: () => schema,
  today: (q): TodayPage => {
    const rows = find({ ...q, due: undefined })
    const count = (due: string) => rows.filter((r) => r.due === due).length
    return { ...page(q.due ? rows.filter((r) => r.due === q.due) : rows, q), counts: { due: count('due'), revisit: count('revisit'), visited: count('visited'), all: rows.length } }
  },
  shops: (q) => page(find(q), q),
  map: ({ grid }) => grid !== GRID ? { outline: [], points: [] } : ({
    outline: [[311_395_000, 1_213_893_000], [311_430_000, 1_213_895_000], [311_428_000, 1_213_935_000], [311_396_000, 1_213_932_000]].map(([lat, lon]) => ({ lat: lat!, lon: lon! })),
    points: all('shop').map(row).filter((r) => r.location).map((r) => ({ id: r.id, at: r.location!, due: r.due, sign: r.sign })),
  }),
  dossier: ({ shop }) => dossier(shop),
  record: ({ record }): RecordState => stateOf(need(record)),
  rows: (q) => page(all(q.kind, q.shop).map(rowOf).filter((r) => !q.text || r.title.includes(q.text)), q),
  findings: (q) => page(all('finding', q.shop).map(findingRow).filter((r) => r.own || !q.own).reverse(), q),
  history: ({ record, key }) => {
    const at = need(record)
    return [...at.fields.entries()].filter(([k]) => !key || k === key)
      .flatMap(([k]) => fieldState(at, k).values.map((v) => ({ at_ms: v.by[0]!.at_ms, author: v.by[0]!, changes: [{ key: k, value: v.value, words: v.words }] })))
      .sort((a, b) => b.at_ms - a.at_ms)
  },
  check, save,
  visit: ({ shop, outcome, changed }) => {
    const visit = put('visit', { shop, outcome, visited_at: now(), ...Object.fromEntries((changed ?? []).map((c) => [`changed.${c}`, true])) }, now(), me, 'kept')
    return { record: visit.id, at_ms: visit.created_ms, proposals: [] }
  },
  undo: ({ record }) => Boolean(records.get(record)?.undoable && records.delete(record)),
  resolve_returned: ({ id }) => returned.splice(returned.findIndex((r) => r.id === id), 1).length > 0,
  forget_task: ({ task }) => { tasks.splice(tasks.findIndex(({ id }) => id === task), 1) },
  work: (q) => [...records.values()].sort((a, b) => b.touched_ms - a.touched_ms).slice(0, q.limit ?? 50)
    .map((r) => ({ record: r.id, kind: r.kind, title: titleOf(r), shop: get(r, 'shop') as string | null, at_ms: r.touched_ms, step: r.step, why: null, field: null })),
  todo: () => ({ revisit: find({ due: 'revisit' }), tasks: tasks.filter(({ id }) => { const kept = records.get(id); return kept === undefined || get(kept, 'state') === 'open' }), returned, held }),
  photos: () => [...photos.values()].map((p) => ({ ...p, bytes: p.bytes.length })),
  drop_photo: ({ sha256 }) => { photos.delete(sha256) },
  drafts: () => [...drafts.values()],
  put_draft: (d) => { if (d.body === null) drafts.delete(d.name); else drafts.set(d.name, { ...d, at_ms: now() }) },
  judged: () => [{
    month: dayOf(now()).slice(0, 7), grid: GRID, waiting: 1, appealed: 1, not_counted: 0, locked: false, told_ms: now() - HOUR,
    shops: rate(19, 20, 0.95, 0.764, 0.991), consistent: rate(15, 19, 0.789, 0.567, 0.915), residents: rate(31, 33, 0.939, 0.804, 0.983), workers: rate(7, 8, 0.875, 0.529, 0.978),
  }],
  take_schema: () => false,
  figures: () => ({ month: dayOf(now()).slice(0, 7), due: 36, visited: 31, visits: 44, refused: 1, shut: 3, findings: 6, registered: { residents: 18, workers: 54 } }),
}
const first = all('shop')[3]!
const returned = [{
  id: 1, record: first.id, kind: 'shop', title: titleOf(first), shop: first.id, why: { zh: '「业态」不归本网格填写', en: 'Not yours to write' },
  field: 'business_type', at_ms: now() - 3 * HOUR, form: { kind: 'shop', record: first.id, values: { business_type: '8053' } },
}]
const held = [{ record: all('shop')[6]!.id, kind: 'shop', title: '永和豆浆', shop: all('shop')[6]!.id, held: true, why: { zh: '代班已到期', en: 'Cover has ended' }, field: { zh: '店招', en: 'Name on the sign' } }]

const withBytes = {
  add_photo: ({ record, media }: { record: string; media: string }, bytes: Uint8Array) => {
    const sha256 = newId().repeat(2)
    photos.set(sha256, { record, sha256, media, bytes, uploaded: 0 })
    return { sha256 }
  },
  photo_bytes: ({ sha256 }: { sha256: string }) => photos.get(sha256)?.bytes ?? null,
}

const unconfirmed = typeof location !== 'undefined' && new URLSearchParams(location.search).has('unconfirmed')

/** Everything kept is received and entered. */
function sync() {
  if (unconfirmed) return { complete: false, sent_bundles: 0, sent_bytes: 0, received_bytes: 0, records: 0, photos: { done: 0, later: 0, refused: 0 }, wiped: false, forms: 'none' as const }
  const sent = kept()
  for (const record of sent) { record.step = 'entered'; record.undoable = false }
  return { complete: true, sent_bundles: 1, sent_bytes: 900, received_bytes: 300, records: records.size, photos: { done: 0, later: 0, refused: 0 }, wiped: false, forms: 'none' as const }
}

function set_up() {
  return calls.standing()
}

/** What a picture or a test asks of the stand-in before the page loads: nothing there, no answer, slow answers. */
interface Asked { empty?: boolean; fail?: string[]; slow_ms?: number; slow?: string[]; many?: number }
const asked: Asked = (globalThis as { __fake?: Asked }).__fake ?? {}
if (asked.empty) records.clear()
for (let n = 1; n <= (asked.many ?? 0); n += 1) {
  put('shop', { door_no: `长路${n}号`, sign_name: `第 ${n} 家`, operating_state: 'open', business_type: '5211', lived_in: false }, now() - DAY)
}
if (asked.empty) for (const list of [tasks, returned, held]) list.length = 0

export const transport: Transport = {
  async call(name, args) {
    if (asked.slow_ms && asked.slow?.includes(name)) await new Promise((done) => setTimeout(done, asked.slow_ms))
    if (asked.fail?.includes(name)) {
      return fail('damaged', '这一块的数据读不出来，已告知服务器；其他的照常可用。', 'This part could not be read and the server was told; the rest works.')
    }
    const found = ({ ...shellCalls, ...calls, ...withBytes, sync, set_up } as Record<string, (...args: never[]) => unknown>)[name]
    if (!found) return fail('internal', `没有 ${name}`, `No ${name}`)
    // As the real one: what comes out is a copy.
    return structuredClone(found(...(args as never[])))
  },
  on: () => undefined,
}
