use schemas::Scalar;

use super::{
    super::{
        error::FieldbookError,
        testing::{Desk, desk, set},
    },
    Announced, opened,
};
use crate::{
    ids::Sha256,
    sync::{Clock, Desk as _, SchemaFiles},
};

const CLOCK: Clock = Clock {
    wall_ms: super::super::testing::NOW,
    monotonic_ms: 0,
};

/// A version with one more field of shops, under a name.
fn with_field(version: u32, field: &str) -> Vec<u8> {
    let files = SchemaFiles::builtin(version).into_files().into_iter();
    let line =
        format!("field = [\n  {{ name = \"{field}\", zh = \"x\", en = \"x\", type = \"flag\" }},");
    let changed = files.map(|(name, text)| {
        let text = match name.as_str() {
            "schema.toml" => format!("version = {version}\ndraft = false\n"),
            "kinds/shop.toml" => text.replacen("field = [", &line, 1),
            _ => text,
        };
        (name, text)
    });
    SchemaFiles::new(version, changed).to_bytes()
}

fn announced(version: u32, draft: bool, bytes: &[u8]) -> Announced {
    Announced {
        version,
        draft,
        digest: Some(Sha256::of(bytes)),
    }
}

/// The server announces a version, and it is fetched.
fn fetched(desk: &mut Desk, version: u32, draft: bool, bytes: &[u8]) {
    let said = announced(version, draft, bytes);
    desk.book.store.announce_schema(&said).unwrap();
    assert_eq!(desk.book.missing_schema().unwrap(), Some(said));
    desk.book.keep_schema(said, bytes).unwrap();
    assert_eq!(desk.book.missing_schema().unwrap(), None);
}

fn has(desk: &Desk, field: &str) -> bool {
    let shop = desk.book.schemas().kind("shop").unwrap();
    let mut fields = shop.fields().iter();
    fields.any(|one| one.path.to_string() == field)
}

/// What a book would work with that is opened now.
fn at_next_open(desk: &Desk) -> (u32, bool) {
    let (schemas, using) = opened(&desk.book.store, &desk.book.own).unwrap();
    (schemas.version(), using.is_some())
}

#[test]
fn a_version_is_kept_until_it_is_taken_and_bundles_name_what_each_change_was_written_under() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let bytes = with_field(2, "awning");
    fetched(&mut desk, 2, false, &bytes);
    assert_eq!(desk.book.ready_schema().unwrap(), Some((2, false)));
    assert!(!has(&desk, "awning"), "nothing changes under a form");
    let early = desk
        .book
        .edit(&shop, &[set("awning", Scalar::Bool(true))])
        .unwrap_err();
    assert!(matches!(early, FieldbookError::Invalid(_)));

    desk.book.put_draft("shop", Some(b"typed")).unwrap();
    assert!(desk.book.take_schema().unwrap());
    assert!(!desk.book.take_schema().unwrap(), "once");
    assert!(has(&desk, "awning") && !desk.book.tries_schema().unwrap());
    assert_eq!(at_next_open(&desk), (2, true));
    assert_eq!(
        desk.book.drafts().unwrap(),
        [("shop".to_owned(), b"typed".to_vec())]
    );
    desk.edit(&shop, &[set("awning", Scalar::Bool(true))]);
    let mut closed = || {
        let unsigned = desk.book.close_bundle(CLOCK).unwrap().unwrap();
        let manifest = unsigned.manifest.clone();
        let signed = unsigned.finish([0; 64]);
        desk.book.put_signature(manifest.number, signed).unwrap();
        (manifest.schema, manifest.records.len())
    };
    assert_eq!([closed(), closed()], [(1, 1), (2, 1)]);
}

