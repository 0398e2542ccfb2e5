//! What stands with a shop: parties, residents, workers, visits, findings.

use schemas::Scalar;
use sync_core::record::Edit;

use super::{
    forms::{Person, family, one},
    ground, numbers, set, text,
};
use crate::demo::Rng;

fn edits<const N: usize>(edits: [Option<Edit>; N]) -> Vec<Edit> {
    edits.into_iter().flatten().collect()
}

/// A landlord, tenant or operator.
pub fn party(rng: &mut Rng) -> Vec<Edit> {
    let person = Person::any(rng);
    let role = one(rng, &["landlord", "tenant", "operator", "fire-officer"]);
    party_as(rng, &person, role)
}

/// A person, or a business that the person answers for, in a role.
pub fn party_as(rng: &mut Rng, person: &Person, role: &str) -> Vec<Edit> {
    let role_set = set(&format!("roles#{role}"), Scalar::Bool(true));
    let phone = text("phone", &*person.phone);
    if rng.chance(50) {
        let mut natural = edits([
            text("type", "natural"),
            role_set,
            text("name", &*person.name),
            phone,
        ]);
        // Numbers are asked of landlords and tenants alone.
        if ["landlord", "tenant"].contains(&role) {
            natural.extend(text("id_type", "resident-id"));
            natural.extend(text("id_number", &*person.identity));
        }
        return natural;
    }
    let company = format!(
        "上海{}{}商贸有限公司",
        family(rng),
        one(rng, &["兴", "达", "源", "盛"])
    );
    edits([
        text("type", one(rng, &["individual-business", "company"])),
        role_set,
        text("name", company),
        text("uscc", numbers::credit_code(rng)),
        text("principal", &*person.name),
        phone,
    ])
}

/// Someone who lives in a shop.
pub fn resident(rng: &mut Rng, person: &Person) -> Vec<Edit> {
    let from = person.identity.get(..6).unwrap_or("310112");
    edits([
        text("name", &*person.name),
        text("id_type", "resident-id"),
        text("id_number", &*person.identity),
        text(
            "category",
            one(
                rng,
                &["from-outside", "from-outside", "registered-elsewhere"],
            ),
        ),
        text("phone", &*person.phone),
        text("registered_region", from),
        text(
            "living_part",
            one(rng, &["loft", "mezzanine", "back-room", "shop-floor"]),
        ),
        text("moved_in", numbers::date(rng, 2019, 7)),
        text(
            "relation",
            one(rng, &["self", "spouse", "family", "worker"]),
        ),
        text(
            "arrival_reason",
            one(rng, &["employment", "business", "family"]),
        ),
        text("state", "living"),
        set("told", Scalar::Bool(true)),
    ])
}

/// Someone who works in a shop.
pub fn worker(rng: &mut Rng, person: &Person) -> Vec<Edit> {
    edits([
        text("name", &*person.name),
        text("id_type", "resident-id"),
        text("id_number", &*person.identity),
        text(
            "post",
            one(rng, &["店员", "厨师", "收银", "服务员", "理发师", "送货"]),
        ),
        text("started", numbers::date(rng, 2020, 6)),
        text("state", "working"),
        text("contract", one(rng, &["yes", "no", "unknown"])),
        text("insurance", one(rng, &["yes", "no", "unknown"])),
    ])
}

/// A visit.
pub fn visit(rng: &mut Rng, now_ms: i64) -> Vec<Edit> {
    const OUTCOMES: [&str; 6] = [
        "unchanged",
        "unchanged",
        "unchanged",
        "unchanged",
        "shut",
        "refused",
    ];
    edits([
        text("outcome", one(rng, &OUTCOMES)),
        set("visited_at", Scalar::Int(now_ms)),
    ])
}

/// A finding.
pub fn finding(rng: &mut Rng, now_ms: i64) -> Vec<Edit> {
    const CLASSES: [(&str, &str); 6] = [
        ("blocked-exit", "后门堆放纸箱"),
        ("wiring", "电瓶车从店内拉线充电"),
        ("extinguisher", "灭火器过期"),
        ("illegal-living", "阁楼住人,无第二出口"),
        ("outside-trading", "占道摆放货架"),
        ("exposed-refuse", "门口暴露垃圾"),
    ];
    let (class, seen) = rng.pick(&CLASSES).copied().unwrap_or(("wiring", "拉线"));
    edits([
        text("class", class),
        text("severity", one(rng, &["normal", "serious", "urgent"])),
        text("source", "patrol"),
        text("remark", format!("{seen},约{}处", 1 + rng.below(9))),
        set("fixed_on_site", Scalar::Bool(rng.chance(20))),
        set("found_at", Scalar::Int(now_ms)),
        set("location", Scalar::Bytes(ground::anywhere(rng).to_vec())),
    ])
}
