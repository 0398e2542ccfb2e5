/** Places as pixels of a map that shows all of them, and back; outlines as RFC 7946 has them. Pure. */
import { boxOf, metres, toPixel, whole, type Place, type Spot } from '#phone/components/map/view'
import type { Grid } from '@/api/types'

export type { Place, Spot }

export interface Plan {
  spotOf(place: Place): Spot
  placeOf(spot: Spot): Place
}

const DEGREE = 1e7
/** Where there is nothing to show: a street's width around nowhere. */
const LEAST = 200

/** Of all these places, with `room` around them as a share of their extent. */
export function planOf(places: readonly Place[], width: number, height: number, room = 0): Plan {
  const latitude = (places[0]?.lat ?? 0) / DEGREE
  const spots = places.map((place) => metres(place, latitude))
  const tight = boxOf(spots)
  const more = { x: Math.max(tight.width * room, room ? LEAST / 2 : 0), y: Math.max(tight.height * room, room ? LEAST / 2 : 0) }
  const box = { west: tight.west - more.x, north: tight.north - more.y, width: tight.width + 2 * more.x, height: tight.height + 2 * more.y }
  const view = whole(box, width, height)
  const east = metres({ lat: 0, lon: DEGREE }, latitude).x
  const south = metres({ lat: DEGREE, lon: 0 }, latitude).y
  return {
    spotOf: (place) => toPixel(metres(place, latitude), box, view),
    placeOf: ({ x, y }) => ({
      lat: Math.round((((y - view.y) / view.scale + box.north) / south) * DEGREE),
      lon: Math.round((((x - view.x) / view.scale + box.west) / east) * DEGREE),
    }),
  }
}

/** The corners of a grid's outline, each once; none where nobody drew it. */
export function outlineOf(grid: Pick<Grid, 'outline'> | undefined): Place[] {
  const [ring = []] = grid?.outline?.coordinates ?? []
  return ring.slice(0, -1).map(([lon = 0, lat = 0]) => ({ lat: Math.round(lat * DEGREE), lon: Math.round(lon * DEGREE) }))
}

/** The same as the API takes it: the last corner is the first. */
export function polygonOf(corners: readonly Place[]): { type: 'Polygon'; coordinates: number[][][] } {
  const ring = [...corners, ...corners.slice(0, 1)]
  return { type: 'Polygon', coordinates: [ring.map(({ lat, lon }) => [lon / DEGREE, lat / DEGREE])] }
}

export function pointsOf(spots: readonly Spot[]): string {
  return spots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
}

/** Where a name stands in a polygon: its centre of mass, that of its corners where it has no area. */
export function middleOf(spots: readonly Spot[]): Spot {
  let area = 0
  let [x, y] = [0, 0]
  for (const [at, a] of spots.entries()) {
    const b = spots[(at + 1) % spots.length] ?? a
    const cross = a.x * b.y - b.x * a.y
    area += cross
    x += (a.x + b.x) * cross
    y += (a.y + b.y) * cross
  }
  if (Math.abs(area) > 1e-6) return { x: x / (3 * area), y: y / (3 * area) }
  const mean = (of: (spot: Spot) => number): number => spots.reduce((sum, spot) => sum + of(spot), 0) / Math.max(1, spots.length)
  return { x: mean((spot) => spot.x), y: mean((spot) => spot.y) }
}

const side = (a: Spot, b: Spot, c: Spot): number => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x))

/** Whether a closed line crosses itself: then nobody can say what is inside. */
export function crosses(line: readonly Spot[]): boolean {
  const edges = line.map((a, at) => [a, line[(at + 1) % line.length] ?? a] as const)
  return edges.some(([a, b], one) => edges.some(([c, d], other) => {
    const apart = Math.abs(one - other)
    if (apart <= 1 || apart === edges.length - 1) return false
    return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b)
  }))
}
