/** The overview's numbers, each with the list that it counts. */
import type { Overview } from '@/api/types'
import { t } from '@/i18n'
import { pageOf, type Target } from './links'

export interface Figure {
  name: string
  n: number
  to: Target | null
  look: 'over' | 'soon' | ''
  parts: { text: string; to: Target | null }[]
}

interface Given {
  name: string
  n: number
  list: string | undefined
  look?: Figure['look']
  /** Parts of nothing are left out. */
  parts?: { n: number; text: string; list?: string | undefined }[]
}

/** `may`: whether the person may open a page. */
export function figuresOf(now: Overview, may: (page: string) => boolean): Figure[] {
  const { waiting, phones, records, cases } = now
  const target = (list: string | undefined): Target | null => {
    const to = pageOf(list)
    return to && may(to.name) ? to : null
  }
  const figure = ({ name, n, list, look = '', parts = [] }: Given): Figure => ({
    name, n, look, to: target(list),
    parts: parts.filter((part) => part.n > 0).map((part) => ({ text: part.text, to: target(part.list) })),
  })
  const sum = (of: 'count' | 'overdue'): number => (cases ?? []).reduce((all, one) => all + one[of], 0)
  const late = sum('overdue')
  const list: (Given | false)[] = [
    records.shop !== undefined && { name: t('overview.shops'), n: records.shop, list: '/records' },
    records.resident !== undefined && { name: t('overview.residents'), n: records.resident, list: '/records?kind=resident' },
    records.worker !== undefined && { name: t('overview.workers'), n: records.worker, list: '/records?kind=worker' },
    typeof now.office_items === 'number' && {
      name: t('overview.items'), n: now.office_items, list: '/items?state=open', look: now.office_overdue ? 'over' : '',
      parts: [{ n: now.office_overdue ?? 0, text: t('overview.overdue', { n: now.office_overdue ?? 0 }), list: '/items?state=open&due=overdue' }],
    },
    Boolean(cases) && {
      name: t('overview.cases'), n: sum('count'), list: '/cases?open=true', look: late ? 'over' : '',
      parts: [{ n: late, text: t('overview.overdue', { n: late }), list: '/cases?open=true&due=overdue' }],
    },
    Boolean(waiting) && {
      name: t('overview.conflicts'), n: (waiting?.open ?? 0) + (waiting?.contested ?? 0) + (waiting?.settled ?? 0), list: '/conflicts',
      parts: [
        { n: waiting?.contested ?? 0, text: t('overview.contested', { n: waiting?.contested ?? 0 }), list: '/conflicts?state=contested' },
        { n: waiting?.settled ?? 0, text: t('overview.settled', { n: waiting?.settled ?? 0 }), list: '/conflicts?state=settled' },
      ],
    },
    Boolean(waiting) && { name: t('overview.held'), n: waiting?.held ?? 0, list: '/held' },
    Boolean(phones) && {
      name: t('overview.phones'), n: phones?.silent ?? 0, list: phones?.list, look: phones?.silent ? 'soon' : '',
      parts: [
        { n: 1, text: t('overview.inUse', { n: phones?.in_use ?? 0 }), list: '/devices?standing=in_use' },
        { n: phones?.pending ?? 0, text: t('overview.unsent', { n: phones?.pending ?? 0 }), list: '/devices?sort=-pending' },
      ],
    },
    Boolean(waiting?.unconfirmed) && { name: t('overview.confirm'), n: waiting?.unconfirmed ?? 0, list: '/devices?standing=unconfirmed', look: 'soon' },
  ]
  return list.flatMap((given) => (given ? [figure(given)] : []))
}
