/** A chart's content and how it is drawn: bars to the right or a line, zero base, the numbers beside. Pure. */
import type { RouteLocationRaw } from 'vue-router'

/** `line`: what is not done yet. */
export type Look = 'primary' | 'ok' | 'soon' | 'over' | 'pause' | 'line'

export interface Series {
  name: string
  look: Look
  /** One for each row; null where there is none. */
  values: readonly (number | null)[]
}

export interface Chart {
  /** `line` has its rows from left to right. */
  form: 'bars' | 'line'
  rows: readonly { name: string; to?: RouteLocationRaw | null }[]
  series: readonly Series[]
  /** Full length, such as 100 of a rate. */
  most?: number
  /** What stands beside a row's end; the last value, unless said. */
  said?: readonly string[]
}

/** From the style sheets; lengths of words are measured in the font. */
export type Theme = Record<Look | 'text' | 'font', string>

const ROW = 28

export function heightOf(chart: Chart): number {
  return chart.form === 'line' ? 220 : Math.max(1, chart.rows.length) * ROW + 12
}

function axes(chart: Chart, theme: Theme) {
  const names = {
    type: 'category' as const, data: chart.rows.map(({ name }) => name), axisTick: { show: false },
    axisLine: { lineStyle: { color: theme.line } }, axisLabel: { color: theme.text, fontSize: 13, width: 128, overflow: 'truncate' as const },
  }
  const numbers = { type: 'value' as const, min: 0, ...(chart.most === undefined ? {} : { max: chart.most }), axisLabel: { show: false }, splitLine: { show: false } }
  return chart.form === 'bars' ? { xAxis: numbers, yAxis: { ...names, inverse: true } } : { xAxis: names, yAxis: numbers }
}

export function optionOf(chart: Chart, theme: Theme) {
  const bars = chart.form === 'bars'
  const last = chart.series.length - 1
  return {
    animation: false,
    textStyle: { fontFamily: theme.font },
    grid: bars ? { left: 8, right: 150, top: 4, bottom: 4, containLabel: true } : { left: 16, right: 48, top: 28, bottom: 8, containLabel: true },
    ...axes(chart, theme),
    series: chart.series.map((series, at) => ({
      name: series.name,
      type: bars ? ('bar' as const) : ('line' as const),
      ...(bars ? { stack: 'all', barWidth: 16 } : { symbolSize: 7, lineStyle: { width: 2 } }),
      data: [...series.values],
      itemStyle: { color: theme[series.look] },
      cursor: chart.rows.some(({ to }) => to) ? 'pointer' : 'default',
      label: {
        show: bars ? at === last : true, position: bars ? ('right' as const) : ('top' as const), color: theme.text, fontSize: 13,
        ...(chart.said ? { formatter: ({ dataIndex }: { dataIndex: number }) => chart.said?.[dataIndex] ?? '' } : {}),
      },
    })),
  }
}
