import { useShell } from '@/core/shell'
import { forgetTicket } from '@/core/ticket'

/** Clears this phone and starts at the set-up; only when nothing is left to send. */
export async function resetPhone(): Promise<void> {
  await useShell().reset()
  forgetTicket()
  location.replace(import.meta.env.BASE_URL)
}
