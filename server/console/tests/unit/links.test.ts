import { expect, it } from 'vitest'
import { pageOf } from '@/pages/overview/links'
import { heightOf, optionOf } from '@/parts/chart/chart'

it('a figure leads to the page that shows its list, with its filters', () => {
  expect(pageOf('/cases?open=true&office=fire-brigade&age=over_30')).toEqual({ name: 'cases', query: { open: 'true', office: 'fire-brigade', age: 'over_30' } })
  expect(pageOf('/devices?standing=in_use')).toEqual({ name: 'people', params: { tab: 'phones' }, query: { standing: 'in_use' } })
  // Closed ones too: the page shows open ones unless it is told.
  expect(pageOf('/cases?due_month=2026-10')).toEqual({ name: 'cases', query: { open: '', due_month: '2026-10' } })
  expect(pageOf('/nowhere')).toBeNull()
  expect(pageOf(undefined)).toBeNull()
})

it('bars begin at zero, keep their order and say their numbers', () => {
  const theme = { primary: '#1', ok: '#2', soon: '#3', over: '#4', pause: '#5', line: '#6', text: '#7', font: 'x' }
  const chart = { form: 'bars' as const, rows: [{ name: 'a' }, { name: 'b' }], series: [{ name: 'n', look: 'ok' as const, values: [1, 2] }], said: ['one', 'two'] }
  const option = optionOf(chart, theme)
  expect(option.xAxis).toMatchObject({ min: 0 })
  expect(option.yAxis).toMatchObject({ inverse: true, data: ['a', 'b'] })
  expect(option.series[0]?.label.formatter?.({ dataIndex: 1 })).toBe('two')
  expect(heightOf(chart)).toBe(68)
})
