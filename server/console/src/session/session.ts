/** Who is signed in. A session that ends leaves the page as it is, under an overlay to sign in again. */
import { computed, reactive } from 'vue'
import { api, take, useGate } from '@/api/client'
import { ApiError } from '@/api/problem'
import type { Role, Session } from '@/api/types'

interface State {
  /** `unknown` until the server was asked. */
  phase: 'unknown' | 'out' | 'in' | 'over'
  who: Session | null
}

export const session: State = reactive({ phase: 'unknown', who: null })
export const role = computed(() => (session.who?.role ?? 'auditor') as Role)
export const isOffice = computed(() => role.value === 'office_clerk' || role.value === 'office_head')

let waiting: (() => void)[] = []
let heardAt = Date.now()

useGate({
  token: () => session.who?.csrf ?? null,
  again: () => new Promise((done) => {
    session.phase = 'over'
    waiting.push(done)
  }),
  heard: () => { heardAt = Date.now() },
})

function begin(who: Session): void {
  session.who = who
  session.phase = 'in'
  heardAt = Date.now()
  for (const go of waiting.splice(0)) go()
}

/** Asks the server who is signed in. */
export async function lookIn(): Promise<void> {
  try {
    begin(await take(api.GET('/session')))
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status !== 401) throw error
    session.phase = 'out'
  }
}

/** Signs in, or in again: then everything that waited goes on. Another person begins anew. */
export async function signIn(login: string, password: string, code: string | null): Promise<void> {
  const before = session.who?.login
  const body = code === null ? { login, password } : { login, password, code }
  const who = await take(api.POST('/session', { body }))
  if (before !== undefined && before !== who.login) {
    location.reload()
    return
  }
  begin(who)
}

export async function signOut(): Promise<void> {
  await take(api.DELETE('/session'))
  session.who = null
  session.phase = 'out'
}

/** After a new password: all sessions have ended. */
export function forget(): void {
  session.who = null
  session.phase = 'out'
}

/** Covers the page when the session must be over by time: nobody reads on an unattended desk. */
export function startClock(): void {
  setInterval(() => {
    const { who, phase } = session
    if (phase !== 'in' || !who) return
    const now = Date.now()
    if (now - heardAt > who.idle_ms || now > who.ends_ms) session.phase = 'over'
  }, 15_000)
}
