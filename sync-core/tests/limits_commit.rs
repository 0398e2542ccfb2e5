//! One past every limit on what a phone commits.

#![cfg(test)]

use schemas::{path::RegisterKey, value::Scalar};
use sync_core::{
    ActorId,
    change::{Incoming, Outcome, Path, admit},
    ids::DeviceId,
    limits::{MAX_BLOB_BYTES, MAX_EDITS_PER_COMMIT, MAX_TEXT_BYTES},
    record::{AuthorError, Edit, EditError, RecordState, author},
};

fn actor(number: u8) -> ActorId {
    DeviceId([1, 0, 0, 0, 0, number]).actor(1)
}

#[test]
fn a_form_with_a_value_past_its_limit_is_not_committed() {
    let set = |value| {
        let key = RegisterKey::parse("remark").unwrap();
        author(
            &RecordState::default(),
            actor(1),
            &[Edit::Restore, Edit::Set { key, value }],
            0,
        )
    };
    let too_long = Err(AuthorError::Edit(EditError::TooLong("remark".to_owned())));
    assert!(set(Scalar::text("v".repeat(MAX_TEXT_BYTES))).is_ok());
    assert_eq!(set(Scalar::text("v".repeat(MAX_TEXT_BYTES + 1))), too_long);
    assert!(set(Scalar::Bytes(vec![1; MAX_BLOB_BYTES])).is_ok());
    assert_eq!(set(Scalar::Bytes(vec![1; MAX_BLOB_BYTES + 1])), too_long);
}

#[test]
fn a_commit_holds_at_most_so_many_edits() {
    let commit = |count| {
        author(
            &RecordState::default(),
            actor(1),
            &vec![Edit::Restore; count],
            0,
        )
        .err()
    };
    assert_eq!(commit(MAX_EDITS_PER_COMMIT), None);
    assert_eq!(
        commit(MAX_EDITS_PER_COMMIT + 1),
        Some(AuthorError::Edit(EditError::TooMany))
    );
}

#[test]
fn a_phone_whose_clock_is_wrong_by_ages_can_still_commit() {
    for now in [i64::MIN, -1, i64::MAX] {
        let made = author(&RecordState::default(), actor(1), &[Edit::Restore], now).unwrap();
        let incoming = Incoming::scan(&made.chunk).unwrap();
        let mut state = RecordState::default();
        assert_eq!(
            admit(&mut state, &[incoming], &()).outcomes,
            [Outcome::Accepted(Path::Register)]
        );
    }
}
