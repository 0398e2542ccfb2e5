/** What changes seldom and every page needs: grids, offices, forms and code lists. */
import { computed, shallowReactive } from 'vue'
import { api, take } from '@/api/client'
import type { Forms, Grid, KindForm, Office, Words } from '@/api/types'
import { w } from '@/i18n'
import { every } from '@/list/every'

interface Places {
  grids: Grid[]
  areas: { code: string; level: string; label: Words }[]
  offices: Office[]
  forms: Forms | null
}

export const places: Places = shallowReactive({ grids: [], areas: [], offices: [], forms: null })

/** What is in each grid changes while one works. */
export async function loadGrids(): Promise<void> {
  places.grids = await every((after) => take(api.GET('/grids', { params: { query: { limit: 200, ...(after ? { after } : {}) } } })))
}

export async function loadPlaces(): Promise<void> {
  const [, areas, offices, forms] = await Promise.all([
    loadGrids(), take(api.GET('/areas')), take(api.GET('/offices')), take(api.GET('/schemas')),
  ])
  places.areas = areas.rows
  places.offices = offices.rows
  places.forms = forms
}

/** What people call a grid; its code where it has no name. */
export function gridName(code: string | null | undefined): string {
  if (!code) return ''
  const grid = places.grids.find((each) => each.grid === code)
  return grid?.label ? w(grid.label) : code
}

/** What people call an area of any level. */
export function areaName(code: string): string {
  const area = places.areas.find((each) => each.code === code)
  return area ? w(area.label) : code
}

export function officeName(name: string): Words {
  return places.offices.find((office) => office.name === name)?.label ?? { zh: name, en: name }
}

export function officeText(name: string | null | undefined): string {
  return name ? w(officeName(name)) : ''
}

export function kindOf(name: string): KindForm | undefined {
  return places.forms?.kinds.find((kind) => kind.name === name)
}

/** The label of a code; the code itself where the list does not have it. */
export function codeText(list: string, code: string | null | undefined): string {
  if (!code) return ''
  const found = places.forms?.codes[list]?.find((each) => each.code === code)
  return found ? w(found.label) : code
}

export const kinds = computed(() => places.forms?.kinds ?? [])
