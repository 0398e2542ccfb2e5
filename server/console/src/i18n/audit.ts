import { table } from '#phone/i18n/table'

export const audit = table({
  what: ['审计记录', 'entries'],
  time: ['时间', 'Time'],
  who: ['人', 'Who'],
  act: ['动作', 'Act'],
  object: ['对象', 'Object'],
  reason: ['理由', 'Reason'],
  since: ['自', 'From'],
  until: ['至', 'To'],
  objectHint: ['对象的编号', 'Id of the object'],
  whoHint: ['账号', 'Login'],
})

/** Acts of the trace. */
export const acts = table({
  'session.begin': ['登录', 'Signed in'],
  'session.end': ['退出', 'Signed out'],
  'record.reveal': ['显示号码', 'Revealed a value'],
  'file.view': ['看照片', 'Looked at a photo'],
  'account.create': ['建账号', 'Made an account'],
  'account.change': ['改账号', 'Changed an account'],
  'account.recover': ['重置账号', 'Recovered an account'],
  'account.password': ['改密码', 'Changed a password'],
  'account.factor': ['启用第二验证', 'Second factor'],
  'inspector.create': ['建信息员', 'Made an inspector'],
  'inspector.change': ['改信息员', 'Changed an inspector'],
  'inspector.grant': ['给网格', 'Gave a grid'],
  'inspector.withdraw': ['收回网格', 'Withdrew a grid'],
  'device.ticket': ['发启用码', 'Made a ticket'],
  'device.confirm': ['确认手机', 'Confirmed a phone'],
  'device.revoke': ['停用手机', 'Revoked a phone'],
  'list.export': ['导出名单', 'Exported a list'],
  'device.revoke.reason': ['停用手机（理由）', 'Revoked a phone (reason)'],
  'device.recovery.approve': ['同意找回口令', 'Approved a recovery'],
  'device.recovery.refuse': ['拒绝找回口令', 'Refused a recovery'],
})
