//! The server's journal.

use minicbor::bytes::ByteVec;
use sync_core::{
    bundle::{JournalEntry, JournalPart, JournalPayload},
    change::HeldReason,
    sync::{Verdict, VerdictStatus},
};

use super::{
    Sample,
    bundle::{certificate_sign1, journal_bundle},
    read_by,
    story::{A, DECISIONS, GRID, NOW, Story, header, party, shop},
    text, whole,
};

pub(crate) fn samples() -> Vec<Sample> {
    let story = Story::new();
    let (manifest, signature, plain) = journal_bundle(&story);
    let parts = vec![
        JournalPart {
            record: shop(),
            sealed: false,
            bytes: plain.clone(),
        },
        JournalPart {
            record: party(),
            sealed: true,
            bytes: vec![0x99; 28 + 64],
        },
    ];
    let bundle = JournalPayload::Bundle {
        manifest: manifest.clone(),
        signature: signature.clone(),
        parts: parts.clone(),
    };
    let server_bundle = JournalPayload::ServerBundle {
        manifest,
        signature,
        parts,
        by: "s-0007".into(),
        reason: "现场核对".into(),
    };
    let part = read_by(
        "journal-part-plain",
        Some("journal-part-plain"),
        "a record's part of a bundle, not sealed",
        plain,
        |bytes| {
            let (read, chunks): (Option<_>, Vec<ByteVec>) = whole(bytes)?;
            let same = |chunk: &ByteVec| **chunk == *Story::new().first.chunk;
            Ok(read == Some(header("shop", 0x5A)) && chunks.iter().all(same))
        },
    );
    let mut all = vec![
        part,
        entry("journal-bundle", 1, bundle),
        entry("journal-server-bundle", 4, server_bundle),
    ];
    all.extend(decisions());
    all.extend(administration());
    all
}

fn entry(name: &'static str, position: u64, payload: JournalPayload) -> Sample {
    let entry = JournalEntry {
        position,
        time_ms: NOW,
        payload,
    };
    let note = "a journal entry";
    read_by(
        name,
        Some("journal-entry"),
        note,
        entry.to_bytes(),
        move |bytes| Ok(JournalEntry::from_bytes(bytes).map_err(text)? == entry),
    )
}

fn decisions() -> Vec<Sample> {
    let verdict = |status, accepted, reason, key: Option<&str>| JournalPayload::Verdict {
        device: A,
        number: 2,
        record: shop(),
        status,
        accepted,
        reason,
        key: key.map(str::to_owned),
    };
    vec![
        entry("journal-verdict-accepted", 2, verdict(0, 2, None, None)),
        entry("journal-verdict-held", 3, verdict(1, 0, Some(3), None)),
        entry(
            "journal-verdict-refused",
            3,
            verdict(2, 1, Some(6), Some("result")),
        ),
        entry(
            "journal-verdicts",
            4,
            JournalPayload::Verdicts {
                device: A,
                number: 2,
                verdicts: vec![Verdict {
                    number: 2,
                    record: shop(),
                    accepted: 1,
                    status: VerdictStatus::Held(HeldReason::LostGrid),
                    key: None,
                }],
            },
        ),
        entry(
            "journal-release",
            5,
            JournalPayload::Release {
                device: A,
                number: 2,
                record: shop(),
                by: "s-0007".into(),
                reason: "换格期间补报".into(),
                released: true,
            },
        ),
        entry(
            "journal-erasure",
            6,
            JournalPayload::Erasure {
                record: party(),
                by: "s-0007".into(),
                reason: "本人申请".into(),
            },
        ),
    ]
}

fn administration() -> Vec<Sample> {
    let device = |device, event, certificate: Option<Vec<u8>>| JournalPayload::Device {
        device,
        event,
        certificate: certificate.map(ByteVec::from),
        by: "s-0007".into(),
    };
    vec![
        entry(
            "journal-configuration",
            7,
            JournalPayload::Configuration {
                what: "schemas".into(),
                version: 4,
                bytes: b"[kind]".to_vec(),
                by: "admin".into(),
            },
        ),
        entry(
            "journal-place",
            8,
            JournalPayload::Place {
                record: shop(),
                grid: GRID.into(),
                move_number: 1,
                by: "s-0007".into(),
            },
        ),
        entry(
            "journal-act",
            9,
            JournalPayload::Act {
                by: "c-0003".into(),
                act: "case.step".into(),
                object: "case/17".into(),
                reason: "已整改".into(),
            },
        ),
        entry(
            "journal-device-enrolled",
            10,
            device(A, 1, Some(certificate_sign1())),
        ),
        entry("journal-device-fork", 11, device(DECISIONS, 5, None)),
    ]
}
