import { table } from '#phone/i18n/table'

/** Codes of the API that are not in the schemas. */
export const states = table({
  pending: ['待立案', 'Waiting to be filed'],
  filed: ['已立案', 'Filed'],
  assigned: ['已派遣', 'Assigned'],
  handling: ['处置中', 'Handling'],
  reported: ['已反馈', 'Reported'],
  verified: ['核查通过', 'Verified'],
  guided: ['引导', 'Guided'],
  adjusted: ['调整', 'Adjusted'],
  settled: ['明确', 'Settled'],
  returned: ['已回退', 'Returned'],
  extension_requested: ['延期申请中', 'Extension asked'],
  postponement_requested: ['缓办申请中', 'Postponement asked'],
  postponed: ['缓办', 'Postponed'],
  closed: ['已结案', 'Closed'],
  void: ['已作废', 'Void'],
  joined: ['已并案', 'Joined'],
  // Items.
  open: ['待办', 'Open'],
  back: ['退回补采', 'Sent back'],
  done: ['已办', 'Done'],
  active: ['在岗', 'Active'],
  inactive: ['停用', 'Inactive'],
})

export const steps = table({
  open: ['收到', 'Came in'],
  accept: ['立案', 'File'],
  assign: ['派遣', 'Assign'],
  handle: ['开始处置', 'Begin'],
  reach: ['完成节点', 'Reach milestone'],
  report: ['反馈', 'Report back'],
  verify_pass: ['核查通过', 'Verification passed'],
  verify_fail: ['核查不通过', 'Verification failed'],
  close: ['结案', 'Close'],
  guide: ['引导', 'Guide'],
  adjust: ['调整', 'Adjust'],
  settle: ['明确', 'Settle'],
  return: ['回退', 'Return'],
  void: ['作废', 'Void'],
  join: ['并案', 'Join'],
  joined_by: ['并入', 'Joined by'],
  request_extension: ['申请延期', 'Ask for extension'],
  grant_extension: ['同意延期', 'Grant extension'],
  decline_extension: ['不同意延期', 'Decline extension'],
  request_postponement: ['申请缓办', 'Ask for postponement'],
  grant_postponement: ['同意缓办', 'Grant postponement'],
  decline_postponement: ['不同意缓办', 'Decline postponement'],
  resume: ['恢复办理', 'Resume'],
  gather: ['联合检查', 'Joint inspection'],
  opinion: ['反馈意见', 'Said what was found'],
  licence: ['协助办证', 'Help with a licence'],
})

export const marks = table({
  entered: ['已录入', 'Entered'],
  existing: ['已存在', 'Existing'],
  back: ['退回补采', 'Send back'],
  done: ['已办', 'Done'],
  void: ['作废', 'Void'],
  filed: ['已立案', 'Filed'],
})

export const sources = table({
  patrol: ['巡查', 'Patrol'],
  spot_check: ['抽查', 'Spot check'],
  hotline: ['热线', 'Hotline'],
  transfer: ['部门转办', 'Transfer'],
  joint: ['联合检查', 'Joint inspection'],
})

export const classes = table({
  'business-type-changes': ['业态变动', 'Business-type change'],
  'finding-reported': ['问题上报', 'Finding reported'],
})

/** Why two shops may be one. */
export const causes = table({
  credit_code: ['统一社会信用代码相同', 'Same credit code'],
  door_and_name: ['同一门牌、名称相近', 'Same door, similar names'],
})
