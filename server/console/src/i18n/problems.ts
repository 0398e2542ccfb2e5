import { table } from '#phone/i18n/table'

/** By the type of the problem: what happened and what to do. */
export const problems = table({
  malformed: ['服务器读不懂这个请求，请刷新页面。', 'The server could not read this request; reload the page.'],
  unauthenticated: ['登录已过期，请重新登录。', 'The session is over; sign in again.'],
  'wrong-sign-in': ['账号、密码或验证码不对。', 'The login, password or code is wrong.'],
  'code-wanted': ['请输入第二验证的验证码。', 'Type the code of your second factor.'],
  forbidden: ['这一步不归你的岗位。', 'This is not for your role.'],
  'password-change': ['请先修改密码。', 'Change your password first.'],
  'not-found': ['它不在了，或不在你的辖区。', 'It is not there, or not within your areas.'],
  'wrong-method': ['服务器不支持这个操作，请刷新页面。', 'The server does not take this; reload the page.'],
  conflict: ['现在的状态不允许这一步。', 'As things stand this is not possible.'],
  gone: ['这条记录已被清除。', 'This record was erased.'],
  stale: ['别人刚改过，已重新读取，请再看一遍。', 'Somebody changed it meanwhile; it was read again, look once more.'],
  'too-large': ['内容太大。', 'This is too large.'],
  unsupported: ['服务器不支持这种内容。', 'The server does not take this type.'],
  invalid: ['「{at}」填得不对。', '{at} is not acceptable.'],
  'needs-version': ['缺少版本，请刷新页面。', 'The version is missing; reload the page.'],
  'too-many-attempts': ['试得太多，请等 {wait} 秒再试。', 'Too many attempts; wait {wait} seconds.'],
  'too-many': ['太频繁，请等 {wait} 秒再试。', 'Too often; wait {wait} seconds.'],
  internal: ['服务器出了故障，没有改动任何内容。请稍后重试。', 'A fault of the server; nothing was changed. Try again later.'],
  full: ['服务器磁盘已满，没有保存。请告知管理员。', 'The server’s disk is full; nothing was saved. Tell the administrator.'],
  busy: ['服务器忙，请等 {wait} 秒再试。', 'The server is busy; wait {wait} seconds.'],
  offline: ['连不上服务器，没有保存。填好的内容还在。', 'The server was not reached; nothing was saved. What you typed is kept.'],
  page: ['这一页出了故障，请刷新。', 'This page has a fault; reload it.'],
  decidedElsewhere: ['另一位主管已裁定，你写的还在。', 'Another supervisor has decided; what you wrote is kept.'],
})

/** The server's fixed words (`detail`) that people meet. The key is what stands between the first and last word. */
export const details = {
  'it is settled: reopen it first': ['现场已自行解决，请先重开。', 'It is settled: reopen it first.'],
  'it does not wait any more': ['它已经不在等待。', 'It does not wait any more.'],
  'it was not settled in the field': ['它不是现场解决的。', 'It was not settled in the field.'],
  'one of them was merged already': ['其中一户已经合并过。', 'One of them was merged already.'],
  'it was confirmed or revoked before': ['此前已确认或停用。', 'It was confirmed or revoked before.'],
  'it was revoked before': ['此前已停用。', 'It was revoked before.'],
  'these are not the words of its key': ['与手机密钥的词不一致，请重读一遍。', 'These are not the words of its key; read them again.'],
  'the inspector is inactive': ['该信息员已停用。', 'The inspector is inactive.'],
  'the last grid: give another one first, or set the inspector inactive': ['这是最后一个网格：先给另一个，或停用该信息员。', 'The last grid: give another one first, or set the inspector inactive.'],
  'the case stands where this step does not follow': ['案件现在的状态不能走这一步。', 'The case stands where this step does not follow.'],
  'this step is for another office or role': ['这一步归其他部门或岗位。', 'This step is for another office or role.'],
  'you may not write this field': ['你的岗位不能改这一项。', 'You may not write this field.'],
  'nothing to look for': ['没有可搜的字。', 'Nothing to look for.'],
  'a reason of 1 to 200 characters is needed': ['请写 1 到 200 字的理由。', 'A reason of 1 to 200 characters is needed.'],
  'the edit changes nothing': ['值没有变，没有保存。', 'The value is the same; nothing was saved.'],
  'it was said before': ['此前已说过。', 'It was said before.'],
} as const satisfies Record<string, readonly [string, string]>
