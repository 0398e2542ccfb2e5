/** Which pages a role has, in the order of the navigation. Mirrors who may call their routes. */
import { ClipboardCheck, Dices, FileClock, FolderOpen, Gauge, Inbox, KeyRound, ScanEye, ScrollText, Users } from '@lucide/vue'
import type { Component } from 'vue'
import type { Role } from '@/api/types'

export interface NavItem {
  name: 'overview' | 'inbox' | 'cases' | 'records' | 'review' | 'checks' | 'people' | 'accounts' | 'rules' | 'audit'
  icon: Component
  roles: readonly Role[]
}

const OFFICE = ['office_clerk', 'office_head'] as const

export const NAV: readonly NavItem[] = [
  { name: 'overview', icon: Gauge, roles: ['supervisor', ...OFFICE, 'administrator', 'auditor'] },
  { name: 'inbox', icon: Inbox, roles: OFFICE },
  { name: 'review', icon: ScanEye, roles: ['supervisor'] },
  { name: 'cases', icon: ClipboardCheck, roles: ['supervisor', ...OFFICE] },
  { name: 'records', icon: FolderOpen, roles: ['supervisor', ...OFFICE] },
  { name: 'checks', icon: Dices, roles: ['supervisor', ...OFFICE, 'auditor'] },
  { name: 'people', icon: Users, roles: ['supervisor', 'administrator'] },
  { name: 'accounts', icon: KeyRound, roles: ['administrator'] },
  { name: 'rules', icon: ScrollText, roles: ['supervisor', 'administrator'] },
  { name: 'audit', icon: FileClock, roles: ['auditor'] },
]

export function navOf(role: Role): NavItem[] {
  return NAV.filter((item) => item.roles.includes(role))
}

export function mayOpen(page: string, role: Role): boolean {
  const item = NAV.find((each) => each.name === page)
  return item === undefined || item.roles.includes(role)
}
