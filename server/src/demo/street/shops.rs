//! Shops: doors, signs, trades, licences.

use schemas::{EntryId, Name, Scalar};
use sync_core::record::Edit;

use super::{
    GRIDS,
    forms::{family, one},
    ground, numbers, set, text,
};
use crate::demo::Rng;

/// A trade: its code in GB/T 4754, how signs name it, and what kind of small place it is.
#[derive(Clone, Copy)]
pub(super) struct Trade {
    pub(super) code: &'static str,
    signs: &'static [&'static str],
    place: &'static str,
    licence: &'static str,
}

const fn trade_of(
    code: &'static str,
    signs: &'static [&'static str],
    place: &'static str,
    licence: &'static str,
) -> Trade {
    Trade {
        code,
        signs,
        place,
        licence,
    }
}

const TRADES: [Trade; 20] = [
    trade_of(
        "6210",
        &["饭店", "私房菜", "川菜馆", "本帮菜", "羊肉馆"],
        "eatery",
        "food",
    ),
    trade_of(
        "6220",
        &["快餐", "面馆", "馄饨店", "黄焖鸡米饭", "麻辣烫"],
        "eatery",
        "food",
    ),
    trade_of(
        "6291",
        &["生煎", "包子铺", "煎饼", "烧烤", "小笼"],
        "eatery",
        "food",
    ),
    trade_of("6239", &["奶茶", "鲜果茶", "冷饮"], "eatery", "food"),
    trade_of("6232", &["咖啡", "咖啡馆"], "eatery", "food"),
    trade_of(
        "5212",
        &["超市", "生活超市", "平价超市"],
        "shop",
        "business",
    ),
    trade_of(
        "5213",
        &["便利店", "烟酒便利", "二十四小时便利店"],
        "shop",
        "business",
    ),
    trade_of("5222", &["蛋糕房", "面包房", "糕团店"], "shop", "food"),
    trade_of("5223", &["水果店", "鲜果行", "蔬菜店"], "shop", "business"),
    trade_of("5224", &["水产", "鲜肉铺", "禽蛋行"], "shop", "food"),
    trade_of("5227", &["烟酒行", "烟杂店"], "shop", "tobacco"),
    trade_of(
        "5232",
        &["服饰", "童装", "女装店", "裁缝铺"],
        "shop",
        "business",
    ),
    trade_of("5251", &["大药房", "药店"], "shop", "pharmacy"),
    trade_of("5274", &["手机维修", "通讯", "数码"], "shop", "business"),
    trade_of(
        "5281",
        &["五金", "五金建材", "水暖五金"],
        "shop",
        "business",
    ),
    trade_of("8030", &["洗衣", "干洗店"], "shop", "business"),
    trade_of(
        "8040",
        &["理发店", "美容美发", "造型", "美甲"],
        "beauty-bath",
        "hygiene",
    ),
    trade_of("5241", &["文具店", "图文打印"], "shop", "business"),
    trade_of("5297", &["宠物用品", "宠物生活馆"], "shop", "business"),
    trade_of("5295", &["旧货回收", "旧家电"], "shop", "business"),
];
const ROADS: [&str; 12] = [
    "梧桐里路",
    "东梧路",
    "西梧路",
    "南桐路",
    "北桐路",
    "凤栖路",
    "听雨路",
    "小石桥路",
    "染坊弄",
    "米市街",
    "竹行街",
    "新浜路",
];
const LUCK: [&str; 30] = [
    "福", "兴", "顺", "旺", "鑫", "源", "和", "瑞", "祥", "永", "百", "万", "聚", "悦", "惠", "家",
    "美", "佳", "康", "宁", "红", "金", "华", "星", "客", "来", "乡", "味", "邻", "里",
];
const CITIES: [&str; 10] = [
    "沙县", "兰州", "重庆", "东北", "淮南", "安庆", "宁波", "潮汕", "新疆", "温州",
];

/// A trade.
pub(super) fn trade(rng: &mut Rng) -> Trade {
    rng.pick(&TRADES)
        .copied()
        .unwrap_or(trade_of("5299", &["店"], "shop", "business"))
}

