use proptest::prelude::*;

use super::*;

#[test]
fn every_shape_of_key_prints_as_it_was_written() {
    for key in [
        "_alive",
        "door_no",
        "roles#operator",
        "licences.AAAAAAAAAAA",
        "licences.__________8.expires",
        "photos.AAAAAAAAAAE.marks#a-B_9",
    ] {
        assert_eq!(RegisterKey::parse(key).unwrap().to_string(), key);
    }
}

#[test]
fn malformed_keys_are_refused_for_their_reason() {
    use PathError::{BadCode, BadEntryId, BadName, TooLong, TooManyParts};
    let long_name = "a".repeat(41);
    let long_key = format!(
        "{}.AAAAAAAAAAA.{}#{}",
        "g".repeat(40),
        "f".repeat(40),
        "c".repeat(24)
    );
    for (key, reason) in [
        ("", BadName),
        ("_dead", BadName),
        ("Door", BadName),
        ("9lives", BadName),
        (long_name.as_str(), BadName),
        ("roles#", BadCode),
        ("roles#a#b", BadCode),
        ("roles#店", BadCode),
        ("_alive#x", BadName),
        ("licences.", BadEntryId),
        ("licences.AAAAAAAAAAB", BadEntryId),
        ("licences.AAAAAAAAAA=", BadEntryId),
        ("licences.AAAAAAAAAA", BadEntryId),
        ("licences.AAAAAAAAAAA#x", BadEntryId),
        ("licences.AAAAAAAAAAA.", BadName),
        ("licences.AAAAAAAAAAA.type.x", TooManyParts),
        (long_key.as_str(), TooLong),
    ] {
        assert_eq!(RegisterKey::parse(key), Err(reason), "{key}");
    }
}

#[test]
fn a_key_of_96_bytes_fits_and_one_of_97_does_not() {
    let key = |len: usize| format!("{}.AAAAAAAAAAA.{}", "g".repeat(40), "f".repeat(len - 53));
    // The longest field name allows 93 bytes; a code fills the rest.
    assert!(RegisterKey::parse(&format!("{}#{}", key(93), "c".repeat(2))).is_ok());
    assert_eq!(
        RegisterKey::parse(&format!("{}#{}", key(93), "c".repeat(3))),
        Err(PathError::TooLong)
    );
}

#[test]
fn a_register_knows_its_field_and_entry() {
    let key = RegisterKey::parse("licences.AAAAAAAAAAE.expires").unwrap();
    assert_eq!(key.path(), FieldPath::parse("licences.expires").ok());
    assert_eq!(key.entry().unwrap().1, EntryId([0, 0, 0, 0, 0, 0, 0, 1]));
    assert_eq!(RegisterKey::of(&key.path().unwrap(), None, None), None);
}

proptest! {
    #[test]
    fn entry_ids_come_back_from_their_text(bytes: [u8; 8]) {
        let text = EntryId(bytes).to_string();
        prop_assert_eq!(EntryId::parse(&text), Ok(EntryId(bytes)));
    }

    #[test]
    fn whatever_parses_prints_the_same_bytes(text in "[a-z_#.A-Z0-9-]{0,100}") {
        if let Ok(key) = RegisterKey::parse(&text) {
            prop_assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn no_input_makes_the_parser_panic(text: String) {
        let _ = RegisterKey::parse(&text);
        let _ = FieldPath::parse(&text);
    }
}
