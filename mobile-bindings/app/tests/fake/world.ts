/** A street that does not exist, in memory. Deterministic but for the clock. */
import type { Author, CaseStatus, FieldState, Id, RecordState, Row, Step, TaskRow, Value, Words } from '../../src/core/types'
import { codeWords, schema } from './schema'

export const GRID = '310112001001001'
export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const now = () => Date.now()

export interface Stored {
  id: Id
  kind: string
  grid: string
  /** Values by key, the shown one first. */
  fields: Map<string, { value: Value; by: Author }[]>
  created_ms: number
  touched_ms: number
  by: Author
  step: Step
  case?: CaseStatus
  /** Created on this phone and not sent. */
  undoable: boolean
}

export const records = new Map<Id, Stored>()
export const drafts = new Map<string, { name: string; title: string; at_ms: number; body: unknown }>()
export const photos = new Map<string, { record: Id; sha256: string; media: string; bytes: Uint8Array; uploaded: number }>()
export const me: Author = { label: '王建国 1001', device: '0102030a0b0c', own: true, at_ms: 0, decision: false }
const li: Author = { label: '李梅 1002', device: '0102030a0b0d', own: false, at_ms: 0, decision: false }

let serial = 0
export function newId(): Id {
  serial += 1
  return `0192${serial.toString(16).padStart(8, '0')}`.padEnd(32, '7')
}

export function put(kind: string, values: Record<string, Value>, at_ms: number, by: Author = me, step: Step = 'entered'): Stored {
  const record: Stored = {
    id: newId(), kind, grid: GRID, fields: new Map(), created_ms: at_ms, touched_ms: at_ms, by, step, undoable: step === 'kept',
  }
  for (const [key, value] of Object.entries(values)) record.fields.set(key, [{ value, by: { ...by, at_ms } }])
  records.set(record.id, record)
  return record
}

export function get(record: Stored, key: string): Value {
  return record.fields.get(key)?.[0]?.value ?? null
}

export function all(kind: string, shop?: Id): Stored[] {
  return [...records.values()].filter((r) => r.kind === kind && (!shop || get(r, 'shop') === shop))
}

/** The words of a code, for a field of a kind. */
export function wordsOf(kind: string, key: string, value: Value): Words | null {
  const parts = key.split('.')
  const group = parts.length === 3 ? parts[0]! : null
  const name = group ? parts[2]! : key
  const def = schema.kinds.find((k) => k.name === kind)?.fields.find((f) => f.name === name && f.group === group)
  if (!def || value === null) return null
  if (def.type === 'ref') {
    const there = records.get(String(value))
    const title = there ? titleOf(there) : ''
    return title ? { zh: title, en: title } : null
  }
  return codeWords(def.codes, value)
}

export function titleOf(record: Stored): string {
  const of = (key: string) => wordsOf(record.kind, key, get(record, key))?.zh ?? String(get(record, key) ?? '')
  switch (record.kind) {
    case 'shop': return of('sign_name')
    case 'visit': return of('outcome')
    case 'finding': return `${of('class')} · ${of('severity')}`
    default: return of('name')
  }
}

export function fieldState(record: Stored, key: string): FieldState {
  const held = record.fields.get(key) ?? []
  return {
    values: held.map(({ value, by }) => ({ value, words: wordsOf(record.kind, key, value), decided: by.decision, by: [by] })),
    conflict: held.length > 1, contested: false,
  }
}

export function stateOf(record: Stored): RecordState {
  const fields: RecordState['fields'] = {}
  const groups: RecordState['groups'] = {}
  for (const key of record.fields.keys()) {
    const [group, entry, name] = key.split('.')
    if (!name) { fields[key] = fieldState(record, key); continue }
    const list = (groups[group!] ??= [])
    let at = list.find((e) => e.id === entry)
    if (!at) list.push(at = { id: entry!, shown: true, contested: false, fields: {} })
    at.fields[name] = fieldState(record, key)
  }
  return {
    id: record.id, kind: record.kind, grid: record.grid, shown: true, pending: record.step === 'kept',
    damaged: false, fields, groups,
    conflicts: [...record.fields].filter(([, held]) => held.length > 1).map(([key]) => key),
  }
}

export function rowOf(record: Stored): Row {
  return {
    id: record.id, kind: record.kind, title: titleOf(record),
    facts: Object.fromEntries([...record.fields].filter(([key]) => !key.includes('.')).map(([key, held]) => [key, held[0]!.value])),
    touched_ms: record.touched_ms, conflicts: stateOf(record).conflicts.length, pending: record.step === 'kept',
  }
}

const SIGNS = ['古美便利店', '沁园足浴', '老盛昌汤包', '莲花路五金', '晨光文具', '阿婆大馄饨', '永和豆浆', '联华超市',
  '快剪理发', '顺丰驿站', '合川水果', '大润药房', '东北饺子馆', '杨国福麻辣烫', '美甲小屋', '平阳宠物', '𠮷野家', '䶮记茶庄',
  '万源电瓶车', '龙茗烟酒', '兰州拉面', '小杨裁缝', '虹桥眼镜', '益民干洗', '平吉网吧', '好又多杂货', '川沙羊肉', '古龙棋牌',
  '平南窗帘', '宜山打印', '漕宝渔具', '罗秀鲜花', '锦江旅社', '顾戴蛋糕', '龙柏房产', '钦州茶叶']
