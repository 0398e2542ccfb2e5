/** Points that stand in one spot, told apart: set in a ring around it, which opens as one looks closer. Pure. */
import type { Spot } from './zoom'

/** Closer than this, however much it is enlarged, they would lie on each other; in pixels of the whole map. */
const TOGETHER = 0.3
/** Between neighbours of a ring once it is open. */
const BETWEEN = 18
/** How far a ring opens on the whole map. */
const OPEN = 5

export interface Ringed<T> {
  point: T
  /** Where the ring stands. */
  at: Spot
  /** Its place in the ring, and how many there are. */
  nth: number
  of: number
}

/** In their order, each with its place among those that stand where it stands. */
export function rings<T extends { at: Spot }>(points: readonly T[]): Ringed<T>[] {
  const found: { at: Spot; points: T[] }[] = []
  const placed = points.map((point) => {
    const near = found.find(({ at }) => Math.abs(at.x - point.at.x) < TOGETHER && Math.abs(at.y - point.at.y) < TOGETHER)
    const ring = near ?? { at: point.at, points: [] }
    if (!near) found.push(ring)
    ring.points.push(point)
    return { point, ring, nth: ring.points.length - 1 }
  })
  return placed.map(({ point, ring, nth }) => ({ point, at: ring.at, nth, of: ring.points.length }))
}

/** How far from its ring's middle it is shown. */
export function aside({ nth, of }: Pick<Ringed<unknown>, 'nth' | 'of'>, scale: number): Spot {
  if (of < 2) return { x: 0, y: 0 }
  const radius = Math.min(BETWEEN / 2 / Math.sin(Math.PI / of), OPEN * scale)
  const turn = (2 * Math.PI * nth) / of
  return { x: radius * Math.cos(turn), y: radius * Math.sin(turn) }
}
