// First: it starts the core's worker, which reads the core while the pages are made.
import '#transport'
import './theme/vant-parts'
import './theme/tokens.css'
import './theme/words.css'
import './theme/base.css'
import './theme/vant.css'
import './theme/fields.css'
import { createApp, watch } from 'vue'
import App from './App.vue'
import { followKeyboard } from './components/keyboard'
import { useCore } from './core/client'
import { awaitOffer } from './core/install'
import { inWeChat, mayEnter } from './core/place'
import { session, startSession } from './core/session'
import { keepTicket, ticketIn } from './core/ticket'
import { startUpdates, takeUpdate, updateReady } from './core/update'
import { gate, guard } from './gate'
import { i18n } from './i18n'
import { router } from './router'
import { useSettings } from './settings'
import { startSync } from './sync'
import { startLock } from './ui/lock'
import { components } from './ui/vant'

/** A code in the address goes where the set-up finds it, and out of the address. */
function takeTicket(): void {
  if (!/[#?&](?:ticket|enrol)=/.test(location.hash)) return
  const code = ticketIn(location.hash)
  if (code && !inWeChat(navigator.userAgent)) {
    keepTicket(code)
    history.replaceState(history.state, '', `${location.pathname}${location.search}#/`)
  }
}

/** Confirmed, and everything came at least once: before that the set-up page goes on. */
async function lookReady(): Promise<void> {
  try {
    const [standing, counts] = await Promise.all([useCore().standing(), useCore().counts()])
    gate.ready = standing.confirmed && counts.last_sync_ms !== null
  } catch {
    gate.ready = false
  }
}

useSettings()
awaitOffer()
takeTicket()
guard(router)
const app = createApp(App).use(i18n).use(router)
for (const component of components) app.use(component)
app.mount('#app')
followKeyboard()

void startUpdates()
// Nobody has typed anything while the book is locked: the new version comes without a word.
watch([updateReady, () => session.phase], ([ready, phase]) => {
  if (ready && phase === 'locked') takeUpdate()
})
if (!inWeChat(navigator.userAgent)) {
  watch(() => session.phase, (phase) => {
    if (phase === 'open') void lookReady()
    // What opens next was enrolled before: the page stays until the core has said how far that came.
    else if (phase === 'locked') gate.ready = null
  })
  void mayEnter().then((may) => { gate.allowed = may })
  void startSession()
  startSync()
  startLock()
}
