/**
 * Where the phone is, for nearest first and for the place of a finding. Asked once; never watched,
 * since no track is kept. What the person refused is not asked again while the app is open.
 */
import { computed, shallowRef } from 'vue'
import type { Point } from '@/core/types'

export interface Fix {
  at: Point
  accuracy: number | null
  taken_ms: number
}
export type Standing = 'unasked' | 'asking' | 'known' | 'denied' | 'unknown'

const FRESH_MS = 60_000
const PATIENCE_MS = 10_000

export const fix = shallowRef<Fix | null>(null)
export const standing = shallowRef<Standing>('unasked')
export const here = computed<Point | null>(() => fix.value?.at ?? null)

let asking: Promise<Fix | null> | null = null

/** A fix not older than a minute, or none; never throws. */
export function locate(): Promise<Fix | null> {
  if (fix.value !== null && Date.now() - fix.value.taken_ms < FRESH_MS) return Promise.resolve(fix.value)
  if (standing.value === 'denied') return Promise.resolve(null)
  asking ??= ask().finally(() => {
    asking = null
  })
  return asking
}

function ask(): Promise<Fix | null> {
  if (!('geolocation' in navigator)) {
    standing.value = 'denied'
    return Promise.resolve(null)
  }
  if (standing.value === 'unasked') standing.value = 'asking'
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        fix.value = {
          at: { lat: Math.round(coords.latitude * 1e7), lon: Math.round(coords.longitude * 1e7) },
          accuracy: Number.isFinite(coords.accuracy) ? coords.accuracy : null,
          taken_ms: Date.now(),
        }
        standing.value = 'known'
        done(fix.value)
      },
      (error) => {
        standing.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'unknown'
        done(null)
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    )
  })
}
