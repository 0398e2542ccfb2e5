import { table } from './table'

export const shops = table({
  title: ['商铺', 'Shops'],
  search: ['搜店招、门牌、业主、证照号', 'Sign, door, owner, licence'],
  clear: ['清空搜索', 'Clear search'],
  type: ['业态', 'Business type'],
  type_chosen: ['业态：{type}', 'Type: {type}'],
  any_type: ['不限业态', 'Any type'],
  overdue: ['逾期', 'Overdue'],
  findings: ['有问题', 'With findings'],
  filters: ['筛选', 'Filters'],
  results: ['{n} 户', '{n} shop{n_s}'],
  none: ['没有「{q}」', 'No match for “{q}”'],
  none_filter: ['没有符合筛选的商铺', 'No shop fits these filters'],
  none_all: ['名册里还没有商铺', 'No shops in the book yet'],
  clear_filters: ['清除筛选', 'Clear filters'],
  add: ['新增商铺', 'Add shop'],
})
