//! What problems say of merges, changes taken over, hand-overs, figures and cases that have ended.

/// The fixed words, and the same in Chinese.
pub(super) const CASES: &[(&str, &str)] = &[
    ("1 to 200 fields", "一次 1 到 200 项"),
    ("YYYY-MM", "年月写成 2026-11 这样"),
    ("YYYY-MM-DD", "日期写成 2026-11-23 这样"),
    ("a month that has begun", "请选已经开始的月份"),
    ("a month, YYYY-MM", "月份写成 2026-11 这样"),
    (
        "a picture stays with the shop that it was taken of",
        "照片留在原来那户，不能并过来",
    ),
    ("a state is of one kind", "按状态筛选请先选一种档案"),
    (
        "an earlier change of the same author on the record waits: settle that first",
        "同一人对这份档案的前一条还在等，请先处理那一条。",
    ),
    ("at most 200 fields", "一次最多 200 项"),
    ("it cannot be read", "读不出这一条"),
    ("it does not write this", "这一条没有写这一项"),
    (
        "nothing of the record has entered yet: release it",
        "这份档案还没有入账，请直接放行。",
    ),
    ("say of which", "请说明是哪一个"),
    ("the case has ended", "案件已经结束。"),
    (
        "the edit does not fit the record",
        "这些内容与档案现在的样子不合。",
    ),
    (
        "the grid is the other's own: there is nothing to cover",
        "这个网格本来就归对方，不用代班",
    ),
    (
        "the inspector does not walk the grid",
        "这位信息员不走这个网格",
    ),
    ("the other shop has no such field", "另一户没有这一项"),
    (
        "the record cannot take the edit",
        "这份档案现在不能这样改。",
    ),
    (
        "there is no such picture for you",
        "没有这张照片，或不归你看",
    ),
    (
        "this program cannot read the version",
        "服务器程序读不懂这个版本。",
    ),
    ("two different inspectors", "请选两位不同的信息员"),
];
