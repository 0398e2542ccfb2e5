import { table } from '#phone/i18n/table'

/** 考核 and 台账. */
export const figures = table({
  title: ['考核台账', 'Figures, ledgers'],
  tab_month: ['考核', 'Figures'],
  tab_steps: ['办理台账', 'Ledger of steps'],
  tab_entries: ['录入台账', 'Ledger of entries'],
  month: ['月份', 'Month'],
  day: ['日期', 'Day'],
  by: ['经办', 'Who did it'],
  running: ['本月还没有完：数会变。', 'The month is not over: its figures move.'],
  over: ['这个月已完。', 'The month is over.'],
  weight: ['权重 {n}', 'Weight {n}'],
  score: ['总分', 'Score'],
  total: ['合计', 'All'],
  noScore: ['样本不足', 'Too few'],
  note: ['每格：率；符合数/样本数，95% 区间。样本少于 10 的不写率。', 'Each cell: the rate; how many of how many, and the 95% interval. No rate is said of fewer than ten.'],
  rows: ['{day} 的台账', 'entries of {day}'],
})
