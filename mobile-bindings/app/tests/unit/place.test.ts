import { expect, test } from 'vitest'
import { deviceOf, inWeChat } from '../../src/core/place'
import { ticketIn } from '../../src/core/ticket'
import { faultOf } from '../../src/pages/setup/passphrase'

test('a code is found in a link, in a QR of it, and as typed with blanks', () => {
  expect(ticketIn('https://book.example/app/#/setup?ticket=AB_12-cd34')).toBe('AB_12-cd34')
  expect(ticketIn('#enrol=ABCDEFGH12')).toBe('ABCDEFGH12')
  expect(ticketIn(' AB_12 -cd34\n')).toBe('AB_12-cd34')
  expect(ticketIn('https://elsewhere.example/')).toBeNull()
  expect(ticketIn('启用码')).toBeNull()
})

test('WeChat and iPhones are told apart, an iPad that says it is a Mac too', () => {
  expect(inWeChat('Mozilla/5.0 (iPhone) MicroMessenger/8.0.49')).toBe(true)
  expect(deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)')).toBe('iphone')
  expect(deviceOf('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 5)).toBe('iphone')
  expect(deviceOf('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)')).toBe('other')
  expect(deviceOf('Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1')).toBe('android')
})

test('a passphrase is long enough, not short digits, and twice the same', () => {
  expect(faultOf('七个字的口令啊', '七个字的口令啊')).toBe('setup.passphraseShort')
  expect(faultOf('12345678901', '12345678901')).toBe('setup.passphraseDigits')
  expect(faultOf('八个字的口令在此', '八个字的口令在')).toBe('setup.passphraseDiffers')
  expect(faultOf('八个字的口令在此', '八个字的口令在此')).toBeNull()
})
