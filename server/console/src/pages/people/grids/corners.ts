/** The corners of an outline while they are drawn: each step can be taken back. */
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { Place } from '@/parts/map/plan'

/** The API takes a ring of 500, its first corner twice. */
export const MOST = 499
/** The country with its waters, in 1e-7 degrees, as records have it. */
const LAT = [30_000_000, 540_000_000] as const
const LON = [730_000_000, 1_360_000_000] as const

export interface Corners {
  corners: ShallowRef<readonly Place[]>
  changed: ComputedRef<boolean>
  mayUndo: ComputedRef<boolean>
  put(next: readonly Place[]): void
  /** While a corner is dragged: no step of its own. */
  show(next: readonly Place[]): void
  undo(): void
}

// What was drawn and not saved is there again when the page is opened again.
const drafts = new Map<string, readonly Place[]>()

export function forgetDraft(grid: string): void {
  drafts.delete(grid)
}

export function useCorners(grid: string, saved: readonly Place[]): Corners {
  const corners = shallowRef<readonly Place[]>(drafts.get(grid) ?? saved)
  const steps = shallowRef<readonly (readonly Place[])[]>(drafts.has(grid) ? [saved] : [])

  function show(next: readonly Place[]): void {
    corners.value = next
    drafts.set(grid, next)
  }

  function put(next: readonly Place[]): void {
    if (next.length > MOST) return
    steps.value = [...steps.value, corners.value].slice(-MOST)
    show(next)
  }

  function undo(): void {
    const before = steps.value.at(-1)
    if (!before) return
    steps.value = steps.value.slice(0, -1)
    show(before)
    if (steps.value.length === 0) drafts.delete(grid)
  }

  return { corners, put, show, undo, changed: computed(() => steps.value.length > 0), mayUndo: computed(() => steps.value.length > 0) }
}

/** `31.14, 121.39`: degrees, latitude first; null where it is no place of the country. */
export function placeOfText(text: string): Place | null {
  const found = /^\s*(-?\d{1,3}(?:\.\d{1,9})?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d{1,9})?)\s*$/.exec(text)
  if (!found) return null
  const [lat, lon] = [Number(found[1]), Number(found[2])].map((degrees) => Math.round(degrees * 1e7)) as [number, number]
  return lat >= LAT[0] && lat <= LAT[1] && lon >= LON[0] && lon <= LON[1] ? { lat, lon } : null
}

export function textOfPlace({ lat, lon }: Place): string {
  return `${(lat / 1e7).toFixed(6)}, ${(lon / 1e7).toFixed(6)}`
}
