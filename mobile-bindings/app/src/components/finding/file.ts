/** A finding with what is known without asking. */
import type { Core } from '@/core/client'
import type { Form, Id, Point, Saved } from '@/core/types'

/** Graded as the last one of its class on this phone, else the mildest: the officer looks and changes it. */
const GRADES = 'gridbook.grades'
const MILDEST = 'normal'

function grades(): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(GRADES) ?? '{}')
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export function gradeFor(finding: string): string {
  const kept = grades()[finding]
  return typeof kept === 'string' ? kept : MILDEST
}

export function rememberGrade(finding: string, grade: string): void {
  try {
    localStorage.setItem(GRADES, JSON.stringify({ ...grades(), [finding]: grade }))
  } catch {
    // The next one of this class begins with the mildest grade.
  }
}

/** The values of a new finding; the core adds shop and time. */
export function findingForm(shop: Id, finding: string, place: Point | null): Form {
  return {
    kind: 'finding',
    place: { with: shop },
    values: {
      class: finding,
      severity: gradeFor(finding),
      source: 'patrol',
      ...(place === null ? {} : { location: place }),
    },
  }
}

export function fileFinding(core: Core, shop: Id, finding: string, place: Point | null): Promise<Saved> {
  return core.save(findingForm(shop, finding, place))
}
