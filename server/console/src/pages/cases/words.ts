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

/** What is left on its own clock: working days are counted, hours run. */
export function leftText(milestone: Milestone): string {
  const zh = language.value === 'zh'
  if (milestone.left_days !== null && milestone.left_days !== undefined) {
    const n = Math.abs(milestone.left_days)
    if (milestone.left_days < 0) return zh ? `超 ${n} 工作日` : `${n} working days over`
    return zh ? `余 ${n} 工作日` : `${n} working days left`
  }
  if (milestone.left_ms === null || milestone.left_ms === undefined) return ''
  const text = span(Math.abs(milestone.left_ms), language.value)
  if (milestone.left_ms < 0) return zh ? `超 ${text}` : `${text} over`
  return zh ? `余 ${text}` : `${text} left`
}