#[test]
fn what_is_not_what_was_announced_is_refused_once_and_the_old_stays() {
    let mut desk = desk();
    let good = with_field(2, "awning");
    let unknown = with_field(2, "awning\", shape = \"round");
    let other = with_field(3, "awning");
    let mut cut = good.clone();
    cut.truncate(cut.len() / 2);
    for (said, bytes) in [
        (announced(2, false, &good), &unknown),
        (announced(2, false, &good), &with_field(2, "canopy")),
        (announced(2, false, &cut), &cut),
        (announced(2, false, &other), &other),
        (announced(2, false, &unknown), &unknown),
        (announced(2, false, b""), &Vec::new()),
    ] {
        desk.book.store.announce_schema(&said).unwrap();
        let refused = desk.book.keep_schema(said, bytes);
        assert!(matches!(refused, Err(FieldbookError::Schema(2))));
        assert_eq!(desk.book.missing_schema().unwrap(), None, "not again");
        assert_eq!(desk.book.refused_schema().unwrap(), Some(2));
        assert_eq!(desk.book.ready_schema().unwrap(), None);
        assert_eq!(at_next_open(&desk), (1, false));
    }
    // Another under the same number is looked at anew.
    fetched(&mut desk, 2, false, &good);
    assert_eq!(desk.book.refused_schema().unwrap(), None);
    assert!(desk.book.take_schema().unwrap());
}

#[test]
fn a_trial_ends_without_a_request_also_under_the_number_of_an_earlier_draft() {
    let mut desk = desk();
    let in_force = with_field(2, "awning");
    fetched(&mut desk, 2, false, &in_force);
    assert!(desk.book.take_schema().unwrap());
    let draft = with_field(3, "canopy");
    fetched(&mut desk, 3, true, &draft);
    assert!(desk.book.take_schema().unwrap());
    assert!(has(&desk, "canopy") && desk.book.tries_schema().unwrap());

    let another = with_field(3, "shutter");
    fetched(&mut desk, 3, true, &another);
    assert_eq!(desk.book.ready_schema().unwrap(), Some((3, true)));
    assert!(desk.book.take_schema().unwrap());
    assert!(has(&desk, "shutter") && !has(&desk, "canopy"));

    // Withdrawn: the one in force is still here.
    let said = announced(2, false, &in_force);
    desk.book.store.announce_schema(&said).unwrap();
    assert_eq!(desk.book.missing_schema().unwrap(), None);
    assert!(desk.book.take_schema().unwrap());
    assert!(has(&desk, "awning") && !has(&desk, "shutter"));
    assert!(!desk.book.tries_schema().unwrap());
    // And the one that came with the app needs nothing at all.
    let said = Announced {
        version: 1,
        ..Announced::default()
    };
    desk.book.store.announce_schema(&said).unwrap();
    assert!(desk.book.take_schema().unwrap());
    assert!(!has(&desk, "awning"));
}

#[test]
fn until_the_next_one_is_here_a_book_opens_with_the_one_it_had() {
    let mut desk = desk();
    fetched(&mut desk, 2, false, &with_field(2, "awning"));
    assert!(desk.book.take_schema().unwrap());
    let next = with_field(3, "canopy");
    let said = announced(3, false, &next);
    desk.book.store.announce_schema(&said).unwrap();
    assert_eq!(at_next_open(&desk), (2, true));
    desk.book.keep_schema(said, &next).unwrap();
    assert_eq!(at_next_open(&desk), (3, true));
    // What is damaged on the disk is fetched again.
    let damage = "UPDATE schema SET sealed = x'00'";
    desk.book.store.connection.execute(damage, []).unwrap();
    assert_eq!(at_next_open(&desk), (1, false));
    assert_eq!(desk.book.missing_schema().unwrap(), Some(said));
}

#[test]
fn files_of_the_own_number_with_another_content_are_fetched() {
    let mut desk = desk();
    let own = SchemaFiles::builtin(1).to_bytes();
    let said = announced(1, false, &own);
    desk.book.store.announce_schema(&said).unwrap();
    assert_eq!(desk.book.missing_schema().unwrap(), None);
    fetched(&mut desk, 1, false, &with_field(1, "awning"));
    let shop = desk.shop("1号", "面馆");
    assert!(desk.book.take_schema().unwrap());
    assert!(has(&desk, "awning"));
    assert_eq!(
        desk.book.listed(&shop).unwrap().facts.text("sign_name"),
        Some("面馆")
    );
}
