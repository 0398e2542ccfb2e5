/** What a drawn line encloses. Pure. */
import type { Spot } from '#phone/components/map/view'

/** Whether a spot lies inside a closed line: a ray to the right crosses it an odd number of times. */
export function inside(line: readonly Spot[], { x, y }: Spot): boolean {
  let odd = false
  for (const [at, a] of line.entries()) {
    const b = line[(at + 1) % line.length] ?? a
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) odd = !odd
  }
  return odd
}
