//! Fieldbooks enrolled with a hub, edited offline, synced: what an inspector would see.

#![cfg(test)]

mod common;

use common::{GRID, OTHER, new_shop, phone, set, shop_edits, text, view};
use gridbook_tests::{
    hub::{Hub, Resolution},
    world::{Phone, Storage, hub},
};
use schemas::{EntryId, Name, Scalar};
use sync_core::{
    RecordId,
    change::{HeldReason, RefusedReason, Stop},
    fieldbook::{Fault, FieldbookError, Filter, Place},
    record::{Edit, Presence, View, entry_id},
};

/// Two phones and a shop that both have.
fn pair() -> (Hub, Phone, Phone, RecordId) {
    let mut hub = hub(1);
    let mut wang = phone(&mut hub, 11, "王");
    let mut li = phone(&mut hub, 12, "李");
    let id = new_shop(&mut wang, "古美路 12 号", "小李面馆");
    assert!(wang.sync(&mut hub).unwrap().complete);
    assert!(li.sync(&mut hub).unwrap().complete);
    assert_eq!(view(&wang, &id), view(&li, &id));
    (hub, wang, li, id)
}

#[test]
fn a_shop_found_offline_reaches_the_other_phone_of_the_grid() {
    let (_, wang, li, id) = pair();
    assert_eq!(
        li.book.listed(&id).unwrap().title,
        "小李面馆 · 古美路 12 号"
    );
    assert_eq!(li.book.find("面馆", &Filter::default(), 10)[0].record, id);
    assert_eq!(li.book.find("xlmg", &Filter::default(), 10)[0].record, id);
    let door = &view(&li, &id).fields["door_no"].values[0];
    assert_eq!(
        li.book
            .author_label(&door.by[0].actor().device())
            .unwrap()
            .as_deref(),
        Some("王")
    );
    assert_eq!(wang.book.pending().unwrap(), 0);
}

#[test]
fn two_offline_edits_of_one_field_are_a_conflict_on_both_phones_until_decided() {
    let (mut hub, mut wang, mut li, id) = pair();
    wang.book
        .edit(&id, &[text("business_type", "5211")])
        .unwrap();
    li.book.edit(&id, &[text("business_type", "6220")]).unwrap();
    for _ in 0..2 {
        wang.sync(&mut hub).unwrap();
        li.sync(&mut hub).unwrap();
    }
    assert_eq!(view(&wang, &id), view(&li, &id));
    assert_eq!(view(&wang, &id).conflicts, ["business_type"]);
    assert_eq!(
        li.book.count(&Filter {
            conflicts: true,
            ..Filter::default()
        }),
        1
    );
    // An edit that had not seen the decision shows anew beside it.
    assert!(hub.decide(id, &[text("business_type", "5211")]));
    li.book.edit(&id, &[text("business_type", "6231")]).unwrap();
    wang.sync(&mut hub).unwrap();
    assert!(view(&wang, &id).conflicts.is_empty());
    for _ in 0..2 {
        li.sync(&mut hub).unwrap();
        wang.sync(&mut hub).unwrap();
    }
    let seen = view(&wang, &id);
    assert_eq!(seen, view(&li, &id));
    assert_eq!(seen.conflicts, ["business_type"]);
    assert_eq!(seen.fields["business_type"].shown(), &Scalar::text("5211"));
    assert!(seen.fields["business_type"].contested());
    // An office edit has no precedence, but settles what it has seen.
    assert!(hub.office_edit(id, &[text("business_type", "6231")]));
    wang.sync(&mut hub).unwrap();
    assert!(view(&wang, &id).conflicts.is_empty());
}

#[test]
fn a_delete_against_an_edit_keeps_both_and_shows_the_record() {
    let (mut hub, mut wang, _, id) = pair();
    assert!(matches!(
        wang.book.delete(&id),
        Err(FieldbookError::Invalid(faults)) if faults == [Fault::ForbiddenAct]
    ));
    wang.book.edit(&id, &[text("sign_name", "新店")]).unwrap();
    assert!(hub.decide(id, &[Edit::Delete]));
    wang.sync(&mut hub).unwrap();
    // The decision stands, the edit is kept and shows as a conflict.
    let seen = view(&wang, &id);
    assert_eq!(seen.presence, Presence::Gone);
    assert_eq!(seen.conflicts, ["_alive"]);
    assert_eq!(seen.fields["sign_name"].shown(), &Scalar::text("新店"));
}

