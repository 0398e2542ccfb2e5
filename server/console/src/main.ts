import '#phone/theme/tokens.css'
import '#phone/theme/words.css'
import './theme/console.css'
import './theme/element.css'
import { createApp, watch } from 'vue'
import App from './App.vue'
import { startLive, stopLive } from './api/live'
import { i18n } from './i18n'
import { loadPlaces } from './ref/places'
import { router } from './router'
import { lookIn, session, startClock } from './session/session'
import { useSettings } from './settings'

useSettings()
createApp(App).use(i18n).use(router).mount('#app')
startClock()
watch(() => session.phase, (phase) => {
  if (phase === 'in' && !session.who?.must_change_password) {
    void loadPlaces()
    startLive()
  } else {
    stopLive()
  }
})
// Without an answer the sign-in page says so when it is tried.
void lookIn().catch(() => { session.phase = 'out' })
