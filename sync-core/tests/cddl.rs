//! The protocol's CDDL holds for real messages, and what breaks it is refused by the decoder too.

#![cfg(test)]

mod any;
mod samples;

use cddl_cat::{cbor::validate_cbor, context::BasicContext, flatten::flatten_from_str};
use ciborium::Value;
use proptest::prelude::*;
use samples::{Sample, all};
use sync_core::{
    bundle::{Bundle, inflate},
    limits::{MAX_BODY_BYTES, MAX_PART_INFLATED_BYTES},
    sync::PackPart,
};

/// The tag of `COSE_Sign1`, 18.
const SIGN1: u8 = 0xD2;

/// The rules of `schemas/protocol.cddl`. The validator knows neither tags nor `undefined`: tags
/// are checked in [`holds`], and its CBOR reader takes `undefined` for null.
fn rules() -> BasicContext {
    let text = include_str!("../../schemas/protocol.cddl");
    let text = text.replace("#6.18", "").replace("undefined", "nil");
    BasicContext::new(flatten_from_str(&text).unwrap())
}

/// The item of a message, without the tag that its rule asks for.
fn parse(rule: &str, bytes: &[u8]) -> Result<Value, String> {
    let bytes = match (rule.ends_with("-sign1"), bytes.split_first()) {
        (false, _) => bytes,
        (true, Some((&SIGN1, rest))) => rest,
        (true, _) => return Err("no tag".into()),
    };
    let mut rest = bytes;
    let value = ciborium::from_reader(&mut rest).map_err(|error| error.to_string())?;
    if rest.is_empty() {
        Ok(value)
    } else {
        Err("bytes left over".into())
    }
}

/// Whether a message has the form of a rule.
fn holds(rules: &BasicContext, rule: &str, bytes: &[u8]) -> Result<(), String> {
    conforms(rules, rule, &parse(rule, bytes)?)
}

fn conforms(rules: &BasicContext, rule: &str, value: &Value) -> Result<(), String> {
    let definition = rules.rules.get(rule).ok_or("no such rule")?;
    validate_cbor(definition, value, rules).map_err(|error| error.to_string())
}

fn written(rule: &str, value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    if rule.ends_with("-sign1") {
        bytes.push(SIGN1);
    }
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// Samples that are CBOR, with their rules.
fn messages() -> impl Iterator<Item = (Sample, &'static str)> {
    let with_rule = |sample: Sample| sample.rule.map(|rule| (sample, rule));
    all().into_iter().filter_map(with_rule)
}

#[test]
fn every_golden_message_has_the_form_of_its_rule() {
    let rules = rules();
    for (sample, rule) in messages() {
        let (name, note) = (sample.name, sample.note);
        assert_eq!(holds(&rules, rule, &sample.bytes), Ok(()), "{name}: {note}");
    }
}

#[test]
fn what_golden_messages_hold_deflated_has_the_form_of_its_rule() {
    let rules = rules();
    let mut seen = [0; 5];
    for (sample, rule) in messages() {
        match rule {
            "bundle" => {
                let bundle: Bundle = minicbor::decode(&sample.bytes).unwrap();
                let rule = ["", "raw-body", "stripped-body", "sealed-body"];
                let body = inflate(&bundle.body, MAX_BODY_BYTES).unwrap();
                let rule = rule[usize::from(bundle.wire)];
                assert_eq!(holds(&rules, rule, &body), Ok(()), "{}", sample.name);
                seen[usize::from(bundle.wire)] += 1;
            }
            "pack-part" => {
                let part: PackPart = minicbor::decode(&sample.bytes).unwrap();
                let sequence = inflate(&part.records, MAX_PART_INFLATED_BYTES).unwrap();
                let mut rest = sequence.as_slice();
                while !rest.is_empty() {
                    let record: Value = ciborium::from_reader(&mut rest).unwrap();
                    assert_eq!(conforms(&rules, "pack-record", &record), Ok(()));
                    seen[4] += 1;
                }
            }
            _ => {}
        }
    }
    assert_eq!(
        seen,
        [0, 1, 1, 1, 2],
        "bodies of every version, and packed records"
    );
}

/// Every place of an item: indices of elements, of map entries' values.
fn places(value: &Value) -> Vec<Vec<usize>> {
    let children: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Map(entries) => entries.iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    };
    let below = children.iter().enumerate().flat_map(|(at, child)| {
        places(child)
            .into_iter()
            .map(move |rest| [vec![at], rest].concat())
    });
    std::iter::once(Vec::new()).chain(below).collect()
}