/// What the sign says.
pub(super) fn sign(rng: &mut Rng, trade: Trade) -> String {
    let what = rng.pick(trade.signs).copied().unwrap_or("店");
    match rng.below(5) {
        0 => format!("老{}{what}", family(rng)),
        1 => format!("{}记{what}", family(rng)),
        2 => format!("{}{what}", one(rng, &CITIES)),
        _ => format!("{}{}{what}", one(rng, &LUCK), one(rng, &LUCK)),
    }
}

/// A door on the street. `number` keeps doors apart.
fn door(rng: &mut Rng, number: usize) -> String {
    let road = ROADS
        .get(number % ROADS.len())
        .copied()
        .unwrap_or("梧桐里路");
    let at = number / ROADS.len() * 2 + 1 + rng.below(2);
    if rng.chance(15) {
        format!("{road}{at}弄{}号", 1 + rng.below(40))
    } else {
        format!("{road}{at}号")
    }
}

/// A shop as it is first recorded: the `number`-th of the street; its grids take turns.
pub fn shop(rng: &mut Rng, number: usize) -> Vec<Edit> {
    let trade = trade(rng);
    let gas = if trade.place == "eatery" {
        ["piped", "bottled"]
    } else {
        ["none", "none"]
    };
    let often = |rng: &mut Rng, percent, edit: Option<Edit>| edit.filter(|_| rng.chance(percent));
    let unit = format!(
        "{}-{}",
        one(rng, &["甲", "乙", "A", "B", "底商"]),
        1 + rng.below(20)
    );
    let lease = numbers::date(rng, 2026, 5);
    let area = one(rng, &["to-100", "to-100", "to-100", "to-200", "to-300"]);
    let mut edits: Vec<Edit> = [
        text("door_no", door(rng, number)),
        text(
            "premises_use",
            one(
                rng,
                &["commercial", "commercial", "commercial", "residential"],
            ),
        ),
        text("sign_name", sign(rng, trade)),
        text(
            "operating_state",
            one(rng, &["open", "open", "open", "open", "fitting-out"]),
        ),
        text("business_type", trade.code),
        text(
            "licence_match",
            one(rng, &["yes", "yes", "yes", "no", "unlicensed"]),
        ),
        set("lived_in", Scalar::Bool(rng.chance(30))),
        set(
            "location",
            Scalar::Bytes(ground::point(rng, number % GRIDS.len()).to_vec()),
        ),
        text("area_band", area),
        text("place_type", trade.place),
        text("gas", one(rng, &gas)),
        often(rng, 30, text("unit_no", unit)),
        often(rng, 50, text("lease_end", lease)),
    ]
    .into_iter()
    .flatten()
    .collect();
    edits.extend(licence_of(rng, trade.licence));
    edits
}

/// The same shop as somebody else would have written it down: without its licences, its name a
/// little different.
pub fn misspelt(shop: &[Edit]) -> Vec<Edit> {
    let own = |edit: &&Edit| matches!(edit, Edit::Set { key, .. } if key.entry().is_none());
    let spell = |edit: Edit| match edit {
        Edit::Set { key, value } if key.to_string() == "sign_name" => {
            let name = value.as_text().unwrap_or_default();
            let value = Scalar::text(format!("{name}(分店)"));
            Edit::Set { key, value }
        }
        other => other,
    };
    shop.iter().filter(own).cloned().map(spell).collect()
}

/// A licence that a shop gets.
pub fn licence(rng: &mut Rng) -> Vec<Edit> {
    let kind = one(
        rng,
        &["business", "food", "hygiene", "tobacco", "fire-opening"],
    );
    licence_of(rng, kind)
}

fn licence_of(rng: &mut Rng, kind: &str) -> Vec<Edit> {
    let Ok(group) = Name::parse("licences") else {
        return Vec::new();
    };
    let id = EntryId(rng.next().to_be_bytes());
    let key = |field: &str| format!("licences.{id}.{field}");
    let number = match kind {
        "business" => numbers::credit_code(rng),
        "food" => format!("JY231011{}", numbers::digits(rng, 8)),
        _ => format!(
            "沪{}证字{}号",
            one(rng, &["闵", "卫", "烟", "消"]),
            numbers::digits(rng, 7)
        ),
    };
    let fields = [
        text(&key("type"), kind),
        text(&key("number"), number),
        text(&key("expires"), numbers::date(rng, 2026, 5)),
    ];
    std::iter::once(Edit::AddEntry { group, id })
        .chain(fields.into_iter().flatten())
        .collect()
}
