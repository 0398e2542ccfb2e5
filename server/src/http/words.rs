//! What problems say to people, in Chinese and English: by their type, and where there are fixed
//! words for the one case, by those. Each has a code that stays as long as it means the same.

mod acts;
mod desk;

use crate::records::values::Words;

/// What happened, by the last part of a problem's type.
const TYPES: &[(&str, &str, &str)] = &[
    (
        "malformed",
        "服务器读不懂这个请求。",
        "The request cannot be read.",
    ),
    (
        "unauthenticated",
        "没有登录，或登录已过期。",
        "Nobody is signed in, or the session is over.",
    ),
    (
        "wrong-sign-in",
        "账号、密码或验证码不对。",
        "The login, password or code is wrong.",
    ),
    (
        "code-wanted",
        "还要第二验证的验证码。",
        "The code of the second factor is needed.",
    ),
    (
        "factor-wanted",
        "请先启用第二验证。",
        "Set up a second factor first.",
    ),
    (
        "forbidden",
        "这一步不归你的岗位。",
        "This is not for your role.",
    ),
    (
        "password-change",
        "请先修改密码。",
        "Change your password first.",
    ),
    (
        "not-found",
        "它不在了，或不在你的辖区。",
        "It is not there, or not within your areas.",
    ),
    (
        "wrong-method",
        "这个地址不支持这种操作。",
        "The path does not take this method.",
    ),
    (
        "conflict",
        "现在的状态不允许这一步。",
        "As things stand this is not possible.",
    ),
    ("gone", "这条记录已被清除。", "It was erased."),
    (
        "stale",
        "别人刚改过，请再读一遍。",
        "Somebody changed it meanwhile: read again.",
    ),
    ("needs-version", "缺少 If-Match。", "If-Match is missing."),
    ("too-large", "内容太大。", "It is too large."),
    (
        "unsupported",
        "不支持这种内容。",
        "This type of content is not taken.",
    ),
    ("invalid", "填得不对。", "It is not acceptable."),
    (
        "too-many-attempts",
        "试得太多，请稍后再试。",
        "Too many attempts: wait.",
    ),
    ("too-many", "太频繁，请稍后再试。", "Too often: wait."),
    (
        "internal",
        "服务器出了故障，没有改动任何内容。",
        "A fault of the server; nothing was changed.",
    ),
    (
        "full",
        "服务器磁盘已满，没有保存。",
        "The server's disk is full; nothing was saved.",
    ),
    (
        "busy",
        "服务器忙，请稍后再试。",
        "The server is busy: wait.",
    ),
];

