/** A map that is enlarged and moved: by wheel, buttons, keys, a drag, two fingers. */
import { shallowRef, type Ref, type ShallowRef } from 'vue'
import { spotOf } from './pointer'
import { centred, enlarged, keyed, moved, pinched, seenAt, spotSeen, STEP, turned, WHOLE, type Size, type Spot, type View } from './zoom'

/** Less than this is no drag. */
const CLICK = 4

export interface Zoom {
  view: ShallowRef<View>
  /** Of the sheet as it is drawn, and as it is seen. */
  seenAt(spot: Spot): Spot
  spotSeen(spot: Spot): Spot
  nearer(): void
  farther(): void
  all(): void
  /** Moves the map, if need be, so that a spot of the sheet can be seen. */
  show(spot: Spot): void
  wheel(event: WheelEvent): void
  key(event: KeyboardEvent): void
  /** A pointer comes down: how many there are now. */
  down(event: PointerEvent): number
  /** It moves the map, unless it is `alone` and does something else then. */
  move(event: PointerEvent, alone?: boolean): void
  /** It leaves: whether it was a click, a single one that stayed where it was. */
  up(event: PointerEvent): boolean
}

/** `eager`: the wheel is the map's at once; else only with Ctrl or while the map has the focus, and the page's otherwise. */
export function useZoom(map: Ref<SVGSVGElement | null>, size: Size, eager = true): Zoom {
  const view = shallowRef<View>(WHOLE)
  const middle = { x: size.width / 2, y: size.height / 2 }
  const fingers = new Map<number, Spot>()
  let began: Spot | null = null
  let dragged = false

  const by = (factor: number, about: Spot = middle): void => { view.value = enlarged(view.value, about, factor, size) }

  function wheel(event: WheelEvent): void {
    if (!eager && !event.ctrlKey && !event.metaKey && !map.value?.parentElement?.contains(document.activeElement)) return
    event.preventDefault()
    by(turned(event.deltaY, event.deltaMode === WheelEvent.DOM_DELTA_LINE, event.ctrlKey), spotOf(map.value, event))
  }

  function key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const next = keyed(view.value, event.key, size)
    if (!next) return
    event.preventDefault()
    view.value = next
  }

  function down(event: PointerEvent): number {
    const spot = spotOf(map.value, event)
    // A first one has no other beside it, whatever left the window unheard.
    if (event.isPrimary) fingers.clear()
    if (fingers.size === 0) [began, dragged] = [spot, false]
    else dragged = true
    fingers.set(event.pointerId, spot)
    return fingers.size
  }

  function move(event: PointerEvent, alone = false): void {
    const before = fingers.get(event.pointerId)
    if (!before || !began) return
    const now = spotOf(map.value, event)
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1]
    dragged ||= Math.hypot(now.x - began.x, now.y - began.y) >= CLICK
    if (!dragged) return
    if (!alone || other) {
      // Only now: a click belongs to what was clicked.
      map.value?.setPointerCapture(event.pointerId)
      view.value = other ? pinched(view.value, [before, other], [now, other], size) : moved(view.value, { x: now.x - before.x, y: now.y - before.y }, size)
    }
    fingers.set(event.pointerId, now)
  }

  function up(event: PointerEvent): boolean {
    const click = fingers.size === 1 && fingers.has(event.pointerId) && !dragged && event.type === 'pointerup'
    fingers.delete(event.pointerId)
    return click
  }

  function show(spot: Spot): void {
    const { x, y } = seenAt(view.value, spot)
    if (x < 0 || y < 0 || x > size.width || y > size.height) view.value = centred(view.value, spot, size)
  }

  return {
    view, wheel, key, down, move, up, show,
    seenAt: (spot) => seenAt(view.value, spot),
    spotSeen: (spot) => spotSeen(view.value, spot),
    nearer: () => { by(STEP) },
    farther: () => { by(1 / STEP) },
    all: () => { view.value = WHOLE },
  }
}
