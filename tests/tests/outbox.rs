//! The outbox under trouble: locked phones, files carried by hand, wipes, forks, wrong keys.

#![cfg(test)]

mod common;

use common::{GRID, new_shop, phone, shown, text};
use gridbook_tests::{
    hub::Resolution,
    world::{Link, Phone, Storage, hub, schemas},
};
use sync_core::{
    bundle::OutboxFile,
    change::{HeldReason, Stop},
    fieldbook::{DataKey, Fieldbook, FieldbookError, Filter, Location},
    limits::{ATTACHMENT_PIECE_BYTES, MAX_ATTACHMENT_BYTES},
};

/// A file that is gone when the test is.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("gridbook-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn storage(&self) -> Storage {
        Storage::File(self.book())
    }

    fn book(&self) -> String {
        self.0.join("book.db").display().to_string()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_locked_phone_sends_its_outbox_without_the_secret() {
    let scratch = Scratch::new("locked");
    let mut hub = hub(1);
    let mut wang = Phone::enrolled(&mut hub, scratch.storage(), 1, "王", &[GRID]).unwrap();
    let mut li = phone(&mut hub, 2, "李");
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    for number in 0..36 {
        wang.book
            .edit(&id, &[text("sign_name", &format!("面馆 {number}"))])
            .unwrap();
    }
    let locked = wang.locked().unwrap();
    assert_eq!(locked.pending().unwrap(), 37);
    let report = wang.sync_locked(&mut hub).unwrap();
    assert!(report.complete);
    assert_eq!(wang.locked().unwrap().pending().unwrap(), 0);
    li.sync(&mut hub).unwrap();
    assert_eq!(shown(&li, &id, "sign_name"), "面馆 35");
    // Unlocked again it learns the verdicts and goes on under the same chain.
    wang.book.edit(&id, &[text("sign_name", "开门")]).unwrap();
    assert!(wang.sync(&mut hub).unwrap().complete);
    li.sync(&mut hub).unwrap();
    assert_eq!(shown(&li, &id, "sign_name"), "开门");
}

#[test]
fn a_wipe_after_too_many_wrong_secrets_keeps_the_unsent_sendable() {
    let scratch = Scratch::new("pin");
    let mut hub = hub(2);
    let mut wang = Phone::enrolled(&mut hub, scratch.storage(), 1, "王", &[GRID]).unwrap();
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    wang.sync(&mut hub).unwrap();
    for number in 0..37 {
        wang.book
            .edit(&id, &[text("sign_name", &format!("未送 {number}"))])
            .unwrap();
    }
    wang.locked().unwrap().wipe().unwrap();
    wang.restart().unwrap();
    assert_eq!(
        wang.book.count(&Filter {
            gone: true,
            ..Filter::default()
        }),
        0
    );
    assert_eq!(wang.book.pending().unwrap(), 37);
    assert!(wang.sync_locked(&mut hub).unwrap().complete);
    assert_eq!(wang.book.pending().unwrap(), 0);
    // The same inspector on a new book sees the same.
    let mut again = phone(&mut hub, 3, "王");
    again.sync(&mut hub).unwrap();
    assert_eq!(shown(&again, &id, "sign_name"), "未送 36");
}

#[test]
fn an_outbox_file_is_carried_by_another_phone_and_acknowledged_to_its_author() {
    let mut hub = hub(3);
    let mut wang = phone(&mut hub, 1, "王");
    let mut li = phone(&mut hub, 2, "李");
    let id = new_shop(&mut wang, "古美路 1 号", "秘密店名");
    wang.link = Link {
        lost: 100,
        ..Link::default()
    };
    assert!(
        wang.sync(&mut hub).is_err(),
        "no signal, but the bundle is closed and signed"
    );
    let file = wang.book.export_outbox().unwrap();
    let secret = "秘密店名".as_bytes();
    assert!(!file.windows(secret.len()).any(|window| window == secret));
    assert_eq!(li.book.import_outbox(&file).unwrap(), 1);
    assert!(li.book.import_outbox(&file[1..]).is_err());
    for _ in 0..2 {
        li.sync(&mut hub).unwrap();
    }
    assert_eq!(shown(&li, &id, "sign_name"), "秘密店名");
    wang.link = Link::default();
    let report = wang.sync(&mut hub).unwrap();
    assert!(report.complete);
    assert_eq!(wang.book.pending().unwrap(), 0);
    assert_eq!(hub.record(&id).unwrap().state.registers.change_count(), 1);
}

#[test]
fn a_revoked_phone_sends_into_held_and_is_then_wiped() {
    let mut hub = hub(4);
    let mut wang = phone(&mut hub, 1, "王");
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    wang.sync(&mut hub).unwrap();
    wang.book
        .edit(&id, &[text("sign_name", "最后一改")])
        .unwrap();
    hub.revoke(wang.device());
    let report = wang.sync(&mut hub).unwrap();
    assert!(report.applied.wiped);
    assert_eq!(
        wang.book.count(&Filter {
            gone: true,
            ..Filter::default()
        }),
        0
    );
    assert_eq!(hub.held()[0].3, HeldReason::RevokedDevice);
    assert!(hub.resolve(&id, Resolution::Release));
    let state = &hub.record(&id).unwrap().state;
    assert_eq!(
        state.registers.visible("sign_name")[0].value.as_text(),
        Some("最后一改")
    );
}

#[test]
fn an_expired_certificate_stops_pulling_and_never_pushing() {
    let mut hub = hub(5);
    let mut wang = phone(&mut hub, 1, "王");
    let mut li = phone(&mut hub, 2, "李");
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    wang.sync(&mut hub).unwrap();
    li.sync(&mut hub).unwrap();
    hub.recertify(wang.device(), |certificate| {
        certificate.expires_ms = certificate.issued_ms;
    });
    li.book.edit(&id, &[text("gas", "none")]).unwrap();
    li.sync(&mut hub).unwrap();
    wang.book.edit(&id, &[text("sign_name", "过期")]).unwrap();
    assert!(wang.sync(&mut hub).unwrap().complete);
    let setbacks = wang.book.setbacks().unwrap();
    assert_eq!(setbacks[0].stop, Stop::Held(HeldReason::ExpiredCertificate));
    assert!(!common::view(&wang, &id).fields.contains_key("gas"));
    hub.recertify(wang.device(), |certificate| {
        certificate.expires_ms += 86_400_000;
    });
    assert!(hub.resolve(&id, Resolution::Release));
    wang.sync(&mut hub).unwrap();
    assert!(wang.book.setbacks().unwrap().is_empty());
    assert_eq!(shown(&wang, &id, "gas"), "none");
}

#[test]
fn a_copied_phone_is_found_out_and_both_histories_are_kept() {
    let scratch = Scratch::new("fork");
    let copy = Scratch::new("fork-copy");
    let mut hub = hub(6);
    let mut wang = Phone::enrolled(&mut hub, scratch.storage(), 1, "王", &[GRID]).unwrap();
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    wang.sync(&mut hub).unwrap();
    // A backup of the phone is put on another one.
    rusqlite::Connection::open(scratch.book())
        .unwrap()
        .execute("VACUUM INTO ?1", [copy.book()])
        .unwrap();
    let mut twin = Phone::new(copy.storage(), 1, hub.now_ms).unwrap();
    assert_eq!(twin.device(), wang.device());
    wang.book.edit(&id, &[text("sign_name", "本机")]).unwrap();
    twin.book.edit(&id, &[text("sign_name", "副本")]).unwrap();
    assert!(wang.sync(&mut hub).unwrap().complete);
    let report = twin.sync(&mut hub).unwrap();
    assert!(report.applied.fork && !report.complete);
    // The server keeps both, and nothing of the twin is lost: it can be carried out.
    assert_eq!(hub.forks().len(), 1);
    assert_eq!(twin.book.pending().unwrap(), 1);
    let file = OutboxFile::from_bytes(&twin.book.export_outbox().unwrap()).unwrap();
    assert!(!file.bundles.is_empty());
    // Enrolled again it has another name, and its edit is made again under it.
    let ticket = hub.ticket("王", &[GRID]);
    twin.enrol(&mut hub, &ticket).unwrap();
    assert_ne!(twin.device(), wang.device());
    assert!(twin.sync(&mut hub).unwrap().complete);
    wang.sync(&mut hub).unwrap();
    twin.sync(&mut hub).unwrap();
    assert_eq!(common::view(&wang, &id), common::view(&twin, &id));
    assert_eq!(common::view(&wang, &id).conflicts, ["sign_name"]);
}

#[test]
fn lost_cut_and_doubled_requests_change_nothing_but_the_number_of_tries() {
    let mut hub = hub(7);
    hub.page = 3;
    let mut wang = phone(&mut hub, 1, "王");
    let mut li = phone(&mut hub, 2, "李");
    let ids: Vec<_> = (0..12)
        .map(|n| new_shop(&mut wang, &format!("莲花路 {n} 号"), "店"))
        .collect();
    for phone in [&mut wang, &mut li] {
        phone.link = Link {
            lost: 20,
            cut: 30,
            doubled: 20,
        };
    }
    let mut tries = 0;
    while wang.book.pending().unwrap() > 0 || li.book.count(&Filter::default()) < ids.len() {
        tries += 1;
        assert!(tries < 200, "no progress over a bad line");
        let _ = wang.sync(&mut hub);
        let _ = li.sync(&mut hub);
    }
    for id in &ids {
        assert_eq!(common::view(&wang, id), common::view(&li, id));
        assert_eq!(hub.record(id).unwrap().state.registers.change_count(), 1);
    }
}

#[test]
fn a_wrong_key_opens_nothing_and_a_newer_file_is_not_touched() {
    let scratch = Scratch::new("key");
    let mut hub = hub(8);
    let mut wang = Phone::enrolled(&mut hub, scratch.storage(), 1, "王", &[GRID]).unwrap();
    let id = new_shop(&mut wang, "古美路 1 号", "李记面馆");
    let open = |key: [u8; 32]| {
        let location = scratch.book();
        Fieldbook::open(
            Location::File(&location),
            DataKey::new(&key),
            schemas(),
            wang.host.clone(),
        )
    };
    assert!(matches!(open([9; 32]), Err(FieldbookError::WrongKey)));
    let mut copy = Phone::new(scratch.storage(), 1, hub.now_ms).unwrap();
    assert_eq!(shown(&copy, &id, "sign_name"), "李记面馆");
    copy.restart().unwrap();
    // Nothing of a person or shop is to be read in the file.
    let bytes = std::fs::read(scratch.book()).unwrap();
    let wal = std::fs::read(format!("{}-wal", scratch.book())).unwrap_or_default();
    for secret in ["李记面馆", "古美路", "sign_name"] {
        for file in [&bytes, &wal] {
            assert!(
                !file
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes())
            );
        }
    }
    drop(copy);
    let connection = rusqlite::Connection::open(scratch.book()).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    assert!(matches!(
        open([9; 32]),
        Err(FieldbookError::NewerFile {
            found: 99,
            known: 3
        })
    ));
    let connection = rusqlite::Connection::open(scratch.book()).unwrap();
    let rows: i64 = connection
        .query_row("SELECT count(*) FROM record", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
}

#[test]
fn attachments_are_kept_sealed_in_pieces_until_uploaded() {
    let mut hub = hub(9);
    let mut wang = phone(&mut hub, 1, "王");
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    let photo: Vec<u8> = (0..ATTACHMENT_PIECE_BYTES * 2 + 77)
        .map(|n| n.to_le_bytes()[0])
        .collect();
    let sha = wang.book.attach(&id, "image/jpeg", &photo).unwrap();
    assert_eq!(wang.book.attach(&id, "image/jpeg", &photo).unwrap(), sha);
    let pending = wang.book.pending_attachments().unwrap();
    assert_eq!((pending.len(), pending[0].bytes), (1, photo.len() as u64));
    let mut read = Vec::new();
    for piece in 0.. {
        let Some(bytes) = wang.book.attachment_piece(&id, &sha, piece).unwrap() else {
            break;
        };
        read.extend(bytes);
    }
    assert_eq!(read, photo);
    wang.book.attachment_uploaded(&id, &sha, 100).unwrap();
    assert_eq!(wang.book.pending_attachments().unwrap()[0].uploaded, 100);
    wang.book
        .attachment_uploaded(&id, &sha, photo.len() as u64)
        .unwrap();
    assert!(wang.book.pending_attachments().unwrap().is_empty());
    wang.book.drop_attachment(&id, &sha).unwrap();
    assert_eq!(wang.book.attachment_piece(&id, &sha, 0).unwrap(), None);
    let large = vec![0; MAX_ATTACHMENT_BYTES + 1];
    assert!(matches!(
        wang.book.attach(&id, "image/jpeg", &large),
        Err(FieldbookError::TooLarge)
    ));
    assert!(matches!(
        wang.book.attach(&id, "image/jpeg", &[]),
        Err(FieldbookError::TooLarge)
    ));
}

#[test]
fn compaction_folds_what_is_verified_and_changes_nothing_that_is_seen() {
    let mut hub = hub(10);
    let mut wang = phone(&mut hub, 1, "王");
    let mut li = phone(&mut hub, 2, "李");
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    for number in 0..40 {
        wang.book
            .edit(&id, &[text("sign_name", &format!("面馆 {number}"))])
            .unwrap();
        if number % 10 == 9 {
            wang.sync(&mut hub).unwrap();
            li.sync(&mut hub).unwrap();
        }
    }
    wang.book.edit(&id, &[text("gas", "none")]).unwrap();
    let before = (common::view(&wang, &id), wang.book.history(&id).unwrap());
    wang.book.compact().unwrap();
    assert_eq!(
        (common::view(&wang, &id), wang.book.history(&id).unwrap()),
        before
    );
    assert_eq!(wang.book.pending().unwrap(), 1);
    hub.back_up();
    wang.sync(&mut hub).unwrap();
    li.sync(&mut hub).unwrap();
    assert_eq!(common::view(&wang, &id), common::view(&li, &id));
    assert_eq!(
        wang.book.history(&id).unwrap(),
        li.book.history(&id).unwrap()
    );
}

#[test]
fn a_draft_outlives_the_app_and_a_carried_wipe_order_does_not_lose_what_is_unsent() {
    let scratch = Scratch::new("draft");
    let mut hub = hub(11);
    let mut wang = Phone::enrolled(&mut hub, scratch.storage(), 1, "王", &[GRID]).unwrap();
    wang.book
        .put_draft("finding/new", Some("未写完".as_bytes()))
        .unwrap();
    wang.restart().unwrap();
    let drafts = wang.book.drafts().unwrap();
    assert_eq!(
        drafts,
        [("finding/new".to_owned(), "未写完".as_bytes().to_vec())]
    );
    wang.book.put_draft("finding/new", None).unwrap();
    assert!(wang.book.drafts().unwrap().is_empty());
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    hub.revoke(wang.device());
    wang.link = Link {
        cut: 100,
        ..Link::default()
    };
    assert!(wang.sync(&mut hub).is_err());
    assert_eq!(
        shown(&wang, &id, "sign_name"),
        "面馆",
        "the order was not heard"
    );
    wang.link = Link::default();
    assert!(wang.sync(&mut hub).unwrap().applied.wiped);
    assert_eq!(hub.held().len(), 1);
}

#[test]
fn a_wiped_phone_still_gives_back_what_a_restored_server_lost() {
    let scratch = Scratch::new("wiped-restore");
    let mut hub = hub(12);
    let mut wang = Phone::enrolled(&mut hub, scratch.storage(), 1, "王", &[GRID]).unwrap();
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    wang.sync(&mut hub).unwrap();
    hub.back_up();
    let backup = hub.clone();
    wang.sync(&mut hub).unwrap();
    wang.book.edit(&id, &[text("sign_name", "后来")]).unwrap();
    wang.sync(&mut hub).unwrap();
    wang.locked().unwrap().wipe().unwrap();
    wang.restart().unwrap();
    let mut restored = hub.restored_from(&backup);
    assert!(wang.sync_locked(&mut restored).unwrap().complete);
    let state = &restored.record(&id).unwrap().state;
    assert_eq!(
        state.registers.visible("sign_name")[0].value.as_text(),
        Some("后来")
    );
}

#[test]
fn a_restored_server_gets_its_own_decisions_back_from_the_phones() {
    let mut hub = hub(13);
    let mut wang = phone(&mut hub, 1, "王");
    let mut li = phone(&mut hub, 2, "李");
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    wang.sync(&mut hub).unwrap();
    li.sync(&mut hub).unwrap();
    let backup = hub.clone();
    wang.book.edit(&id, &[text("sign_name", "甲")]).unwrap();
    li.book.edit(&id, &[text("sign_name", "乙")]).unwrap();
    wang.sync(&mut hub).unwrap();
    li.sync(&mut hub).unwrap();
    for number in 0..40 {
        assert!(hub.decide(id, &[text("sign_name", &format!("裁定 {number}"))]));
    }
    wang.sync(&mut hub).unwrap();
    li.sync(&mut hub).unwrap();
    assert_eq!(shown(&li, &id, "sign_name"), "裁定 39");
    let mut restored = hub.restored_from(&backup);
    for _ in 0..3 {
        assert!(wang.sync(&mut restored).unwrap().complete);
        assert!(li.sync(&mut restored).unwrap().complete);
    }
    let server = sync_core::record::View::of(&restored.record(&id).unwrap().state.registers);
    assert_eq!(
        server.fields["sign_name"].shown().as_text(),
        Some("裁定 39")
    );
    assert_eq!(common::view(&wang, &id), server);
    assert_eq!(common::view(&li, &id), server);
}

#[test]
fn changes_of_two_epochs_go_up_in_two_bundles() {
    let mut hub = hub(14);
    let mut wang = phone(&mut hub, 1, "王");
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    let other = new_shop(&mut wang, "古美路 2 号", "花店");
    wang.sync(&mut hub).unwrap();
    hub.known_schema = 0;
    wang.book.edit(&id, &[text("sign_name", "拒")]).unwrap();
    wang.sync(&mut hub).unwrap();
    hub.known_schema = u32::MAX;
    assert!(hub.resolve(&id, Resolution::Refuse));
    // Committed under the old epoch; the answer that raises it comes while they wait.
    wang.book.edit(&other, &[text("gas", "none")]).unwrap();
    wang.link = Link {
        lost: 100,
        ..Link::default()
    };
    assert!(wang.sync(&mut hub).is_err());
    wang.link = Link::default();
    wang.sync(&mut hub).unwrap();
    assert_eq!(wang.book.identity().unwrap().epoch, 2);
    wang.book
        .edit(&other, &[text("sign_name", "新花店")])
        .unwrap();
    assert!(wang.sync(&mut hub).unwrap().complete);
    assert!(
        wang.book
            .setbacks()
            .unwrap()
            .iter()
            .all(|setback| setback.record == id)
    );
    let state = &hub.record(&other).unwrap().state;
    assert_eq!(state.registers.visible("gas").len(), 1);
    assert_eq!(
        state.registers.visible("sign_name")[0].value.as_text(),
        Some("新花店")
    );
}

#[test]
fn a_part_that_cannot_be_read_costs_its_grid_a_pack_and_nothing_else() {
    let mut hub = hub(15);
    let mut wang = phone(&mut hub, 1, "王");
    let mut li = phone(&mut hub, 2, "李");
    let id = new_shop(&mut wang, "古美路 1 号", "面馆");
    wang.sync(&mut hub).unwrap();
    li.sync(&mut hub).unwrap();
    wang.book.edit(&id, &[text("sign_name", "甲")]).unwrap();
    wang.sync(&mut hub).unwrap();
    li.book.edit(&id, &[text("gas", "none")]).unwrap();
    hub.damage_feeds = true;
    let _ = li.sync(&mut hub);
    assert_eq!(
        li.book.pending().unwrap(),
        0,
        "what was sent is acknowledged"
    );
    hub.damage_feeds = false;
    assert!(li.sync(&mut hub).unwrap().complete);
    assert_eq!(shown(&li, &id, "sign_name"), "甲");
    assert_eq!(
        common::view(&li, &id).fields["gas"].shown().as_text(),
        Some("none")
    );
}
