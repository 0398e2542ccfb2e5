/** What an item or a case is about, in words. */
import type { CaseSummary, Item } from '@/api/types'
import { title, word, w } from '@/i18n'
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
  const name = item.kind === 'shop' ? '' : title(item.about.title)
  return [kind ? w(kind.label) : item.kind, name].filter(Boolean).join(' · ')
}

/** Sign and door of the shop. */
export function shopText({ about }: Pick<Item | CaseSummary, 'about'>): string {
  return [about.shop, about.door].filter(Boolean).join(' · ')
}