/// The item at a place.
fn at<'v>(value: &'v mut Value, place: &[usize]) -> &'v mut Value {
    let Some((first, rest)) = place.split_first() else {
        return value;
    };
    match value {
        Value::Array(items) => at(&mut items[*first], rest),
        Value::Map(entries) => at(&mut entries[*first].1, rest),
        _ => unreachable!("places come from `places`"),
    }
}

#[test]
fn a_message_with_a_wrong_type_anywhere_is_refused_by_the_cddl_and_by_the_decoder() {
    let rules = rules();
    let mut tried = 0;
    for (sample, rule) in messages() {
        let whole = parse(rule, &sample.bytes).unwrap();
        for place in places(&whole) {
            let mut wrong = whole.clone();
            let item = at(&mut wrong, &place);
            // Items without content ([4, []]): the decoder does not look at what stands for it.
            let empty = *item == Value::Array(Vec::new());
            *item = Value::Float(1.5);
            let context = format!("{} at {place:?}", sample.name);
            assert!(conforms(&rules, rule, &wrong).is_err(), "{context}");
            let read = (sample.reads)(&written(rule, &wrong));
            let refused = read.is_err() || (read == Ok(false) && rule == "sig-structure");
            assert!(refused || empty, "{context}: read as {read:?}");
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried} places");
}

#[test]
fn a_message_that_lacks_a_key_is_refused_by_the_cddl_and_by_the_decoder_alike() {
    let rules = rules();
    let mut refused = 0;
    for (sample, rule) in messages() {
        let whole = parse(rule, &sample.bytes).unwrap();
        for place in places(&whole) {
            let keys = match at(&mut whole.clone(), &place) {
                Value::Map(entries) => entries.len(),
                _ => 0,
            };
            // Registers and the protected header of COSE are maps of another kind.
            for key in (0..keys).filter(|_| rule != "registers") {
                let mut lacking = whole.clone();
                if let Value::Map(entries) = at(&mut lacking, &place) {
                    entries.remove(key);
                }
                let by_cddl = conforms(&rules, rule, &lacking);
                let read = (sample.reads)(&written(rule, &lacking));
                let context = format!("{} at {place:?}, entry {key}", sample.name);
                let alike = by_cddl.is_err() == read.is_err();
                assert!(alike, "{context}: {by_cddl:?}, read as {read:?}");
                refused += usize::from(by_cddl.is_err());
            }
        }
    }
    assert!(refused > 100, "{refused} keys");
}

#[test]
fn a_message_with_an_array_cut_short_is_refused_by_the_decoder_if_by_the_cddl() {
    let rules = rules();
    for (sample, rule) in messages() {
        let whole = parse(rule, &sample.bytes).unwrap();
        for place in places(&whole) {
            let mut cut = whole.clone();
            let Value::Array(items) = at(&mut cut, &place) else {
                continue;
            };
            if items.pop().is_none() || conforms(&rules, rule, &cut).is_ok() {
                continue;
            }
            let read = (sample.reads)(&written(rule, &cut));
            assert_ne!(read, Ok(true), "{} at {place:?}", sample.name);
        }
    }
}

#[test]
fn a_key_that_nobody_knows_is_passed_over_by_the_decoder() {
    let rules = rules();
    let mut tried = 0;
    for (sample, rule) in messages() {
        let mut longer = parse(rule, &sample.bytes).unwrap();
        let Value::Map(entries) = &mut longer else {
            continue;
        };
        if rule == "stripped-body" {
            continue;
        }
        entries.push((Value::Integer(99.into()), Value::Text("new".into())));
        assert!(conforms(&rules, rule, &longer).is_err(), "{}", sample.name);
        let bytes = written(rule, &longer);
        assert_eq!((sample.reads)(&bytes), Ok(true), "{}", sample.name);
        tried += 1;
    }
    assert!(tried > 10, "{tried} messages");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn random_messages_have_the_form_of_their_rules_and_come_back(
        messages in any::messages()
    ) {
        let rules = rules();
        for message in messages {
            prop_assert_eq!(holds(&rules, message.rule, &message.bytes), Ok(()), "{}", message.rule);
            prop_assert!(message.comes_back, "{}", message.rule);
        }
    }

    #[test]
    fn random_records_have_the_form_of_their_rules_and_come_back(edits in any::edits()) {
        let rules = rules();
        for message in any::records(&edits) {
            prop_assert_eq!(holds(&rules, message.rule, &message.bytes), Ok(()), "{}", message.rule);
            prop_assert!(message.comes_back, "{}", message.rule);
        }
    }
}
