import { table } from '#phone/i18n/table'

export const overview = table({
  shops: ['商铺', 'Shops'],
  people: ['人员', 'People'],
  peopleOf: ['居住 {r} · 从业 {w}', '{r} residents · {w} workers'],
  cases: ['未结案件', 'Open cases'],
  overdue: ['其中超期 {n}', '{n} overdue'],
  conflicts: ['待裁定', 'To decide'],
  conflictsOf: ['裁定后又有新值 {c} · 现场已解决 {s}', '{c} after a decision · {s} settled in the field'],
  held: ['待处理', 'Held'],
  phones: ['三天没联系的手机', 'Phones silent for 3 days'],
  phonesOf: ['在用 {n} · 待上传 {p} 条', '{n} in use · {p} unsent'],
  confirm: ['待确认的手机', 'Phones to confirm'],
  items: ['本部门待办', 'Open items'],
  byGrid: ['各网格商铺', 'Shops by grid'],
  conflicted: ['待裁定', 'To decide'],
  conflictedN: ['{n} 户待裁定', '{n} to decide'],
  settled: ['无待裁定', 'Nothing to decide'],
  table: ['表格', 'Table'],
  asOf: ['{t} 的数', 'As of {t}'],
})