#[test]
fn two_phones_that_begin_a_group_at_once_keep_both_entries() {
    let (mut hub, mut wang, mut li, id) = pair();
    let group = Name::parse("licences").unwrap();
    let add = |phone: &mut Phone, number: &str| -> EntryId {
        let actor = phone.book.identity().unwrap().actor();
        let entry = entry_id(actor, 9, 0);
        let key = |field: &str| format!("licences.{entry}.{field}");
        let edits = [
            Edit::AddEntry {
                group: group.clone(),
                id: entry,
            },
            text(&key("type"), "business"),
            text(&key("number"), number),
        ];
        phone.book.edit(&id, &edits).unwrap();
        entry
    };
    let (first, second) = (add(&mut wang, "A-1"), add(&mut li, "B-2"));
    for _ in 0..2 {
        wang.sync(&mut hub).unwrap();
        li.sync(&mut hub).unwrap();
    }
    let seen = view(&wang, &id);
    assert_eq!(seen, view(&li, &id));
    assert!(seen.conflicts.is_empty());
    let mut ids: Vec<EntryId> = seen.entries["licences"]
        .iter()
        .map(|entry| entry.id)
        .collect();
    ids.sort_unstable();
    let mut expected = [first, second];
    expected.sort_unstable();
    assert_eq!(ids, expected);
}

#[test]
fn a_refused_edit_comes_back_and_the_later_ones_are_made_again() {
    let (mut hub, mut wang, mut li, id) = pair();
    wang.book.edit(&id, &[text("sign_name", "一号")]).unwrap();
    // The server's rules know better than a phone whose certificate was read with other ones.
    hub.schemas = strict_schemas();
    wang.book.edit(&id, &[text("gas", "bottled")]).unwrap();
    wang.book.edit(&id, &[text("area_band", "to-100")]).unwrap();
    wang.book.edit(&id, &[text("sign_name", "二号")]).unwrap();
    let report = wang.sync(&mut hub).unwrap();
    assert_eq!((report.complete, report.applied.setbacks), (true, 1));
    let returned = wang.book.returned().unwrap();
    assert_eq!(returned.len(), 1);
    assert_eq!(returned[0].reason, Some(RefusedReason::ForbiddenField));
    assert_eq!(returned[0].field.as_deref(), Some("gas"));
    assert_eq!(returned[0].edits, [text("gas", "bottled")]);
    assert_eq!(wang.book.identity().unwrap().epoch, 2);
    li.sync(&mut hub).unwrap();
    let seen = view(&li, &id);
    assert_eq!(seen, view(&wang, &id));
    assert!(!seen.fields.contains_key("gas"));
    assert_eq!(seen.fields["sign_name"].shown(), &Scalar::text("二号"));
    assert_eq!(seen.fields["area_band"].shown(), &Scalar::text("to-100"));
    assert_eq!(wang.book.setbacks().unwrap().len(), 1);
    assert!(wang.book.resolve_returned(returned[0].id).unwrap());
    assert!(wang.book.returned().unwrap().is_empty());
}

