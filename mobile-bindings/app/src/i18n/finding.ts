import { table } from './table'

export const finding = table({
  title: ['报问题', 'Report'],
})
