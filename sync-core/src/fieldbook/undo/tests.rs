use proptest::prelude::*;
use ring::signature::Ed25519KeyPair;

use super::super::{
    Fieldbook, FieldbookError,
    testing::{Desk, GRID, desk, refer, shop_edits, text},
};
use crate::{
    change::{Incoming, Outcome, admit},
    fieldbook::{Place, round::ShopQuery},
    ids::RecordId,
    record::{RecordState, Registers},
    sync::Desk as _,
};

/// Closes open changes into signed bundles.
fn bundle(book: &mut Fieldbook) {
    let key = Ed25519KeyPair::from_seed_unchecked(&[3; 32]).unwrap();
    let clock = book.store.host.clock();
    while let Some(unsigned) = book.close_bundle(clock).unwrap() {
        let mut signature = [0; 64];
        signature.copy_from_slice(key.sign(unsigned.to_be_signed()).as_ref());
        let number = unsigned.manifest.number;
        book.put_signature(number, unsigned.finish(signature))
            .unwrap();
    }
}

/// What a server would hold after all bundles: each change is admitted in order.
fn received(book: &Fieldbook, record: &RecordId) -> Registers {
    let mut state = RecordState::default();
    for row in book.store.bundles_after(0, 1_000).unwrap() {
        for group in book.store.bundle_changes(row.number).unwrap().unwrap() {
            for chunk in group.chunks.iter().filter(|_| group.record == *record) {
                let incoming = Incoming::scan(chunk).unwrap();
                let admitted = admit(&mut state, &[incoming], &());
                assert!(matches!(admitted.outcomes[..], [Outcome::Accepted(_)]));
            }
        }
    }
    state.registers
}

fn registers(book: &Fieldbook, record: &RecordId) -> Registers {
    book.need_loaded(record).unwrap().state.registers
}

fn shops(desk: &Desk) -> usize {
    desk.book.shops(&ShopQuery::default()).unwrap().total
}

#[test]
fn a_record_just_made_is_taken_back_whole() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    desk.edit(&shop, &[text("sign_name", "面馆二")]);
    desk.book.attach(&shop, "image/jpeg", b"photo").unwrap();
    assert!(desk.book.undo(&shop).unwrap());
    assert!(matches!(
        desk.book.get(&shop),
        Err(FieldbookError::NoRecord(_))
    ));
    assert_eq!((shops(&desk), desk.book.pending().unwrap()), (0, 0));
    assert!(desk.book.pending_attachments().unwrap().is_empty());
    assert!(
        desk.book
            .find("面馆", &super::super::Filter::default(), 9)
            .is_empty()
    );
    assert!(
        !desk.book.undo(&shop).unwrap(),
        "there is nothing left of it"
    );
}

#[test]
fn what_is_in_a_bundle_is_not_taken_back() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    bundle(&mut desk.book);
    assert!(!desk.book.undo(&shop).unwrap());
    assert_eq!(shops(&desk), 1);
}

#[test]
fn what_something_refers_to_is_not_taken_back_before_it() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let visit = desk.visit(&shop, "unchanged");
    assert!(!desk.book.undo(&shop).unwrap());
    assert!(desk.book.undo(&visit).unwrap());
    assert!(desk.book.undo(&shop).unwrap());
    let shop = desk.shop("2号", "别家");
    let party = [
        text("type", "natural"),
        super::super::testing::set("roles#tenant", schemas::Scalar::Bool(true)),
        text("name", "张三"),
        text("phone", "13812345678"),
    ];
    let tenant = desk.with(&shop, "party", &party);
    desk.edit(&shop, &[refer("tenant", &tenant)]);
    assert!(!desk.book.undo(&tenant).unwrap());
}

#[test]
fn the_last_edit_of_a_record_that_is_sent_is_taken_back_alone() {
    let mut desk = desk();
    let shop = desk.shop("1号", "一");
    bundle(&mut desk.book);
    desk.edit(&shop, &[text("sign_name", "二")]);
    desk.edit(&shop, &[text("sign_name", "三")]);
    let sign = |desk: &Desk| {
        let rows = desk.book.shops(&ShopQuery::default()).unwrap().rows;
        rows[0].sign.clone()
    };
    assert!(desk.book.undo(&shop).unwrap());
    assert_eq!(sign(&desk), "二");
    assert!(desk.book.undo(&shop).unwrap());
    assert_eq!(sign(&desk), "一");
    assert!(!desk.book.undo(&shop).unwrap());
    desk.edit(&shop, &[text("sign_name", "四")]);
    bundle(&mut desk.book);
    assert_eq!(received(&desk.book, &shop), registers(&desk.book, &shop));
}

/// A phone's day: 0 and 1 make, 2 to 5 edit, 6 and 7 take back, 8 closes bundles.
fn day() -> impl Strategy<Value = Vec<(u8, u8)>> {
    proptest::collection::vec((0_u8..9, any::<u8>()), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever is taken back when, what is left goes up in order and is what the phone shows.
    #[test]
    fn what_is_not_taken_back_is_what_the_server_gets(day in day()) {
        let mut desk = desk();
        let mut made: Vec<RecordId> = Vec::new();
        for (act, pick) in day {
            let at = |made: &[RecordId]| usize::from(pick) % made.len().max(1);
            match act {
                0 | 1 => {
                    let place = Place::Grid(GRID.to_owned());
                    let edits = shop_edits(&format!("{pick}号"), "店");
                    made.push(desk.book.create("shop", &place, &edits).unwrap().record);
                }
                2..=5 if !made.is_empty() => {
                    let record = made[at(&made)];
                    // The same name again is nothing.
                    let _ = desk.book.edit(&record, &[text("sign_name", &format!("店{pick}"))]);
                }
                6 | 7 if !made.is_empty() => {
                    let record = made[at(&made)];
                    let undone = desk.book.undo(&record).unwrap();
                    if undone && desk.book.listed(&record).is_none() {
                        made.retain(|one| *one != record);
                    }
                }
                8 => bundle(&mut desk.book),
                _ => {}
            }
        }
        bundle(&mut desk.book);
        for record in &made {
            prop_assert_eq!(received(&desk.book, record), registers(&desk.book, record));
        }
        prop_assert_eq!(shops(&desk), made.len());
        desk.book.reload().unwrap();
        prop_assert_eq!(shops(&desk), made.len());
    }
}
