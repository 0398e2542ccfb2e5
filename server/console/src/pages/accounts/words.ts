/** What people call the members of an account that the server finds fault with. */
import { t } from '@/i18n'

export function accountPart(at: string): string | null {
  const names: Record<string, string> = {
    login: t('accounts.login'), name: t('accounts.name'), role: t('accounts.role'), office: t('accounts.office'), areas: t('accounts.areas'),
    password: t('accounts.first'), new: t('accounts.first'), reason: t('shell.reason'),
  }
  return names[at] ?? null
}
