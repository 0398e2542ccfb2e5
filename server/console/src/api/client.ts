/**
 * The server's API with the types of its own document (openapi.json). Changes carry the session's
 * token; a session that is over is begun again in an overlay, and the request then goes on.
 */
import createClient from 'openapi-fetch'
import { ApiError, offline, problemOf } from './problem'
import type { paths } from './schema'

export interface Gate {
  /** The token of the session, for changes. */
  token(): string | null
  /** Resolves when the same person has signed in again. */
  again(): Promise<void>
  /** A request was answered: the session lives on. */
  heard(): void
}

let gate: Gate = { token: () => null, again: () => Promise.reject(new Error('no gate')), heard: () => undefined }

/** Who keeps the session. */
export function useGate(keeper: Gate): void {
  gate = keeper
}

/** The password of somebody signed in is asked for here too: a wrong one is not an ended session. */
const isOver = async (answer: Response): Promise<boolean> => {
  const body: unknown = await answer.clone().json().catch(() => null)
  return problemOf(answer.status, body, null).kind === 'unauthenticated'
}

async function send(request: Request): Promise<Response> {
  const token = gate.token()
  if (token !== null && request.method !== 'GET') request.headers.set('X-CSRF-Token', token)
  try {
    return await fetch(request)
  } catch {
    throw offline()
  }
}

async function guarded(request: Request): Promise<Response> {
  const kept = request.clone()
  const answer = await send(request)
  if (answer.status !== 401 || gate.token() === null || !(await isOver(answer))) {
    if (answer.ok) gate.heard()
    return answer
  }
  await gate.again()
  return send(kept)
}

// Asked for when it is used: a test may put another in its place.
export const api = createClient<paths>({ baseUrl: '/api/v1', fetch: guarded })

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The answer's content; anything but success is thrown as an [ApiError]. */
export async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call
  if (!response.ok) throw new ApiError(problemOf(response.status, error, response.headers.get('Retry-After')))
  return data as T
}

/** The header of a change that was made on this version. */
export function on(version: number): { 'If-Match': string } {
  return { 'If-Match': `"v${version}"` }
}