const TYPES = ['5211', '8053', '6210', '5271', '5241', '6221', '6291', '5212', '8051', '6020', '5223', '5251']
const STREETS = ['平南路', '古美路', '莲花路']

for (const [i, sign] of SIGNS.entries()) {
  const shop = put('shop', {
    door_no: `${STREETS[i % 3]}${100 + i * 2}号`, unit_no: i % 4 === 0 ? '1楼A' : null, sign_name: sign,
    location: { lat: 311_400_000 + (i % 6) * 4500, lon: 1_213_900_000 + Math.floor(i / 6) * 5200 },
    premises_use: 'commercial', operating_state: 'open', business_type: TYPES[i % TYPES.length]!, licence_match: 'yes',
    lived_in: i % 3 === 0, gas: i % 5 === 0 ? 'bottled' : 'none', lease_end: i % 7 === 0 ? '2027-01-31' : null,
    'licences.AAAAAAAAAAA.type': 'business', 'licences.AAAAAAAAAAA.number': `91310112MA1GB${1000 + i}`,
    'licences.AAAAAAAAAAA.long_term': true,
    ...(TYPES[i % TYPES.length]!.startsWith('62')
      ? { 'licences.BBBBBBBBBBB.type': 'food', 'licences.BBBBBBBBBBB.expires': '2027-01-10' } : {}),
  }, now() - 40 * DAY, i % 2 ? me : li)
  const party = put('party', { type: 'natural', name: `赵${sign.slice(0, 1)}`, phone: '13800000000' }, now() - 40 * DAY, li)
  shop.fields.set('landlord', [{ value: party.id, by: li }])
  for (let n = 0; n < (i % 3 === 0 ? 1 + (i % 2) : 0); n++) {
    put('resident', {
      shop: shop.id, name: `${'陈周吴郑'[n % 4]}小${'明芳强丽'[i % 4]}`, id_type: 'resident-id', id_number: '310112199001011233',
      category: 'from-outside', living_part: n ? 'loft' : 'back-room', moved_in: '2026-05-01', state: 'living', told: true,
    }, now() - 30 * DAY, li)
  }
  for (let n = 0; n < i % 4; n++) put('worker', { shop: shop.id, name: `工友${n + 1}`, post: '店员', started: '2026-03-01', state: 'working' }, now() - 30 * DAY)
  const days = i < 6 ? 0 : 3 + (i % 40)
  put('visit', { shop: shop.id, outcome: i === 4 ? 'shut' : 'unchanged', visited_at: now() - days * DAY - HOUR }, now() - days * DAY - HOUR, i === 2 ? li : me)
}

const shops = all('shop')
shops[1]!.fields.set('business_type', [
  { value: '8051', by: { ...me, at_ms: now() - 2 * HOUR } }, { value: '8053', by: { ...li, at_ms: now() - 3 * HOUR } },
])
const finding = put('finding', {
  shop: shops[2]!.id, class: 'blocked-exit', severity: 'urgent', source: 'patrol', remark: '后门堆放纸箱', found_at: now() - DAY,
}, now() - DAY)
finding.case = {
  state: 'assigned', words: { zh: '消防·处置中', en: 'Fire brigade, at work' }, office: { zh: '消防', en: 'Fire brigade' },
  due_ms: now() + 2 * HOUR, paused: false, closed_ms: null, told_ms: now() - HOUR,
}
put('finding', { shop: shops[5]!.id, class: 'fire-equipment-off', severity: 'normal', source: 'patrol', found_at: now() - HOUR }, now() - HOUR, me, 'kept')

export const tasks: TaskRow[] = [
  { id: 'aa'.repeat(16), type: 'verify', words: { zh: '核查', en: 'Verify' }, door: '莲花路104号', question: '后门是否已清空？', due_ms: now() + 20 * HOUR, record: null, grid: GRID, shop: shops[2]!.id, finding: finding.id, resident: null, draw: null },
  { id: 'ab'.repeat(16), type: 'recollect', words: { zh: '补采', en: 'Complete' }, door: '平南路100号', question: '居住人员的户籍地没有填', due_ms: now() + 3 * DAY, record: null, grid: GRID, shop: shops[0]!.id, finding: null, resident: all('resident')[0]!.id, draw: null },
  { id: 'ac'.repeat(16), type: 'spot-check', words: { zh: '抽查', en: 'Spot check' }, door: '古美路998号', question: '', due_ms: now() + 2 * DAY, record: null, grid: GRID, shop: null, finding: null, resident: null, draw: { batch: '2026-11', method: 'street-to-register', shop: null } },
]

/** A task is a record too: its answer is written there. */
for (const task of tasks) {
  const stored = put('task', {
    type: task.type, door: task.door, question: task.question || '照现场填', due: '2027-01-01', state: 'open',
    shop: task.shop, finding: task.finding, resident: task.resident,
  }, now() - DAY, li)
  records.delete(stored.id)
  stored.id = task.id
  records.set(task.id, stored)
  task.record = rowOf(stored)
}
/** One of another grid, whose own record has not arrived. */
tasks.push({ id: 'ad'.repeat(16), type: 'verify', words: { zh: '核查', en: 'Verify' }, door: '宜山路12号', question: '请到现场核查是否已整改', due_ms: now() + 4 * DAY, record: null, grid: GRID, shop: null, finding: null, resident: null, draw: null })
