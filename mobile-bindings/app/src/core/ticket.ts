/** The supervisor's one-time code, from a QR code, a link or the keyboard. */

const NAME = 'gridbook.ticket'
/** A link is good for a day; what was carried over to the installed app is forgotten sooner. */
const LIFE_MS = 60 * 60_000

/** The code in a scanned or typed text: the link's `ticket`, or the text itself without blanks. */
export function ticketIn(text: string): string | null {
  const trimmed = text.trim()
  const linked = /[#?&](?:ticket|enrol)=([^&\s]+)/.exec(trimmed)?.[1]
  const code = linked ? decodeURIComponent(linked) : trimmed.replaceAll(/\s/g, '')
  return /^[A-Za-z0-9_-]{8,128}$/.test(code) ? code : null
}

/** Keeps the code while the app is being installed: on Android the app shares the browser's storage. */
export function keepTicket(code: string): void {
  localStorage.setItem(NAME, JSON.stringify({ code, until_ms: Date.now() + LIFE_MS }))
}

export function keptTicket(): string | null {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? 'null') as { code: string; until_ms: number } | null
    return kept && kept.until_ms > Date.now() ? kept.code : null
  } catch {
    return null
  }
}

export function forgetTicket(): void {
  localStorage.removeItem(NAME)
}
