/** What somebody reads of figures and ledgers; as the API has it. Pure. */

export const TABS = ['month', 'steps', 'entries'] as const
export type Tab = (typeof TABS)[number]

/** Offices that read spot checks, on which the figures stand. */
const READ_CHECKS = ['population-office', 'economics-section', 'linkage-centre']

export function tabsOf(isOffice: boolean, office: string | null | undefined): Tab[] {
  if (!isOffice) return ['month', 'steps']
  return TABS.filter((tab) => tab !== 'month' || READ_CHECKS.includes(office ?? ''))
}
