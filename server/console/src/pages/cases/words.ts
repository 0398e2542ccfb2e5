/** Milestones in words. */
import { language, t } from '@/i18n'
import type { Milestone } from '@/api/types'
import { span } from '@/parts/deadline'

export function milestoneText(name: string): string {
  const known = { stop: t('cases.stop'), penalty: t('cases.penalty'), removal: t('cases.removal'), close: t('cases.closeMilestone'), accept: t('cases.acceptMilestone') }
  return known[name as keyof typeof known] ?? name
}

export function limitText(milestone: Milestone): string {
  const unit = milestone.clock as 'natural_hours'
  return t(`cases.${unit}`, { n: milestone.within }) + (milestone.extra ? ` ${t('cases.extra', { n: milestone.extra })}` : '')
}

/** What is left on its own clock, in its own unit: an office's hour and day are not those of the sun. */
export function leftText(milestone: Milestone): string {
  const { left_days: days, left_ms: ms } = milestone
  if (days !== null && days !== undefined) return said(unit(Math.abs(days), '工作日', 'working day'), days < 0)
  if (ms === null || ms === undefined) return ''
  const hours = Math.floor(Math.abs(ms) / 3_600_000)
  const worked = milestone.clock === 'working_hours' && hours > 0
  return said(worked ? unit(hours, '工作时', 'working hour') : span(Math.abs(ms), language.value), ms < 0)
}

const unit = (n: number, zh: string, en: string): string => (language.value === 'zh' ? `${n} ${zh}` : `${n} ${en}${n === 1 ? '' : 's'}`)

function said(text: string, over: boolean): string {
  if (language.value === 'zh') return over ? `超 ${text}` : `余 ${text}`
  return over ? `${text} over` : `${text} left`
}
