/** What is written on a photo, and the note inside its file. Pure. */
import { clockOf, dayOf } from '@/components/dates'
import type { Point } from '@/core/types'

/** Longest side of a kept photo. */
export const LONGEST_SIDE = 1600

export interface Stamp {
  at_ms: number
  /** Where the phone was; null where that is not known. */
  place: Point | null
  /** Metres, as the phone says. */
  accuracy: number | null
  /** What was photographed, such as the door. No names. */
  about: string
}

/** Width and height that fit, never larger than the original. */
export function fit(width: number, height: number, longest = LONGEST_SIDE): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height, 1))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** Degrees with five decimals: about a metre. */
export function placeText(place: Point): string {
  const degrees = (value: number, positive: string, negative: string): string =>
    `${(Math.abs(value) / 1e7).toFixed(5)}°${value < 0 ? negative : positive}`
  return `${degrees(place.lat, 'N', 'S')} ${degrees(place.lon, 'E', 'W')}`
}

/** The lines at the foot of the picture: time, then place, then what it shows. */
export function stampLines(stamp: Stamp): string[] {
  const at = new Date(stamp.at_ms)
  const seconds = String(at.getSeconds()).padStart(2, '0')
  const lines = [`${dayOf(stamp.at_ms)} ${clockOf(stamp.at_ms)}:${seconds}`]
  if (stamp.place === null) lines.push('未定位 no location')
  else lines.push(placeText(stamp.place) + (stamp.accuracy === null ? '' : ` ±${Math.round(stamp.accuracy)} m`))
  if (stamp.about !== '') lines.push(stamp.about)
  return lines
}

/** The note that binds the kept picture to the original, which is not kept. */
export function noteOf(originalSha256: string, stamp: Stamp): string {
  const place = stamp.place === null ? '-' : `${stamp.place.lat},${stamp.place.lon}`
  return `gridbook original-sha256=${originalSha256} taken-ms=${stamp.at_ms} place-e7=${place}`
}

/**
 * The same JPEG with a comment segment, after the first segments that a reader expects to lead.
 * Anything that is no JPEG is given back as it is.
 */
export function withComment(jpeg: Uint8Array, note: string): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(jpeg)
  if (copy[0] !== 0xff || copy[1] !== 0xd8) return copy
  const text = new TextEncoder().encode(note).slice(0, 65_000)
  let at = 2
  while (copy[at] === 0xff && ((copy[at + 1] ?? 0) & 0xf0) === 0xe0) {
    at += 2 + (((copy[at + 2] ?? 0) << 8) | (copy[at + 3] ?? 0))
  }
  if (at > copy.length) return copy
  const out = new Uint8Array(copy.length + 4 + text.length)
  out.set(copy.subarray(0, at))
  out.set([0xff, 0xfe, (text.length + 2) >> 8, (text.length + 2) & 0xff], at)
  out.set(text, at + 4)
  out.set(copy.subarray(at), at + 4 + text.length)
  return out
}

export function hex(bytes: ArrayBuffer | Uint8Array): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