/// The built-in schemas, but inspectors may not write `gas`.
fn strict_schemas() -> std::sync::Arc<schemas::SchemaSet> {
    let files: Vec<(String, String)> = schemas::builtin::FILES
        .iter()
        .map(|file| {
            let gas = r#"name = "gas", zh = "用气", en = "Gas", type = "choice", codes = "gas","#;
            let barred = format!(r#"{gas} write = ["supervisor"],"#);
            (file.name.to_owned(), file.text.replace(gas, &barred))
        })
        .collect();
    let sources: Vec<_> = files
        .iter()
        .map(|(name, text)| schemas::SourceFile { name, text })
        .collect();
    std::sync::Arc::new(schemas::SchemaSet::parse(&sources).unwrap())
}

#[test]
fn an_edit_on_a_grid_lost_meanwhile_is_held_and_can_be_released() {
    let (mut hub, mut wang, mut li, id) = pair();
    wang.book.edit(&id, &[text("sign_name", "还在")]).unwrap();
    wang.book.edit(&id, &[text("gas", "piped")]).unwrap();
    hub.recertify(wang.device(), |certificate| {
        certificate.grids[0].grid = OTHER.to_owned();
    });
    wang.sync(&mut hub).unwrap();
    let setbacks = wang.book.setbacks().unwrap();
    assert_eq!(setbacks[0].stop, Stop::Held(HeldReason::LostGrid));
    // Nothing is forgotten while an edit of it waits.
    assert_eq!(
        view(&wang, &id).fields["sign_name"].shown(),
        &Scalar::text("还在")
    );
    assert!(hub.resolve(&id, Resolution::Release));
    wang.sync(&mut hub).unwrap();
    assert!(wang.book.setbacks().unwrap().is_empty());
    assert!(
        wang.book.get(&id).is_err(),
        "the grid is not this phone's any more"
    );
    li.sync(&mut hub).unwrap();
    assert_eq!(
        view(&li, &id).fields["sign_name"].shown(),
        &Scalar::text("还在")
    );
    assert_eq!(view(&li, &id).fields["gas"].shown(), &Scalar::text("piped"));
}

#[test]
fn a_held_part_that_is_refused_comes_back_and_what_followed_is_made_again() {
    let (mut hub, mut wang, mut li, id) = pair();
    hub.known_schema = 0;
    wang.book.edit(&id, &[text("sign_name", "甲")]).unwrap();
    wang.sync(&mut hub).unwrap();
    hub.known_schema = u32::MAX;
    wang.book.edit(&id, &[text("gas", "piped")]).unwrap();
    wang.sync(&mut hub).unwrap();
    assert_eq!(hub.held().len(), 2);
    assert!(hub.resolve(&id, Resolution::Refuse));
    wang.sync(&mut hub).unwrap();
    assert!(hub.held().is_empty());
    assert_eq!(
        wang.book.returned().unwrap()[0].reason,
        Some(RefusedReason::BySupervisor)
    );
    li.sync(&mut hub).unwrap();
    assert_eq!(view(&li, &id), view(&wang, &id));
    assert_eq!(
        view(&li, &id).fields["sign_name"].shown(),
        &Scalar::text("小李面馆")
    );
    assert_eq!(view(&li, &id).fields["gas"].shown(), &Scalar::text("piped"));
}

#[test]
fn a_moved_record_follows_its_grid() {
    let mut hub = hub(2);
    let mut wang = phone(&mut hub, 21, "王");
    let mut zhao = Phone::enrolled(&mut hub, Storage::Memory, 22, "赵", &[OTHER]).unwrap();
    let id = new_shop(&mut wang, "平南路 3 号", "花店");
    wang.sync(&mut hub).unwrap();
    zhao.sync(&mut hub).unwrap();
    assert!(zhao.book.get(&id).is_err());
    hub.move_record(id, OTHER);
    wang.sync(&mut hub).unwrap();
    zhao.sync(&mut hub).unwrap();
    assert!(wang.book.get(&id).is_err());
    assert_eq!(zhao.book.get(&id).unwrap().header.grid, OTHER);
    zhao.book.edit(&id, &[text("sign_name", "新花店")]).unwrap();
    hub.move_record(id, GRID);
    zhao.sync(&mut hub).unwrap();
    wang.sync(&mut hub).unwrap();
    // It was edited while it moved: held, as the grid is not the author's any more.
    assert_eq!(hub.held().len(), 1);
    assert!(hub.resolve(&id, Resolution::Release));
    wang.sync(&mut hub).unwrap();
    zhao.sync(&mut hub).unwrap();
    assert_eq!(
        view(&wang, &id).fields["sign_name"].shown(),
        &Scalar::text("新花店")
    );
    assert!(zhao.book.get(&id).is_err());
}

#[test]
fn a_new_phone_gets_a_pack_in_parts_and_goes_on_from_there() {
    let mut hub = hub(3);
    hub.page = 7;
    hub.horizon = 20;
    let mut wang = phone(&mut hub, 31, "王");
    for number in 0..40 {
        new_shop(&mut wang, &format!("莲花路 {number} 号"), "店");
    }
    wang.sync(&mut hub).unwrap();
    let mut li = phone(&mut hub, 32, "李");
    let report = li.sync(&mut hub).unwrap();
    assert_eq!(report.applied.packed, 40);
    assert!(report.rounds >= 6, "{} rounds", report.rounds);
    assert_eq!(li.book.count(&Filter::default()), 40);
    let report = li.sync(&mut hub).unwrap();
    assert_eq!(
        (report.rounds, report.applied.packed, report.applied.changes),
        (1, 0, 0)
    );
    assert!(report.sent_bytes + report.received_bytes < 1_000);
}

#[test]
fn a_wrong_value_is_refused_on_the_phone_in_words_and_nothing_is_lost() {
    let (_, mut wang, _, id) = pair();
    let place = Place::With(id);
    let resident = |number: &str| {
        vec![
            text("name", "测试人"),
            text("id_type", "resident-id"),
            text("id_number", number),
            text("category", "from-outside"),
            text("living_part", "loft"),
            text("moved_in", "2026-11-20"),
            text("state", "living"),
            set("told", Scalar::Bool(true)),
        ]
    };
    let wrong = wang
        .book
        .create("resident", &place, &resident("310112199001011234"));
    let Err(FieldbookError::Invalid(faults)) = wrong else {
        panic!("{wrong:?}")
    };
    assert!(matches!(&faults[..], [Fault::Value(key, _)] if key.to_string() == "id_number"));
    let made = wang
        .book
        .create("resident", &place, &resident("310112199001011233"))
        .unwrap();
    let seen = wang.book.get(&made.record).unwrap();
    assert_eq!(seen.header.grid, GRID);
    assert_eq!(
        seen.view.fields["shop"].shown(),
        &Scalar::Bytes(id.0.to_vec())
    );
    let missing = wang
        .book
        .create("shop", &Place::Grid(GRID.into()), &[text("door_no", "1")]);
    let Err(FieldbookError::Invalid(faults)) = missing else {
        panic!("{missing:?}")
    };
    assert_eq!(faults.len(), 6, "{faults:?}");
    assert!(matches!(
        wang.book
            .create("shop", &Place::Grid(OTHER.into()), &shop_edits("1", "2")),
        Err(FieldbookError::NoGrid(_))
    ));
}

#[test]
fn a_server_restored_from_an_older_backup_gets_back_what_the_phones_hold() {
    let (mut hub, mut wang, mut li, id) = pair();
    let backup = hub.clone();
    wang.book.edit(&id, &[text("sign_name", "甲")]).unwrap();
    let later = new_shop(&mut wang, "后来 1 号", "后来的店");
    wang.sync(&mut hub).unwrap();
    li.sync(&mut hub).unwrap();
    li.book.edit(&id, &[text("gas", "piped")]).unwrap();
    li.book.edit(&later, &[text("gas", "none")]).unwrap();
    li.sync(&mut hub).unwrap();
    wang.sync(&mut hub).unwrap();
    let before = (view(&wang, &id), view(&wang, &later));
    let mut restored = hub.restored_from(&backup);
    // The one whose edits build on the other's comes first: its part waits.
    for _ in 0..3 {
        assert!(li.sync(&mut restored).unwrap().complete);
        assert!(wang.sync(&mut restored).unwrap().complete);
    }
    assert!(restored.held().is_empty());
    assert_eq!((view(&wang, &id), view(&wang, &later)), before);
    assert_eq!((view(&li, &id), view(&li, &later)), before);
    let server = |id: &RecordId| View::of(&restored.record(id).unwrap().state.registers);
    assert_eq!((server(&id), server(&later)), before);
}

#[test]
fn another_version_of_the_schemas_renames_what_lists_show() {
    let (_, mut wang, _, id) = pair();
    assert_eq!(
        wang.book.listed(&id).unwrap().title,
        "小李面馆 · 古美路 12 号"
    );
    let files: Vec<(String, String)> = schemas::builtin::FILES
        .iter()
        .map(|file| {
            let title = r#"title = ["sign_name", "door_no", "unit_no"]"#;
            let mut text = file.text.replace(title, r#"title = ["door_no"]"#);
            if file.name == "schema.toml" {
                let version = wang.book.schemas().version();
                let (old, new) = (
                    format!("version = {version}"),
                    format!("version = {}", version + 1),
                );
                text = text.replace(&old, &new);
            }
            (file.name.to_owned(), text)
        })
        .collect();
    let sources: Vec<_> = files
        .iter()
        .map(|(name, text)| schemas::SourceFile { name, text })
        .collect();
    let next = std::sync::Arc::new(schemas::SchemaSet::parse(&sources).unwrap());
    wang.book.set_schemas(next).unwrap();
    assert_eq!(wang.book.listed(&id).unwrap().title, "古美路 12 号");
}
