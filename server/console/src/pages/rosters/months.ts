/** Months of rosters, `YYYY-MM`. Pure. */

const shown = (year: number, month: number): string => `${year}-${String(month + 1).padStart(2, '0')}`

/** The month that is to be filed now: the one before. */
export function monthBefore(ms: number): string {
  const at = new Date(ms)
  return at.getMonth() === 0 ? shown(at.getFullYear() - 1, 11) : shown(at.getFullYear(), at.getMonth() - 1)
}

export function isOver(month: string, ms: number): boolean {
  const at = new Date(ms)
  return month < shown(at.getFullYear(), at.getMonth())
}