/// What is said of one case: the fixed words, and the same in Chinese.
const CASES: &[(&str, &str)] = &[
    ("one key, or up to 20 keys", "一项，或至多 20 项"),
    ("1 to 100 decisions", "一次 1 到 100 项裁定"),
    ("1 to 200 edits", "一次 1 到 200 处修改"),
    ("1 to 200 rows", "一页 1 到 200 行"),
    (
        "1 to 24 letters, digits and hyphens",
        "1 到 24 个字母、数字或连字符",
    ),
    (
        "1 to 32 codes of areas, of 6, 9, 12 or 15 digits",
        "1 到 32 个区域代码，6、9、12 或 15 位数字",
    ),
    ("1 to 32 grids", "1 到 32 个网格"),
    ("1 to 80 characters", "1 到 80 个字"),
    (
        "2 to 40 of a-z, 0-9, dot, hyphen and underscore",
        "2 到 40 个小写字母、数字、点、连字符或下划线",
    ),
    (
        "a file holds 20,000 rows at most: narrow the list",
        "一个文件最多 20,000 行，请缩小范围",
    ),
    (
        "a grid of theirs is not in your areas",
        "其中有网格不在你的辖区",
    ),
    (
        "a reason of 1 to 200 characters is needed",
        "请写 1 到 200 字的理由",
    ),
    ("a record cannot be merged into itself", "不能与自己合并"),
    (
        "a roster has at most 5,000 rows: file it by smaller areas",
        "一份名册最多 5,000 行，请按更小的区域上报",
    ),
    ("a time that has been", "应是过去的时间"),
    ("a time to come", "应是将来的时间"),
    ("an area that is not within yours", "不在你的辖区"),
    ("an id of letters and digits", "应是字母和数字的编号"),
    (
        "an inspector has at most 32 grids",
        "一名信息员最多 32 个网格",
    ),
    ("application/json is wanted", "应为 application/json"),
    (
        "cases are taken in by the office that leads them",
        "案件由牵头部门受理",
    ),
    ("either a change or a value", "二选一：某次修改，或一个值"),
    ("hotline, transfer or joint", "热线、部门转办或联合检查"),
    (
        "inspectors work on phones",
        "信息员用手机工作，没有后台账号",
    ),
    ("it does not wait any more", "它已经不在等待"),
    ("it goes where its shop goes", "它随商铺移动"),
    ("it is in this grid", "它已在这个网格"),
    ("it is not merged", "它没有合并"),
    ("it is settled: reopen it first", "现场已选定，请先重开"),
    ("it was confirmed or revoked before", "此前已确认或停用"),
    ("it was not settled in the field", "它不是现场选定的"),
    ("it was revoked before", "此前已停用"),
    ("it was revoked", "已停用"),
    (
        "items are for the office that they went to",
        "事项归承办部门",
    ),
    ("its value is not among those here", "这里没有这个值"),
    ("longer than 2,000 characters", "超过 2,000 字"),
    ("more than 20", "超过 20 项"),
    ("no such class of findings", "没有这个问题小类"),
    ("no such grid", "没有这个网格"),
    ("no such milestone", "没有这个节点"),
    ("no such office", "没有这个部门"),
    ("no such severity", "没有这个等级"),
    ("no such shop in this grid", "这个网格没有这户商铺"),
    ("nobody of this office", "不是这个部门的人"),
    ("nobody takes their own rights away", "不能取消自己的权限"),
    ("not a mark of this office", "这个部门没有这种办理"),
    ("not a sign-in name or staff number", "不是账号或工号"),
    (
        "nothing is open in this month's roster",
        "这个月的名册没有待办",
    ),
    ("nothing to look for", "没有可搜的字"),
    ("one line of at most 60 characters", "一行，最多 60 字"),
    ("one of them was merged already", "其中一户已经合并过"),
    (
        "only a head of the office says that nothing is to be done",
        "只有科长能作废",
    ),
    (
        "only shops are visited, and only supervisors know of visits",
        "只有商铺有巡查，且只有主管能看",
    ),
    ("only shops have a business type", "只有商铺有业态"),
    (
        "open, contested, settled or decided",
        "open、contested、settled 或 decided",
    ),
    ("records of two kinds are not one", "两类档案不能合并"),
    (
        "rosters are filed by the office they are for",
        "名册由所属部门上报",
    ),
    ("say which class of finding it is", "请选问题小类"),
    ("say which of your areas", "请选辖区"),
    ("sign in first", "请先登录"),
    ("signing in takes https", "登录需要 https"),
    ("the X-CSRF-Token is not right", "X-CSRF-Token 不对"),
    ("the body broke off", "请求没有传完"),
    (
        "the body does not have the form of this request",
        "请求内容的格式不对",
    ),
    ("the body is not JSON", "请求内容不是 JSON"),
    (
        "the case stands where this step does not follow",
        "案件现在的状态不能走这一步",
    ),
    (
        "the code of a grid in one of your areas",
        "应是你辖区内的网格代码",
    ),
    ("the code of a grid or area", "应是网格或区域代码"),
    ("the edit changes nothing", "值没有变"),
    ("the inspector is inactive", "该信息员已停用"),
    ("the kind has no such field", "这类档案没有此项"),
    (
        "the last grid: give another one first, or set the inspector inactive",
        "这是最后一个网格：先给另一个，或停用该信息员",
    ),
    ("the list is not sorted by this", "列表不能按它排序"),
    ("the month is not over", "这个月还没结束"),
    ("the new password is the old one", "新密码与旧密码相同"),
    (
        "the query does not have the form of this request",
        "查询条件的格式不对",
    ),
    ("the record stands in this grid already", "档案已在这个网格"),
    (
        "the record stands where its shop stands",
        "它随商铺所在的网格",
    ),
    ("the record was not merged", "它没有合并"),
    (
        "the record's kind is not known here",
        "服务器不认识这类档案",
    ),
    ("the request comes from another site", "请求来自别的网站"),
    ("the session is over", "登录已过期"),
    (
        "the value has the wrong type for this field",
        "值的类型不对",
    ),
    (
        "the winner was merged into another record",
        "保留的一户已并入另一户",
    ),
    ("there is an account with this login", "已有这个账号"),
    ("there is an inspector with this number", "已有这个工号"),
    ("there is no such code", "没有这个代码"),
    ("there is no such grid", "没有这个网格"),
    (
        "there is no such kind, or it is not for you",
        "没有这类档案，或不归你的岗位",
    ),
    ("there is no such office", "没有这个部门"),
    ("there is no such record", "没有这条档案"),
    ("there is no such role", "没有这个岗位"),
    ("there is no such shop", "没有这户商铺"),
    (
        "these are not the words of its key",
        "与手机密钥的词不一致，请重读一遍",
    ),
    ("they were told apart before", "此前已说过是两户"),
    ("this field is not masked", "这一项没有遮盖"),
    ("this is no cursor of this list", "翻页标记不属于这个列表"),
    ("this is not a date", "不是日期"),
    ("this is not an identity number", "不是身份证号"),
    ("this is not a phone number", "不是电话号码"),
    ("this is not a credit code", "不是统一社会信用代码"),
    ("this is not for your role", "这一步不归你的岗位"),
    ("this is not the code now", "验证码不对"),
    ("this item is filed as a case, or void", "事项已立案或作废"),
    ("this item is not filed as a case", "这个事项不立案"),
    ("this item was settled", "事项已办结"),
    ("this kind has no state", "这类档案没有状态"),
    ("this mark needs a reason", "这种办理要写理由"),
    ("this office may not write the field", "这个部门不能改此项"),
    ("this record has no such field", "这条档案没有此项"),
    ("this role acts for an office", "这个岗位要有部门"),
    ("this role acts for no office", "这个岗位没有部门"),
    (
        "this step is for another office or role",
        "这一步归其他部门或岗位",
    ),
    ("too long", "太长"),
    ("true to keep, null to remove", "true 保留，null 删除"),
    ("two different shops are merged", "合并的应是两户不同的商铺"),
    ("two different shops are told apart", "应是两户不同的商铺"),
    ("you may not write this field", "你的岗位不能改此项"),
];

