import type { Words } from './types'

/** What went wrong, as the server says it (RFC 9457) or as this page knows it. */
export interface Problem {
  /** The last part of its type: `stale`, `invalid`; `offline` where no answer came. */
  kind: string
  status: number
  /** Fixed words of the server. */
  detail: string | null
  /** The member or field at fault. */
  at: string | null
  /** The same for people, in both languages; null where the server does not say. */
  words: Words | null
  /** Seconds to wait, where the server says so. */
  wait: number | null
}

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.kind)
  }
}

export function offline(): ApiError {
  return new ApiError({ kind: 'offline', status: 0, detail: null, at: null, words: null, wait: null })
}

/** The problem that an answer holds. What is no problem document is one of the server. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): Problem {
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const text = (name: string): string | null => (typeof given[name] === 'string' ? given[name] : null)
  const words = given.words as Partial<Words> | undefined
  const seconds = Number(retryAfter)
  return {
    kind: text('type')?.replace(/^\/problems\//, '') ?? (status >= 500 ? 'internal' : 'malformed'),
    status,
    detail: text('detail'),
    at: text('at'),
    words: typeof words?.zh === 'string' && typeof words.en === 'string' ? { zh: words.zh, en: words.en } : null,
    wait: retryAfter !== null && Number.isFinite(seconds) ? seconds : null,
  }
}

/** Whatever was thrown, as a problem. A fault of this page goes to its console and is `internal`. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  console.error(error)
  return { kind: 'page', status: 0, detail: null, at: null, words: null, wait: null }
}
