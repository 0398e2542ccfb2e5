/** What an account is, as forms hold it. Pure. */
import type { Role } from '@/api/types'

export const ROLES: readonly Role[] = ['supervisor', 'office_clerk', 'office_head', 'administrator', 'auditor']

export interface Settings {
  name: string
  role: Role
  office: string | null
  areas: string[]
}

export const isOfficeRole = (role: Role): boolean => role === 'office_clerk' || role === 'office_head'

export function nobody(): Settings {
  return { name: '', role: 'office_clerk', office: null, areas: [] }
}
