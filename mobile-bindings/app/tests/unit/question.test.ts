import { expect, test } from 'vitest'
import { questionIn } from '@/pages/tasks/question'

test('what the server words in both languages is shown in one', () => {
  const both = '占堵疏散通道：请到现场核查 / Blocked exit: see on the spot'
  expect(questionIn(both, 'zh')).toBe('占堵疏散通道：请到现场核查')
  expect(questionIn(both, 'en')).toBe('Blocked exit: see on the spot')
})

test('a clerk’s words stay as they are', () => {
  for (const text of ['证件照片不清楚', '补拍正面 / 反面', 'front / back', '']) {
    expect(questionIn(text, 'en')).toBe(text)
    expect(questionIn(text, 'zh')).toBe(text)
  }
})
