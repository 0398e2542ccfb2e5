use schemas::{EntryId, Scalar, path::Name};

use crate::{
    fieldbook::{
        round::ShopQuery,
        testing::{DAY, Desk, GRID, NOW, OTHER, desk, grant, set, text},
    },
    ids::RecordId,
    record::Edit,
};

fn licence(number: u8, code: &str, expires: &str) -> Vec<Edit> {
    let id = EntryId([number; 8]);
    let group = Name::parse("licences").unwrap();
    let key = |field: &str| format!("licences.{id}.{field}");
    let mut edits = vec![Edit::AddEntry { group, id }, text(&key("type"), code)];
    match expires {
        "" => edits.push(set(&key("long_term"), Scalar::Bool(true))),
        date => edits.push(text(&key("expires"), date)),
    }
    edits
}

fn warnings(desk: &Desk, shop: &RecordId) -> Vec<String> {
    let rows = desk.book.today(&ShopQuery::default()).unwrap().rows;
    let row = rows.into_iter().find(|row| row.id == *shop).unwrap();
    let zh = row.warnings.into_iter();
    zh.map(|warning| warning.words.zh).collect()
}

#[test]
fn licences_are_warned_about_as_long_ahead_as_the_area_says() {
    let mut desk = desk();
    let shop = desk.shop("1号", "饭店");
    desk.edit(&shop, &licence(1, "business", "2026-12-22"));
    desk.edit(&shop, &licence(2, "food", "2027-02-20"));
    desk.edit(&shop, &licence(3, "drainage", ""));
    // 30 days for the one, 90 for the other.
    assert_eq!(
        warnings(&desk, &shop),
        ["营业执照还有 30 天到期", "食品经营许可还有 90 天到期"]
    );
    desk.at(-DAY);
    assert_eq!(warnings(&desk, &shop), [""; 0]);
    desk.at(31 * DAY);
    assert_eq!(
        warnings(&desk, &shop),
        ["营业执照已过期 1 天", "食品经营许可还有 59 天到期"]
    );
    let row = &desk.book.today(&ShopQuery::default()).unwrap().rows[0];
    let first = &row.warnings[0];
    assert_eq!(
        first.key.as_deref(),
        Some(&*format!("licences.{}.expires", EntryId([1; 8])))
    );
    assert_eq!(
        (first.kind, first.date.as_deref()),
        ("licence-expired", Some("2026-12-22"))
    );
}

#[test]
fn what_a_trade_needs_and_has_not_is_missed_only_while_it_is_open() {
    let mut desk = desk();
    let shop = desk.shop("1号", "足浴");
    desk.edit(&shop, &[text("business_type", "8051")]);
    desk.edit(&shop, &licence(1, "hygiene", ""));
    let missing = ["缺营业执照", "缺营业前消防安全检查", "缺排水许可"];
    assert_eq!(warnings(&desk, &shop), missing);
    desk.edit(&shop, &[text("operating_state", "fitting-out")]);
    assert_eq!(warnings(&desk, &shop), [""; 0]);
}

#[test]
fn leases_findings_and_covers_are_told() {
    let mut desk = desk();
    let shop = desk.shop("1号", "仓库");
    desk.edit(
        &shop,
        &[
            text("operating_state", "vacant"),
            text("lease_end", "2026-12-01"),
        ],
    );
    assert_eq!(warnings(&desk, &shop), ["租期还有 9 天"]);
    desk.at(10 * DAY);
    assert_eq!(warnings(&desk, &shop), ["租期已过 1 天"]);
    desk.at(-60 * DAY);
    assert_eq!(warnings(&desk, &shop), [""; 0]);
    let finding = desk.finding(&shop, "no-permit");
    assert_eq!(warnings(&desk, &shop), ["1 个问题未结"]);
    desk.edit(&finding, &[set("fixed_on_site", Scalar::Bool(true))]);
    assert_eq!(warnings(&desk, &shop), [""; 0]);
    desk.edit(&shop, &[text("lease_end", "2030-12-01")]);
    let grants = vec![grant(GRID, Some(NOW)), grant(OTHER, None)];
    desk.enrol(grants);
    assert_eq!(warnings(desk.at(-3 * DAY), &shop), ["代班至 2026-11-22"]);
    assert_eq!(warnings(desk.at(-4 * DAY), &shop), [""; 0]);
}
