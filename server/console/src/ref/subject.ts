/** What an item or a case is about, in words: the list gives references alone, the record gives its title. */
import type { CaseSummary, Item } from '@/api/types'
import { title, word, w } from '@/i18n'
import { recordOf, recordTitle } from './records'
import { codeText, kindOf } from './places'

export function classText(code: string | null | undefined): string {
  if (!code) return ''
  const text = codeText('finding-class', code)
  return text === code ? word('classes', code) : text
}

export function severityText(code: string | null | undefined): string {
  return codeText('severity', code)
}

/** 违规住人, or the kind and name of the record. */
export function itemText(item: Item): string {
  if (item.class) return classText(item.class)
  const kind = kindOf(item.kind)
  const name = item.kind === 'shop' ? '' : recordTitle(item.record)
  return [kind ? w(kind.label) : item.kind, name].filter(Boolean).join(' · ')
}

/** Sign and door of the shop. */
export function shopText(of: Pick<Item | CaseSummary, 'shop' | 'record'>): string {
  const shop = recordOf(of.shop ?? of.record)
  return shop ? title(shop.title) : ''
}
