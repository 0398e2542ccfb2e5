/** The browser's offer to install, kept until the person takes it. */
import { shallowRef } from 'vue'

interface InstallOffer extends Event {
  prompt(): Promise<void>
  userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>
}

export const offer = shallowRef<InstallOffer | null>(null)

/** Before anything else: the browser makes its offer once, early. */
export function awaitOffer(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    offer.value = event as InstallOffer
  })
  window.addEventListener('appinstalled', () => { offer.value = null })
}

/** Asks the browser to install. */
export async function install(): Promise<void> {
  const made = offer.value
  if (!made) return
  offer.value = null
  await made.prompt()
  await made.userChoice
}
