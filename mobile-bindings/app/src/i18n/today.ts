import { table } from './table'

export const today = table({
  title: ['今日', 'Today'],
})
