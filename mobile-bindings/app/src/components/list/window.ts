/**
 * Which rows of a long list stand in the page. Rows differ in height (warnings, large text), so a
 * height is an estimate until the row was measured. Pure.
 */
export interface Frame {
  /** First row shown, and the one after the last. */
  first: number
  end: number
  /** Empty pixels above and below. */
  before: number
  after: number
}

/** Heights of the rows of one list; rows not yet seen count as the mean of those that were. */
export class Heights {
  private readonly known = new Map<number, number>()
  private sum = 0

  constructor(private readonly guess: number) {}

  get estimate(): number {
    return this.known.size === 0 ? this.guess : this.sum / this.known.size
  }

  /** Whether this told something new. */
  measured(row: number, height: number): boolean {
    const before = this.known.get(row)
    if (height <= 0 || (before !== undefined && Math.abs(before - height) < 0.5)) return false
    this.sum += height - (before ?? 0)
    this.known.set(row, height)
    return true
  }

  of(row: number): number {
    return this.known.get(row) ?? this.estimate
  }

  forget(): void {
    this.known.clear()
    this.sum = 0
  }
}

/**
 * The rows that touch `top` to `top + height` (pixels from the list's own top), and `spare` rows
 * either side so that a fling finds rows and a screen reader finds neighbours.
 */
export function frame(total: number, heights: Heights, top: number, height: number, spare: number): Frame {
  let first = 0
  let y = 0
  while (first < total && y + heights.of(first) <= top) {
    y += heights.of(first)
    first += 1
  }
  let end = first
  let bottom = y
  while (end < total && bottom < top + height) {
    bottom += heights.of(end)
    end += 1
  }
  for (let n = 0; n < spare && first > 0; n += 1) {
    first -= 1
    y -= heights.of(first)
  }
  for (let n = 0; n < spare && end < total; n += 1) {
    bottom += heights.of(end)
    end += 1
  }
  let after = 0
  for (let row = end; row < total; row += 1) after += heights.of(row)
  return { first, end, before: Math.max(0, y), after }
}

/** The pixel where a row begins. */
export function startOf(row: number, heights: Heights): number {
  let y = 0
  for (let n = 0; n < row; n += 1) y += heights.of(n)
  return y
}
