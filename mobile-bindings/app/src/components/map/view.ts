/** The grid's map: places to pixels, pan and zoom. Pure; the console's map is drawn with it too. */

/** In 1e-7 degrees, as records have it. */
export interface Place {
  lat: number
  lon: number
}
export interface View {
  /** Pixels per metre, and the pixel where the box's west-north corner stands. */
  scale: number
  x: number
  y: number
}
export interface Box {
  west: number
  north: number
  width: number
  height: number
}
export interface Spot {
  x: number
  y: number
}

const METRES_PER_DEGREE = 111_320

/** East and south of the equator in metres; true enough over a grid of some hundred metres. */
export function metres(point: Place, latitude: number): Spot {
  const lat = point.lat / 1e7
  const lon = point.lon / 1e7
  return { x: lon * METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180), y: -lat * METRES_PER_DEGREE }
}

export function boxOf(spots: readonly Spot[]): Box {
  if (spots.length === 0) return { west: 0, north: 0, width: 1, height: 1 }
  let west = Infinity
  let east = -Infinity
  let north = Infinity
  let south = -Infinity
  for (const { x, y } of spots) {
    west = Math.min(west, x)
    east = Math.max(east, x)
    north = Math.min(north, y)
    south = Math.max(south, y)
  }
  return { west, north, width: Math.max(1, east - west), height: Math.max(1, south - north) }
}

/** The whole box in the middle of the canvas. */
export function whole(box: Box, width: number, height: number, margin = 24): View {
  const scale = Math.min((width - 2 * margin) / box.width, (height - 2 * margin) / box.height)
  const used = Math.max(scale, 1e-6)
  return { scale: used, x: (width - box.width * used) / 2, y: (height - box.height * used) / 2 }
}

export function toPixel(spot: Spot, box: Box, view: View): Spot {
  return { x: (spot.x - box.west) * view.scale + view.x, y: (spot.y - box.north) * view.scale + view.y }
}

/** Zooms about a pixel, which keeps its place. */
export function zoom(view: View, about: Spot, factor: number, least: number, most: number): View {
  const scale = Math.min(most, Math.max(least, view.scale * factor))
  const by = scale / view.scale
  return { scale, x: about.x - (about.x - view.x) * by, y: about.y - (about.y - view.y) * by }
}

/** The nearest point to a tap within a finger's width. */
export function hit<T extends { at: Spot }>(points: readonly T[], tap: Spot, reach = 24): T | null {
  let best: T | null = null
  let least = reach * reach
  for (const point of points) {
    const away = (point.at.x - tap.x) ** 2 + (point.at.y - tap.y) ** 2
    if (away <= least) {
      best = point
      least = away
    }
  }
  return best
}