/// The words of a type of problem; `title` where it is one of phones alone.
pub(super) fn of_type(name: &str, title: &str) -> Words {
    let known = TYPES.iter().find(|(known, ..)| *known == name);
    known.map_or_else(
        || Words::fixed(title, title),
        |(_, zh, en)| Words::fixed(zh, en),
    )
}

/// Every fixed word that has a Chinese one.
fn cases() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    CASES.iter().chain(desk::CASES).chain(acts::CASES)
}

/// The words of one case. Where only English stands, it says what type of problem it is in Chinese.
pub(super) fn of_case(said: &str, of_type: &Words) -> Words {
    let zh = cases().find(|(known, _)| *known == said);
    let zh = zh.map_or(of_type.zh.as_str(), |(_, zh)| zh);
    Words::fixed(zh, said)
}

/// Fixed words as a code: `it-is-in-this-grid`.
pub(super) fn code(said: &str) -> String {
    let mut code = String::with_capacity(said.len());
    for c in said.chars() {
        if c.is_ascii_alphanumeric() {
            code.push(c.to_ascii_lowercase());
        } else if !code.ends_with('-') && c != '\'' {
            code.push('-');
        }
    }
    code.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn codes_are_of_lower_case_words_and_unique() {
        assert_eq!(
            code("it is settled: reopen it first"),
            "it-is-settled-reopen-it-first"
        );
        assert_eq!(code("the record's kind"), "the-records-kind");
        let codes: BTreeSet<String> = cases().map(|(said, _)| code(said)).collect();
        assert_eq!(codes.len(), cases().count());
    }

    /// Words that nobody says any more are taken out.
    #[test]
    fn every_case_is_said_somewhere() {
        fn gather(at: &Path, text: &mut String) {
            for entry in fs::read_dir(at).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    gather(&path, text);
                } else if path.extension().is_some_and(|ending| ending == "rs")
                    && !path.ends_with("http/words.rs")
                    && !at.ends_with("http/words")
                {
                    text.push_str(&fs::read_to_string(&path).unwrap());
                }
            }
        }
        let mut source = String::new();
        gather(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut source,
        );
        let unsaid: Vec<&str> = cases()
            .map(|(said, _)| *said)
            .filter(|said| !source.contains(&format!("\"{said}\"")))
            .collect();
        assert!(unsaid.is_empty(), "{unsaid:?}");
    }
}
