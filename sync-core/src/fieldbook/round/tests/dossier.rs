use schemas::{EntryId, Scalar, path::Name};

use crate::{
    fieldbook::{
        FieldbookError,
        round::ShopQuery,
        testing::{DAY, Desk, HOUR, desk, refer, set, text},
    },
    ids::DeviceId,
    record::Edit,
};

#[test]
fn everything_of_a_shop_is_in_its_dossier() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let other = desk.shop("2号", "别家");
    let tenant = desk.tenant(&shop, "张三");
    desk.edit(&shop, &[refer("tenant", &tenant)]);
    let gone = desk.resident(&shop, "先走");
    desk.edit(&gone, &[text("state", "moved-out")]);
    let living = desk.resident(&shop, "还在");
    desk.resident(&other, "别家");
    let early = desk.at(-DAY).visit(&shop, "shut");
    let late = desk.at(-HOUR).visit(&shop, "unchanged");
    let finding = desk.finding(&shop, "no-permit");
    let dossier = desk.at(0).book.dossier(&shop).unwrap();
    assert_eq!(dossier.shop.id, shop);
    assert_eq!(dossier.tenant.as_ref().unwrap().title, "张三");
    assert_eq!((dossier.landlord, dossier.operator), (None, None));
    let ids = |rows: &[crate::fieldbook::round::Row]| -> Vec<_> {
        rows.iter().map(|row| row.id).collect()
    };
    assert_eq!(ids(&dossier.residents), [living, gone]);
    assert_eq!(dossier.row.residents, 1, "who moved out does not count");
    assert_eq!(ids(&dossier.visits), [late, early]);
    assert_eq!(dossier.findings[0].row.id, finding);
    assert_eq!(dossier.findings[0].row.title, "无证经营 · 一般");
    assert_eq!(dossier.findings[0].case, None);
    assert_eq!(dossier.visited_today.unwrap().by, "i-1");
    let later = desk.at(DAY).book.dossier(&shop).unwrap();
    assert_eq!(later.visited_today, None);
}

#[test]
fn a_field_tells_who_set_it_and_what_its_code_means() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    desk.at(HOUR).edit(&shop, &[text("business_type", "8051")]);
    let own = desk.book.identity().unwrap().certificate.device;
    desk.book.store.put_author(own, "王巡").unwrap();
    let state = serde_json::to_value(desk.book.record_state(&shop).unwrap()).unwrap();
    let field = &state["fields"]["business_type"];
    assert_eq!(field["conflict"], false);
    let value = &field["values"][0];
    assert_eq!(value["value"], "8051");
    assert_eq!(value["words"]["zh"], "洗浴服务");
    let by = &value["by"][0];
    assert_eq!((&by["label"], &by["own"]), (&"王巡".into(), &true.into()));
    assert_eq!(by["at_ms"], crate::fieldbook::testing::NOW + HOUR);
    assert_eq!(
        state["fields"]["lived_in"]["values"][0]["words"]["zh"],
        "否"
    );
    assert_eq!(
        (&state["shown"], &state["pending"]),
        (&true.into(), &true.into())
    );
    assert_eq!(by["device"], DeviceId([1, 0, 0, 0, 0, 1]).to_string());
}

#[test]
fn whoever_opens_a_merged_shop_is_sent_to_the_other() {
    let mut desk = desk();
    let (kept, gone) = (desk.shop("1号", "留"), desk.shop("1号", "并"));
    let round = |desk: &Desk| desk.book.today(&ShopQuery::default()).unwrap().counts.all;
    assert_eq!(round(&desk), 2);
    // Only a supervisor may say so; here the change is made without asking.
    let merge = |desk: &mut Desk, loser, winner| {
        let loaded = desk.book.need_loaded(&loser).unwrap();
        let edits = [refer("merged_into", &winner)];
        let merged = desk
            .book
            .transaction(|book| book.commit(loser, loaded, &edits, 0, false));
        merged.unwrap();
    };
    merge(&mut desk, gone, kept);
    assert_eq!(desk.book.dossier(&gone).unwrap().shop.id, kept);
    assert_eq!(round(&desk), 1);
    // Each into the other: no endless way.
    merge(&mut desk, kept, gone);
    assert!(desk.book.dossier(&gone).is_ok());
}

#[test]
fn what_is_no_shop_has_no_dossier() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let visit = desk.visit(&shop, "unchanged");
    let error = desk.book.dossier(&visit).unwrap_err();
    assert!(matches!(error, FieldbookError::NoRecord(id) if id == visit));
}

/// Day 6 of the product's days: a restaurant becomes a foot bath.
#[test]
fn a_permit_older_than_the_trade_shows_as_the_previous_tenant_s() {
    let mut desk = desk();
    let shop = desk.shop("1号", "饭店");
    let id = EntryId([1; 8]);
    let group = Name::parse("licences").unwrap();
    let food = [
        Edit::AddEntry { group, id },
        text(&format!("licences.{id}.type"), "food"),
        text(&format!("licences.{id}.expires"), "2027-12-31"),
    ];
    desk.edit(&shop, &food);
    let told = |desk: &Desk| -> Vec<String> {
        let warnings = desk.book.dossier(&shop).unwrap().warnings.into_iter();
        let zh = warnings.map(|warning| warning.words.zh);
        zh.filter(|words| words.contains("上一家")).collect()
    };
    assert_eq!(told(&desk), [""; 0]);
    // Whoever is entered for the first time has replaced nobody.
    let tenant = desk.tenant(&shop, "张三");
    desk.edit(&shop, &[refer("tenant", &tenant)]);
    assert_eq!(told(&desk), [""; 0]);
    desk.edit(&shop, &[text("business_type", "8051")]);
    assert_eq!(told(&desk), ["食品经营许可可能是上一家的，请核对"]);
    // The new tenant has one too.
    desk.edit(&shop, &[text(&format!("licences.{id}.number"), "JY2")]);
    assert_eq!(told(&desk), [""; 0]);
}

#[test]
fn what_the_form_asks_no_more_is_pointed_out() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let resident = desk.resident(&shop, "甲");
    let id = EntryId([1; 8]);
    let group = Name::parse("licences").unwrap();
    let long = [
        Edit::AddEntry { group, id },
        text(&format!("licences.{id}.type"), "business"),
        text(&format!("licences.{id}.expires"), "2027-12-31"),
        set(&format!("licences.{id}.long_term"), Scalar::Bool(true)),
    ];
    desk.edit(&shop, &long);
    let warnings = desk.book.dossier(&shop).unwrap().warnings;
    let hidden: Vec<_> = warnings
        .iter()
        .filter(|warning| warning.kind == "not-shown-present")
        .map(|warning| warning.key.clone().unwrap())
        .collect();
    assert_eq!(hidden, [format!("licences.{id}.expires")]);
    let _ = resident;
}
