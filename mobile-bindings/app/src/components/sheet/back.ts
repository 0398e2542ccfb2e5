/**
 * Sheets and the way back: an open sheet has a step of its own in the browser's history, so that the
 * phone's back button closes it, even on the first page, where it would else leave the app.
 */
export interface Closable {
  close(): void
}

const open: Closable[] = []
/** Steps back that this file took itself, for sheets closed otherwise. */
let own = 0
let waiting: (() => void)[] = []

if (typeof window !== 'undefined') {
  // Listeners run in the order in which they were added: router.ts imports this file before it
  // makes the router, which finds the page where it was.
  window.addEventListener('popstate', () => {
    if (own === 0) {
      open.pop()?.close()
      return
    }
    own -= 1
    if (own > 0) return
    const told = waiting
    waiting = []
    // The router goes first.
    window.setTimeout(() => {
      for (const tell of told) tell()
    })
  })
}

export function opened(sheet: Closable): void {
  open.push(sheet)
  window.history.pushState(window.history.state, '')
}

/** Closed by a button or a choice: its step is taken back. */
export function closed(sheet: Closable): void {
  const at = open.indexOf(sheet)
  if (at < 0) return
  open.splice(at, 1)
  own += 1
  window.history.back()
}

/** Its page was left while it was open: the step stays, and leads nowhere. */
export function dropped(sheet: Closable): void {
  const at = open.indexOf(sheet)
  if (at >= 0) open.splice(at, 1)
}

export function isTop(sheet: Closable): boolean {
  return open.at(-1) === sheet
}

/** When no step back is on its way: only then is it safe to go elsewhere. */
export async function settled(): Promise<void> {
  // A sheet that is being closed says so in the next tick.
  await new Promise((done) => window.setTimeout(done))
  if (own === 0) return
  await new Promise<void>((done) => waiting.push(done))
}
