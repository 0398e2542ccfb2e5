/** The blocks of a dossier, in its order. Pure. */
import type { Dossier, RecordOut } from '@/api/types'

/** As people read a shop: who owns, who lives, who works, what is wrong, who came. */
const ORDER = ['party', 'resident', 'worker', 'finding', 'visit', 'spot-check', 'task']

export interface Block {
  kind: string
  records: RecordOut[]
  more: boolean
}

export function blocksOf(dossier: Dossier): Block[] {
  const rank = (kind: string): number => {
    const at = ORDER.indexOf(kind)
    return at < 0 ? ORDER.length : at
  }
  return [...dossier.tied].sort((a, b) => rank(a.kind) - rank(b.kind))
}

export interface Moment {
  time_ms: number
  record: RecordOut
}

/** When a record was last written, by its authors' clocks. */
export function touched(record: RecordOut): number {
  const fields = [...record.fields, ...record.groups.flatMap((group) => group.entries.flatMap((entry) => entry.fields))]
  return Math.max(0, ...fields.flatMap((field) => field.values.flatMap((value) => value.by.map((by) => by.time_ms))))
}

/** Visits, findings and what else happened, the latest first. */
export function timeline(dossier: Dossier, most = 40): Moment[] {
  const all = dossier.tied.flatMap((tied) => tied.records)
  return [dossier.shop, ...all].map((record) => ({ record, time_ms: touched(record) }))
    .filter((moment) => moment.time_ms > 0).sort((a, b) => b.time_ms - a.time_ms).slice(0, most)
}
