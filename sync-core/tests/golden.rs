//! Every format on disk and wire, held byte for byte by the files in `golden/`.
//!
//! `GRIDBOOK_BLESS=1` writes the files anew; golden/README.md says when that is right.

#![cfg(test)]

mod peer;
mod samples;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use samples::{Sample, all, derivations, hex};
use sync_core::{
    bundle::{decode_raw, deflate, inflate},
    change::{Change, scan},
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn bless() -> bool {
    std::env::var_os("GRIDBOOK_BLESS").is_some_and(|value| value == "1")
}

/// A golden file's text: what it is in a comment, then hex, 32 bytes a line.
fn written(sample: &Sample) -> String {
    let rule = sample.rule.unwrap_or("Automerge change chunk");
    let mut text = format!("# {rule}: {}\n", sample.note);
    for line in sample.bytes.chunks(32) {
        text.push_str(&hex(line));
        text.push('\n');
    }
    text
}

/// The bytes of a golden file's text.
fn read(text: &str) -> Vec<u8> {
    let digits: String = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::chars)
        .filter(|letter| !letter.is_whitespace())
        .collect();
    (0..digits.len() / 2)
        .map(|at| u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16).unwrap())
        .collect()
}

/// Compares with the file of that name, or writes it.
fn hold(file: &str, text: &str) -> Option<String> {
    let path = folder().join(file);
    if bless() {
        fs::write(&path, text).unwrap();
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    let differs = held.lines().zip(text.lines()).position(|(a, b)| a != b);
    match (held == text, differs) {
        (true, _) => None,
        (false, None) => Some(format!("{file}: missing, or of another length")),
        (false, Some(line)) => Some(format!("{file}: differs from line {} on", line + 1)),
    }
}

#[test]
fn every_format_has_the_bytes_of_its_golden_file() {
    let complaints: Vec<String> = all()
        .iter()
        .filter_map(|sample| hold(&format!("{}.hex", sample.name), &written(sample)))
        .chain(hold("derivations.txt", &derivations()))
        .collect();
    assert!(
        complaints.is_empty(),
        "a format changed. If that is meant, it needs an ADR, a word in docs/PROTOCOL.md and \
         schemas/protocol.cddl, and GRIDBOOK_BLESS=1 once:\n{}",
        complaints.join("\n")
    );
}

#[test]
fn every_golden_file_is_read_as_what_it_was_written_from() {
    for sample in all() {
        let text = fs::read_to_string(folder().join(format!("{}.hex", sample.name))).unwrap();
        let bytes = read(&text);
        assert_eq!((sample.reads)(&bytes), Ok(true), "{}", sample.name);
        let mut longer = bytes.clone();
        longer.push(0);
        assert_ne!(
            (sample.reads)(&longer),
            Ok(true),
            "{}: one byte more",
            sample.name
        );
        let shorter = &bytes[..bytes.len() - 1];
        assert_ne!(
            (sample.reads)(shorter),
            Ok(true),
            "{}: one byte less",
            sample.name
        );
    }
}

#[test]
fn every_golden_file_belongs_to_a_sample() {
    let known: BTreeSet<String> = all()
        .iter()
        .map(|sample| format!("{}.hex", sample.name))
        .chain(["README.md", "derivations.txt"].map(str::to_owned))
        .collect();
    assert_eq!(known.len(), all().len() + 2, "two samples bear one name");
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(known.contains(&name), "{name}: no sample makes it");
    }
}

#[test]
fn what_a_compressor_makes_of_a_golden_body_inflates_to_it() {
    for sample in all().iter().filter(|sample| sample.name.contains("body")) {
        let deflated = deflate(&sample.bytes);
        assert_eq!(
            inflate(&deflated, sample.bytes.len()),
            Ok(sample.bytes.clone())
        );
    }
}

#[test]
fn automerge_writes_golden_changes_in_the_same_bytes() {
    let sample = all().into_iter().find(|sample| sample.name == "raw-body");
    let records = decode_raw(&sample.unwrap().bytes).unwrap();
    let known: Vec<(Change, Vec<u8>)> = records
        .into_iter()
        .flat_map(|record| record.chunks)
        .map(|chunk| (scan(&chunk).unwrap(), chunk))
        .collect();
    assert_eq!(
        peer::compared(&known),
        6,
        "all but the one that depends on an unknown change"
    );
}
