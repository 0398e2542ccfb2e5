/** Which page stands before the app: none, or one that must be passed first. */
import { reactive, watch } from 'vue'
import type { Router } from 'vue-router'
import { inWeChat } from './core/place'
import { session } from './core/session'
import { sync } from './sync/state'

interface Gate {
  /** Installed, or the system keeps the data; see `mayEnter`. */
  allowed: boolean
  /** The book is enrolled, confirmed and has come whole once; null while the core is asked. */
  ready: boolean | null
}

export const gate: Gate = reactive({ allowed: false, ready: false })

/** The page that has to be passed now, or null. */
export function gateRoute(): string | null {
  if (inWeChat(navigator.userAgent)) return 'open-in-browser'
  switch (session.phase) {
    case 'starting': return 'starting'
    case 'elsewhere': return 'elsewhere'
    case 'broken': return 'broken'
    case 'evicted': return 'evicted'
    case 'wiped': return 'wiped'
    case 'none': return gate.allowed ? 'setup' : 'install'
    case 'locked': return 'unlock'
    case 'open':
      // The server's order, once what was unsent is sent.
      if (sync.disabled && sync.counts.waiting === 0) return 'wiped'
      if (session.vault?.renew) return 'renew'
      if (session.covered) return 'unlock'
      if (gate.ready === null) return 'unlock'
      return gate.ready ? null : 'setup'
  }
}

/** Leads every navigation past the gate, and back to where it was going once that is passed. */
export function guard(router: Router): void {
  let wanted: string | null = null

  router.beforeEach((to) => {
    const due = gateRoute()
    if (due === null) return to.meta.gate ? { path: wanted ?? '/today', replace: true } : true
    if (to.name === due || to.meta.beside?.includes(due)) return true
    if (!to.meta.gate || to.meta.beside) wanted = to.fullPath
    return { name: due, replace: true, query: due === 'setup' ? to.query : {} }
  })
  router.afterEach((to) => { if (!to.meta.gate) wanted = null })

  watch([() => session.phase, () => session.covered, () => session.vault?.renew, () => gate.allowed, () => gate.ready,
    () => sync.disabled, () => sync.counts.waiting], () => {
    const due = gateRoute()
    const at = router.currentRoute.value
    const asked = wanted === null ? null : router.resolve(wanted)
    if (due === null && at.meta.gate) void router.replace(wanted ?? '/today')
    else if (due !== null && asked?.meta.beside?.includes(due)) void router.replace(asked)
    else if (due !== null && at.name !== due && !at.meta.beside?.includes(due)) void router.replace({ name: due, query: due === 'setup' ? at.query : {} })
  })
}
