import { saidBy } from '@/core/problem'
import { useShell } from '@/core/shell'
import { t } from '@/i18n'
import { dayOf } from '@/ui/time'

/** Gives the sealed outbox to the person as a file, by the share sheet where there is one; false: it is empty. */
async function exportOutbox(): Promise<boolean> {
  const bytes = await useShell().export_outbox()
  if (bytes.length === 0) return false
  const name = `gridbook-${dayOf(Date.now())}.outbox`
  const file = new File([bytes], name, { type: 'application/octet-stream' })
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] })
      return true
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return true
    }
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return true
}

/** The same, and in words what came of it. */
export async function carryOut(): Promise<string> {
  try {
    return await exportOutbox() ? t('sync.exported') : t('sync.exportNone')
  } catch (thrown) {
    return saidBy(thrown)
  }
}
