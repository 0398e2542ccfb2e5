import { expect, it } from 'vitest'

it('codes with dots have their words', async () => {
  const { language, word } = await import('@/i18n')
  expect(word('acts', 'record.reveal')).toBe('显示号码')
  language.value = 'en'
  expect(word('acts', 'record.reveal')).toBe('Revealed a value')
  expect(word('acts', 'never.heard')).toBe('never.heard')
  expect(word('acts', null)).toBe('')
})
