/** Which pages a role has, in the order of the navigation. Mirrors who may call their routes. */
import { ChartColumn, ClipboardCheck, Dices, FileClock, FolderOpen, Gauge, Inbox, KeyRound, ListChecks, ScanEye, ScrollText, Users } from '@lucide/vue'
import type { Component } from 'vue'
import type { Role } from '@/api/types'

export interface NavItem {
  name: 'overview' | 'inbox' | 'cases' | 'records' | 'review' | 'checks' | 'registrations' | 'figures' | 'people' | 'accounts' | 'rules' | 'audit'
  icon: Component
  roles: readonly Role[]
  /** Of office roles those of these offices alone. */
  offices?: readonly string[]
}

const OFFICE = ['office_clerk', 'office_head'] as const

export const NAV: readonly NavItem[] = [
  { name: 'overview', icon: Gauge, roles: ['supervisor', ...OFFICE, 'administrator', 'auditor'] },
  { name: 'inbox', icon: Inbox, roles: OFFICE },
  { name: 'review', icon: ScanEye, roles: ['supervisor'] },
  { name: 'cases', icon: ClipboardCheck, roles: ['supervisor', ...OFFICE] },
  { name: 'records', icon: FolderOpen, roles: ['supervisor', ...OFFICE] },
  { name: 'checks', icon: Dices, roles: ['supervisor', ...OFFICE, 'auditor'] },
  { name: 'registrations', icon: ListChecks, roles: ['supervisor', ...OFFICE], offices: ['economics-section', 'business-office', 'market-supervision', 'population-office'] },
  { name: 'figures', icon: ChartColumn, roles: ['supervisor', ...OFFICE] },
  { name: 'people', icon: Users, roles: ['supervisor', 'administrator'] },
  { name: 'accounts', icon: KeyRound, roles: ['administrator'] },
  { name: 'rules', icon: ScrollText, roles: ['supervisor', 'administrator'] },
  { name: 'audit', icon: FileClock, roles: ['auditor'] },
]

function isFor(item: NavItem, role: Role, office: string | null | undefined): boolean {
  if (!item.roles.includes(role)) return false
  const ofOffice = role === 'office_clerk' || role === 'office_head'
  return !ofOffice || item.offices === undefined || item.offices.includes(office ?? '')
}

export function navOf(role: Role, office?: string | null): NavItem[] {
  return NAV.filter((item) => isFor(item, role, office))
}

export function mayOpen(page: string, role: Role, office?: string | null): boolean {
  const item = NAV.find((each) => each.name === page)
  return item === undefined || isFor(item, role, office)
}
