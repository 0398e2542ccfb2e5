/** `SchemaDef` from the files in schemas/, so that the stand-in asks what the core would ask. */
import { parse } from 'smol-toml'
import type { CodeDef, FieldDef, FieldType, KindDef, SchemaDef, Value, Words } from '../../src/core/types'

const kindFiles = import.meta.glob<string>('../../../../schemas/kinds/*.toml', { query: '?raw', import: 'default', eager: true })
const codeFiles = import.meta.glob<string>('../../../../schemas/codes/*', { query: '?raw', import: 'default', eager: true })
const officeFile = import.meta.glob<string>('../../../../schemas/offices.toml', { query: '?raw', import: 'default', eager: true })

export interface Condition { field: string; set?: boolean; equals?: Value; any_of?: Value[]; any?: Condition[] }
interface RawField {
  name: string; zh: string; en: string; type: FieldType; codes?: string; kind?: string; required?: boolean
  automatic?: boolean; personal?: boolean; max_len?: number; min?: number; max?: number
  write?: string[]; shown_when?: Condition[]
}
interface RawKind {
  name: string; zh: string; en: string; personal: boolean; follows?: string; field: RawField[]
  group?: { name: string; zh: string; en: string; field: RawField[] }[]
  access: { write: string[]; delete: string[] }
}
interface RawCodes {
  name: string; zh: string; en: string; csv?: string; english?: Record<string, string>
  code?: { code: string; zh: string; en: string; parent?: string }[]
  class?: { code: string; zh: string; en: string; handlers: string[] }[]
}

const words = (raw: { zh: string; en: string }): Words => ({ zh: raw.zh, en: raw.en })
const read = <T>(text: string): T => parse(text) as unknown as T

/** Conditions by `kind/field` or `kind/group.field`. */
export const shownWhen = new Map<string, Condition[]>()

function field(kind: string, group: string | null, raw: RawField): FieldDef {
  if (raw.shown_when) shownWhen.set(`${kind}/${group ? `${group}.` : ''}${raw.name}`, raw.shown_when)
  return {
    name: raw.name, group, words: words(raw), type: raw.type, codes: raw.codes ?? null,
    kind: raw.kind ?? null, required: raw.required ?? false, automatic: raw.automatic ?? false,
    writable: !raw.write || raw.write.includes('inspector'), personal: raw.personal ?? false,
    max_len: raw.max_len ?? null, min: raw.min ?? null, max: raw.max ?? null,
  }
}

function kind(text: string): KindDef {
  const raw = read<RawKind>(text)
  return {
    name: raw.name, words: words(raw), personal: raw.personal, follows: raw.follows ?? null,
    may_create: raw.access.write.includes('inspector'), may_delete: raw.access.delete.includes('inspector'),
    fields: [
      ...raw.field.map((f) => field(raw.name, null, f)),
      ...(raw.group ?? []).flatMap((g) => g.field.map((f) => field(raw.name, g.name, f))),
    ],
    groups: (raw.group ?? []).map((g) => ({ name: g.name, words: words(g) })),
  }
}

function codes(raw: RawCodes): CodeDef[] {
  const csv = raw.csv ? Object.entries(codeFiles).find(([path]) => path.endsWith(raw.csv!))?.[1] : undefined
  if (csv) {
    return csv.trim().split('\n').slice(1).map((row) => {
      const [level, section, code = '', ...name] = row.split(',')
      const zh = name.join(',')
      const parent = level === '1' ? null : level === '2' ? section! : code.slice(0, -1)
      return { code, words: { zh, en: raw.english?.[code] ?? zh }, parent, offered: level === '4' }
    })
  }
  return [...(raw.code ?? []), ...(raw.class ?? [])]
    .map((c) => ({ code: c.code, words: words(c), parent: ('parent' in c && c.parent) || null, offered: true }))
}

const offices = new Map(
  read<{ office?: { name: string; zh: string; en: string }[] }>(Object.values(officeFile)[0] ?? '').office
    ?.map((office) => [office.name, words(office)]),
)
const lists = Object.entries(codeFiles)
  .filter(([path]) => path.endsWith('.toml')).map(([, text]) => read<RawCodes>(text))

export const schema: SchemaDef = {
  version: 1,
  kinds: Object.values(kindFiles).map(kind),
  codes: Object.fromEntries(lists.map((raw) => [raw.name, { words: words(raw), codes: codes(raw) }])),
  finding_classes: (lists.find((raw) => raw.name === 'finding-class')?.class ?? []).map((c) => ({
    code: c.code, words: words(c), offered: true,
    handlers: c.handlers.map((name) => offices.get(name) ?? { zh: name, en: name }),
  })),
}

export function codeWords(list: string | null, code: Value): Words | null {
  const found = list ? schema.codes[list]?.codes.find((c) => c.code === code) : undefined
  return found?.words ?? null
}
