//! What problems say of spot checks, versions of the schemas, registration lists, and what offices
//! add to cases.

/// The fixed words, and the same in Chinese.
pub(super) const CASES: &[(&str, &str)] = &[
    ("1 to 100 records", "一次 1 到 100 条"),
    ("1 to 200 doors of a grid", "每个网格抽 1 到 200 户"),
    ("1 to 30 days", "1 到 30 天"),
    (
        "a batch from the register to the street draws from the register",
        "倒查批次从名册抽取，不用名单。",
    ),
    (
        "a case has at most 200 pictures",
        "一个案件最多 200 张照片。",
    ),
    ("a door waits for its judgement", "还有门牌没有判定。"),
    ("a grid of the list's area", "请选名单区域内的网格"),
    (
        "a task of this row is under way",
        "这一行已派补采，还没办完。",
    ),
    ("a time of the next 92 days", "92 天以内的时间"),
    (
        "a version is for every area, and some are not yours",
        "规则对所有区域生效，其中有的不归你管。",
    ),
    (
        "a version of this number was published",
        "这个版本号已经发布过。",
    ),
    ("an appeal waits for its decision", "还有申诉等待裁定。"),
    ("an empty file", "文件是空的"),
    ("at most 50 phones", "最多 50 部手机"),
    ("at most 8 offices on one case", "一个案件最多 8 个部门"),
    (
        "help begins once an office has the case",
        "派给部门之后才能协助办证。",
    ),
    (
        "helping, applied, granted or not_needed",
        "请选协助中、已申请、已取得或不需要",
    ),
    ("it has no list to draw from", "还没有门牌名单，不能抽取。"),
    ("it was drawn already", "这一批已经抽取过。"),
    ("it was judged already", "已经判定过。"),
    ("it was looked at already", "已经看过，不能换人。"),
    (
        "licences are helped with on business-type changes",
        "只有业态变动案件协助办证。",
    ),
    ("no appeal waits", "没有待裁定的申诉。"),
    (
        "no door of this area is in the list",
        "名单里没有这个区域的门牌",
    ),
    (
        "no inspector of this street with a phone has this number",
        "本街道没有这个工号、且有手机的信息员",
    ),
    ("no row of it can be used", "文件里没有可用的行"),
    ("no such judgement", "没有这种判定"),
    ("no such licence", "没有这种证照"),
    ("no such method", "没有这种抽查方式"),
    ("no such phone in use", "没有这部在用的手机"),
    ("nobody has looked there yet", "还没有人看过。"),
    (
        "nobody with a phone walks this grid",
        "这个网格没有带手机的信息员。",
    ),
    ("offices add pictures", "只有部门能添加照片。"),
    (
        "offices that are there and not on the case yet, each once",
        "请选还没有参加的部门，每个一次",
    ),
    (
        "one closed ring of 4 to 500 corners",
        "4 到 500 个点的闭合线",
    ),
    ("one line of at most 40 characters", "一行，最多 40 个字"),
    (
        "only a draft is tried, published, withdrawn",
        "只有草稿能试用、发布、撤回。",
    ),
    (
        "only a fault that was judged is appealed against, and once",
        "只能对判错的门牌申诉，且只能一次。",
    ),
    (
        "only an office that was gathered says so",
        "只有参加联合检查的部门能写意见。",
    ),
    (
        "only what was drawn is locked, and once",
        "抽取过的批次才能锁定，且只能一次。",
    ),
    ("open, done or ignored", "请选待办、已办或忽略"),
    (
        "registration lists are not for your office",
        "登记名单不归你的部门。",
    ),
    ("say what was found", "请写明检查情况"),
    (
        "somebody else than who judged decides",
        "申诉由判定人以外的人裁定。",
    ),
    ("spot checks are not for your office", "抽查不归你的部门。"),
    ("the batch is locked", "这一批已锁定。"),
    ("the case has no such picture", "案件里没有这张照片"),
    ("the code of one of your areas", "请选你辖区内的区域"),
    ("the list has no such column", "文件里没有这一列"),
    ("the office that has the case helps", "由承办部门协助办证。"),
    (
        "the office that leads the case gathers others",
        "由牵头部门组织联合检查。",
    ),
    (
        "the register has no shop with a door there",
        "名册里这个区域没有带门牌的商铺。",
    ),
    ("the shop stands in another", "商铺在另一个网格"),
    ("the time to appeal is not over", "申诉期还没有过。"),
    ("the time to appeal is over", "申诉期已过。"),
    (
        "the version in force has gone on: upload it again",
        "现行版本已更新，请重新上传。",
    ),
    (
        "there is nothing to find out",
        "这一行与名册一致，不用补采。",
    ),
    (
        "these files make no version: check them first",
        "文件有错，请先检查",
    ),
    ("they walk this grid themselves", "抽查人自己走这个网格"),
    (
        "this cannot follow the version in force: check it first",
        "不能接在现行版本之后，请先检查",
    ),
    (
        "this is no CSV file or XLSX workbook that can be read",
        "读不出这个文件，请用 CSV 或 XLSX",
    ),
    (
        "what is wrong, where something is wrong",
        "判错项时请选错在哪里，其他判定不选",
    ),
];
