//! People's names, and what changes about a shop from one visit to the next.

use schemas::Scalar;
use sync_core::record::Edit;

use super::{ground, numbers, set, shops, text};
use crate::demo::Rng;

const FAMILY: [&str; 36] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾",
    "欧阳", "上官", "单", "仇",
];
const GIVEN: [&str; 48] = [
    "伟", "芳", "娜", "敏", "静", "秀英", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟",
    "涛", "明", "超", "秀兰", "霞", "平", "刚", "桂英", "建国", "建华", "志强", "小红", "晓燕",
    "海波", "玉兰", "文博", "雨桐", "子涵", "国庆", "立新", "春生", "秋菊", "冬梅", "大勇", "阿珍",
    "水根", "根宝", "金凤", "银花", "福生", "长林", "思远", "嘉怡",
];

/// A person who does not exist.
#[derive(Clone, Debug)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The identity number.
    pub identity: String,
    /// The telephone number.
    pub phone: String,
}

impl Person {
    /// Anyone.
    pub fn any(rng: &mut Rng) -> Self {
        Self {
            name: name(rng),
            identity: numbers::identity(rng),
            phone: numbers::phone(rng),
        }
    }
}

/// A name.
pub(super) fn name(rng: &mut Rng) -> String {
    let family = rng.pick(&FAMILY).copied().unwrap_or("王");
    let given = rng.pick(&GIVEN).copied().unwrap_or("伟");
    format!("{family}{given}")
}

/// A family name.
pub(super) fn family(rng: &mut Rng) -> &'static str {
    rng.pick(&FAMILY).copied().unwrap_or("王")
}

/// One of several codes.
pub(super) fn one<'a>(rng: &mut Rng, of: &[&'a str]) -> &'a str {
    rng.pick(of).copied().unwrap_or_default()
}

/// One thing about a shop that an inspector finds changed.
pub fn shop_edit(rng: &mut Rng) -> Option<Edit> {
    const STATES: [&str; 5] = ["open", "fitting-out", "vacant", "for-transfer", "closed"];
    match rng.below(9) {
        0 | 1 => text("operating_state", one(rng, &STATES)),
        2 => {
            let trade = shops::trade(rng);
            text("business_type", trade.code)
        }
        3 => {
            let trade = shops::trade(rng);
            text("sign_name", shops::sign(rng, trade))
        }
        4 => text("licence_match", one(rng, &["yes", "no", "unlicensed"])),
        5 => text("lease_end", numbers::date(rng, 2026, 6)),
        6 => text(
            "area_band",
            one(rng, &["to-100", "to-200", "to-300", "over-300"]),
        ),
        7 => set("lived_in", Scalar::Bool(rng.chance(50))),
        _ => set("location", Scalar::Bytes(ground::anywhere(rng).to_vec())),
    }
}
