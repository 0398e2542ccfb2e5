/** Who sees and does what of spot checks; mirrors who may call their routes. Pure. */
import type { Role } from '@/api/types'

const OFFICES = ['population-office', 'economics-section', 'linkage-centre']

/** Doors with what was seen in them, and the figures. */
export function seesDoors(role: Role, office: string | null | undefined): boolean {
  return role === 'supervisor' || ((role === 'office_clerk' || role === 'office_head') && OFFICES.includes(office ?? ''))
}

export const FIELDS = ['sign_name', 'business_type', 'operating_state', 'residents', 'workers'] as const
export type Field = (typeof FIELDS)[number]
