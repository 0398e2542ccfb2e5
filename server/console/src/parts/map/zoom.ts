/** A closer look at a map that is drawn on a sheet: how much it is enlarged and where it is moved to. Pure. */
import { zoom, type Spot, type View } from '#phone/components/map/view'

export type { Spot, View }

export interface Size {
  width: number
  height: number
}

/** All of it, as it is drawn. */
export const WHOLE: View = { scale: 1, x: 0, y: 0 }
/** A press of a button or key. */
export const STEP = 1.5
const LEAST = 0.5
const MOST = 40
/** What an arrow moves, as a share of the sheet. */
const ARROW = 0.1
const ARROWS: Record<string, Spot> = { ArrowLeft: { x: 1, y: 0 }, ArrowRight: { x: -1, y: 0 }, ArrowUp: { x: 0, y: 1 }, ArrowDown: { x: 0, y: -1 } }

/** The middle of the window never leaves the sheet: nobody loses the map. */
function kept({ scale, x, y }: View, { width, height }: Size): View {
  const within = (at: number, length: number): number => Math.min(length / 2, Math.max(length / 2 - length * scale, at))
  return { scale, x: within(x, width), y: within(y, height) }
}

export function enlarged(view: View, about: Spot, factor: number, size: Size): View {
  return kept(zoom(view, about, factor, LEAST, MOST), size)
}

export function moved(view: View, by: Spot, size: Size): View {
  return kept({ ...view, x: view.x + by.x, y: view.y + by.y }, size)
}

/** Two fingers that went from `before` to `now`: what lies between them stays between them. */
export function pinched(view: View, before: readonly [Spot, Spot], now: readonly [Spot, Spot], size: Size): View {
  const apart = ([a, b]: readonly [Spot, Spot]): number => Math.hypot(a.x - b.x, a.y - b.y)
  const middle = ([a, b]: readonly [Spot, Spot]): Spot => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
  const [from, to] = [middle(before), middle(now)]
  const factor = apart(before) > 0 ? apart(now) / apart(before) : 1
  return moved(enlarged(view, from, factor, size), { x: to.x - from.x, y: to.y - from.y }, size)
}

/** So that a spot of the sheet stands in the middle. */
export function centred(view: View, spot: Spot, size: Size): View {
  return kept({ scale: view.scale, x: size.width / 2 - spot.x * view.scale, y: size.height / 2 - spot.y * view.scale }, size)
}

/** What a key asks for; null where it asks for nothing. */
export function keyed(view: View, key: string, size: Size): View | null {
  const middle = { x: size.width / 2, y: size.height / 2 }
  if (key === '+' || key === '=') return enlarged(view, middle, STEP, size)
  if (key === '-' || key === '_') return enlarged(view, middle, 1 / STEP, size)
  if (key === '0') return WHOLE
  const way = Object.hasOwn(ARROWS, key) ? ARROWS[key] : undefined
  return way ? moved(view, { x: way.x * size.width * ARROW, y: way.y * size.height * ARROW }, size) : null
}

/** How much a wheel enlarges. `fine`: a pinch on a touch pad comes as many small turns. */
export function turned(delta: number, lines: boolean, fine: boolean): number {
  const pixels = Math.max(-200, Math.min(200, lines ? delta * 20 : delta))
  return Math.exp(-pixels * (fine ? 0.01 : 0.002))
}

/** Where a spot of the sheet is seen, and what spot is seen there. */
export function seenAt(view: View, { x, y }: Spot): Spot {
  return { x: x * view.scale + view.x, y: y * view.scale + view.y }
}

export function spotSeen(view: View, { x, y }: Spot): Spot {
  return { x: (x - view.x) / view.scale, y: (y - view.y) / view.scale }
}
