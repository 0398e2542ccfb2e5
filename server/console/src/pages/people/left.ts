/** What is left of a short time, as a clock counts down. Pure. */

const SECOND = 1_000
const HOUR = 3_600

/** `9:05`, `23:59:05`. */
export function leftText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND))
  const two = (n: number): string => String(n).padStart(2, '0')
  const rest = `${seconds < HOUR ? Math.floor(seconds / 60) : two(Math.floor((seconds % HOUR) / 60))}:${two(seconds % 60)}`
  return seconds < HOUR ? rest : `${Math.floor(seconds / HOUR)}:${rest}`
}
