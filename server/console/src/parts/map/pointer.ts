/** The sheet on which maps of a grid are drawn, and where a pointer is on it. */
import type { Size, Spot } from './zoom'

export const SHEET: Size = { width: 800, height: 600 }

export function spotOf(map: SVGSVGElement | null, event: PointerEvent | MouseEvent): Spot {
  const back = map?.getScreenCTM()?.inverse()
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(back ?? new DOMMatrix())
  return { x, y }
}
