/**
 * Sheets and the way back: whether the navigation now under way is the browser's step back, not a
 * link, and which sheet lies on top, since only that one closes.
 */
let popped = false
const open: symbol[] = []

if (typeof window !== 'undefined') {
  // Listeners run in the order in which they were added: router.ts imports this file before it
  // makes the router, whose guards ask.
  window.addEventListener('popstate', () => {
    popped = true
    window.setTimeout(() => {
      popped = false
    })
  })
}

export function steppedBack(): boolean {
  return popped
}
export function opened(sheet: symbol): void {
  closed(sheet)
  open.push(sheet)
}
export function closed(sheet: symbol): void {
  const at = open.indexOf(sheet)
  if (at >= 0) open.splice(at, 1)
}
export function isTop(sheet: symbol): boolean {
  return open.at(-1) === sheet
}
