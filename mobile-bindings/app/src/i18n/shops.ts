import { table } from './table'

export const shops = table({
  title: ['商铺', 'Shops'],
})
