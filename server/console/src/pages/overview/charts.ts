/** The overview's charts of what the server counted. */
import type { Closure, Coverage, Grid, OpenCases } from '@/api/types'
import { t } from '@/i18n'
import type { Chart } from '@/parts/chart/chart'
import { gridName, officeText } from '@/ref/places'
import { shareText } from './bands'
import { pageOf } from './links'

const AGES = ['under_3', '3_to_7', '7_to_15', '15_to_30', 'over_30'] as const

/** This month's round by grid number. */
export function coverageChart(coverage: readonly Coverage[]): Chart {
  const grids = [...coverage].sort((a, b) => a.grid.localeCompare(b.grid))
  return {
    form: 'bars',
    rows: grids.map(({ grid, list }) => ({ name: gridName(grid), to: pageOf(list) })),
    series: [
      { name: t('overview.visited'), look: 'ok', values: grids.map(({ visited }) => visited) },
      { name: t('overview.revisit'), look: 'soon', values: grids.map(({ revisit }) => revisit) },
      { name: t('overview.due'), look: 'line', values: grids.map(({ shops, visited, revisit }) => Math.max(0, shops - visited - revisit)) },
    ],
    said: grids.map((one) => (one.shops ? `${one.visited}/${one.shops} · ${shareText(one)}` : '0')),
  }
}

/** Where nobody's round is told: what there is. */
export function shopsChart(places: readonly Grid[], linked: boolean): Chart {
  const grids = [...places].sort((a, b) => a.grid.localeCompare(b.grid))
  return {
    form: 'bars',
    rows: grids.map(({ grid }) => ({ name: gridName(grid), to: linked ? { name: 'records', query: { grid } } : null })),
    series: [{ name: t('overview.shops'), look: 'primary', values: grids.map(({ shops }) => shops) }],
  }
}

function casesBy<K extends string>(cases: readonly OpenCases[], keys: readonly K[], of: (one: OpenCases) => string, name: (key: K) => string, query: (key: K) => Record<string, string>): Chart {
  const sum = (key: K, part: (one: OpenCases) => number): number => cases.filter((one) => of(one) === key).reduce((all, one) => all + part(one), 0)
  const over = keys.map((key) => sum(key, (one) => one.overdue))
  const all = keys.map((key) => sum(key, (one) => one.count))
  return {
    form: 'bars',
    rows: keys.map((key) => ({ name: name(key), to: { name: 'cases', query: { open: 'true', ...query(key) } } })),
    series: [
      { name: t('overview.inTime'), look: 'primary', values: all.map((n, at) => n - (over[at] ?? 0)) },
      { name: t('overview.over'), look: 'over', values: over },
    ],
    said: all.map((n, at) => (over[at] ? `${n} · ${t('overview.overdue', { n: over[at] })}` : String(n))),
  }
}

export function agesChart(cases: readonly OpenCases[]): Chart {
  return cases.length === 0 ? { form: 'bars', rows: [], series: [] } : casesBy(cases, AGES, ({ age }) => age, (age) => t(`inbox.age_${age}`), (age) => ({ age }))
}

export function officesChart(cases: readonly OpenCases[]): Chart {
  const offices = [...new Set(cases.map(({ office }) => office))].sort()
  return casesBy(cases, offices, ({ office }) => office, (office) => officeText(office), (office) => ({ office }))
}

/** 按期结案率 of the last months. */
export function onTimeChart(closures: readonly Closure[]): Chart {
  const rate = (part: number | null | undefined): number | null => (typeof part === 'number' ? Math.round(part * 1000) / 10 : null)
  const some = closures.some(({ on_time_rate }) => typeof on_time_rate === 'number')
  return {
    form: 'line',
    rows: some ? closures.map(({ month, list }) => ({ name: month, to: pageOf(list) })) : [],
    series: [{ name: t('overview.onTime'), look: 'primary', values: closures.map(({ on_time_rate }) => rate(on_time_rate)) }],
    most: 100,
    said: closures.map(({ on_time_rate, on_time, due, postponed }) => (typeof on_time_rate === 'number' ? `${rate(on_time_rate)}% · ${on_time}/${due - postponed}` : '')),
  }
}
