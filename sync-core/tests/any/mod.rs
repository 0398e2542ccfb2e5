//! Random messages of every kind.

mod records;

use minicbor::{Decode, Encode, bytes::ByteVec};
use proptest::{collection::vec, option, prelude::*};
use sync_core::{
    DeviceId, RecordId, Salt, Sha256,
    bundle::{Bundle, Certificate, GridGrant, Manifest, ManifestRecord},
    change::{HeldReason, RefusedReason},
    record::Header,
    sync::{
        BundleProblem, CaseStatus, Cursor, DeviceEntry, DeviceItem, FeedPart, GridFigures,
        PackPart, PackProgress, PhoneStatus, Problem, SyncRequest, SyncResponse, Verdict,
        VerdictStatus,
    },
};

pub(crate) use records::{edits, records};

/// A message's bytes, its rule, and whether decoding gives the message again.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) rule: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) comes_back: bool,
}

/// A message that minicbor reads and writes.
fn message<T>(rule: &'static str, value: &T) -> Message
where
    T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq,
{
    let bytes = minicbor::to_vec(value).unwrap();
    let comes_back = minicbor::decode::<T>(&bytes).is_ok_and(|read| read == *value);
    Message {
        rule,
        bytes,
        comes_back,
    }
}

/// One message of each kind.
pub(crate) fn messages() -> impl Strategy<Value = Vec<Message>> {
    (request(), response(), manifest(), certificate(), header()).prop_map(
        |(request, response, manifest, certificate, header)| {
            vec![
                message("sync-request", &request),
                message("sync-response", &response),
                message("manifest", &manifest),
                message("certificate", &certificate),
                message("header", &header),
            ]
        },
    )
}

fn words() -> impl Strategy<Value = String> {
    "[a-z0-9店门 ]{0,12}"
}

fn record() -> impl Strategy<Value = RecordId> {
    any::<[u8; 16]>().prop_map(RecordId)
}

fn device() -> impl Strategy<Value = DeviceId> {
    any::<[u8; 6]>().prop_map(DeviceId)
}

fn sha() -> impl Strategy<Value = Sha256> {
    any::<[u8; 32]>().prop_map(Sha256)
}

fn header() -> impl Strategy<Value = Header> {
    (words(), words(), any::<u64>(), any::<[u8; 16]>()).prop_map(
        |(kind, grid, move_number, salt)| Header {
            kind,
            grid,
            move_number,
            salt: Salt(salt),
        },
    )
}

fn bundle() -> impl Strategy<Value = Bundle> {
    let what = (device(), 1_u64.., sha(), any::<u32>(), any::<u16>());
    let when = (any::<i64>(), any::<i64>(), any::<u64>());
    let content = (vec(any::<u8>(), 0..80), 1_u8..=3, vec(any::<u8>(), 0..80));
    (what, when, content).prop_map(
        |(
            (device, number, previous, schema, epoch),
            (wall_ms, server_ms, elapsed_ms),
            (signature, wire, body),
        )| Bundle {
            device,
            number,
            previous,
            schema,
            epoch,
            wall_ms,
            server_ms,
            elapsed_ms,
            signature,
            wire,
            body,
        },
    )
}

fn manifest() -> impl Strategy<Value = Manifest> {
    let record =
        (record(), vec(sha(), 0..3), option::of(sha())).prop_map(|(record, changes, header)| {
            ManifestRecord {
                record,
                changes,
                header,
            }
        });
    (bundle(), vec(record, 1..3))
        .prop_map(|(bundle, records)| Manifest::of_bundle(&bundle, records))
}

fn certificate() -> impl Strategy<Value = Certificate> {
    let grant = (words(), option::of(any::<i64>()))
        .prop_map(|(grid, until_ms)| GridGrant { grid, until_ms });
    let who = (device(), any::<[u8; 32]>(), any::<u16>());
    let role = (words(), words(), option::of(words()));
    let when = (any::<i64>(), any::<i64>());
    (who, role, vec(grant, 0..3), when).prop_map(
        |((device, key, epoch), (inspector, role, office), grids, (issued_ms, expires_ms))| {
            Certificate {
                device,
                key,
                epoch,
                inspector,
                role,
                office,
                grids,
                issued_ms,
                expires_ms,
            }
        },
    )
}

fn request() -> impl Strategy<Value = SyncRequest> {
    let pack = (any::<u64>(), record()).prop_map(|(at_seq, after)| PackProgress { at_seq, after });
    let cursor = (
        any::<u64>(),
        option::of(words()),
        any::<u64>(),
        option::of(pack),
    )
        .prop_map(|(epoch, grid, seq, pack)| Cursor {
            epoch,
            grid,
            seq,
            pack,
        });
    let status = (words(), any::<u64>(), any::<u64>(), any::<u64>()).prop_map(
        |(app, pending, attachments, store_bytes)| PhoneStatus {
            app,
            pending,
            attachments,
            store_bytes,
        },
    );
    let carried = vec(vec(any::<u8>(), 0..9).prop_map(ByteVec::from), 0..2);
    let head = (device(), any::<i64>(), vec(cursor, 0..3));
    let rest = (
        vec(bundle(), 0..3),
        option::of(status),
        option::of(carried),
        option::of(vec(bundle(), 0..2)),
    );
    (head, rest).prop_map(
        |((device, wall_ms, cursors), (bundles, status, carried, returned))| SyncRequest {
            protocol: 1,
            device,
            cursors,
            bundles,
            wall_ms,
            status,
            carried,
            returned,
        },
    )
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let status = prop_oneof![
        Just(VerdictStatus::Accepted),
        (0..HeldReason::ALL.len()).prop_map(|at| VerdictStatus::Held(HeldReason::ALL[at])),
        (0..RefusedReason::ALL.len()).prop_map(|at| VerdictStatus::Refused(RefusedReason::ALL[at])),
    ];
    (
        any::<u64>(),
        record(),
        any::<u32>(),
        status,
        option::of("[a-z]{1,9}"),
    )
        .prop_map(|(number, record, accepted, status, key)| Verdict {
            number,
            record,
            accepted,
            status,
            key,
        })
}

fn item() -> impl Strategy<Value = DeviceItem> {
    prop_oneof![
        verdict().prop_map(DeviceItem::Verdict),
        any::<u64>().prop_map(|number| DeviceItem::Accepted { number }),
        any::<u16>().prop_map(DeviceItem::Epoch),
        vec(any::<u8>(), 0..9).prop_map(DeviceItem::Certificate),
        Just(DeviceItem::Wipe),
        (
            any::<u32>(),
            any::<bool>(),
            proptest::option::of(any::<[u8; 32]>())
        )
            .prop_map(|(version, draft, digest)| DeviceItem::Schema {
                version,
                draft,
                digest: digest.map(Sha256),
            }),
        case().prop_map(DeviceItem::Case),
        figures().prop_map(DeviceItem::Figures),
    ]
}

fn figures() -> impl Strategy<Value = GridFigures> {
    let rate = || any::<(u32, u32)>();
    let counts = any::<(u32, u32, u32)>();
    let rates = (rate(), rate(), rate(), rate());
    (words(), words(), counts, rates, any::<bool>(), any::<i64>()).prop_map(
        |(month, grid, (waiting, appealed, not_counted), rates, locked, told_ms)| GridFigures {
            month,
            grid,
            waiting,
            appealed,
            not_counted,
            shops: rates.0,
            consistent: rates.1,
            residents: rates.2,
            workers: rates.3,
            locked,
            told_ms,
        },
    )
}

fn case() -> impl Strategy<Value = CaseStatus> {
    let time = || proptest::option::of(any::<i64>());
    let texts = (words(), proptest::option::of(words()));
    (record(), texts, time(), any::<bool>(), time(), any::<i64>()).prop_map(
        |(finding, (state, office), due_ms, paused, closed_ms, told_ms)| CaseStatus {
            finding,
            state,
            office,
            due_ms,
            paused,
            closed_ms,
            told_ms,
        },
    )
}

fn response() -> impl Strategy<Value = SyncResponse> {
    let problem = (any::<u64>(), 0_usize..4).prop_map(|(number, at)| {
        let all = [
            Problem::SendRaw,
            Problem::SendFrom,
            Problem::Fork,
            Problem::Rejected,
        ];
        BundleProblem {
            number,
            problem: all[at],
        }
    });
    let entry = (any::<u64>(), item()).prop_map(|(seq, item)| DeviceEntry { seq, item });
    let feed = (
        words(),
        any::<u64>(),
        any::<u64>(),
        1_u8..=2,
        vec(any::<u8>(), 0..9),
    )
        .prop_map(|(grid, from_seq, to_seq, wire, body)| FeedPart {
            grid,
            from_seq,
            to_seq,
            wire,
            body,
        });
    let pack = (
        (words(), any::<u64>(), any::<u64>()),
        (any::<bool>(), any::<bool>()),
        vec((device(), words()), 0..3),
        vec(any::<u8>(), 0..9),
    )
        .prop_map(
            |((grid, at_seq, total), (last, first), authors, records)| PackPart {
                grid,
                at_seq,
                total,
                last,
                authors,
                records,
                first,
            },
        );
    let head = (any::<u64>(), any::<i64>(), any::<u64>(), any::<u64>());
    let streams = (vec(entry, 0..4), vec(feed, 0..2), vec(pack, 0..2));
    let rest = (
        option::of(problem),
        any::<bool>(),
        option::of(any::<u32>()),
        option::of(any::<bool>()),
        option::of(vec(
            (any::<[u8; 6]>().prop_map(DeviceId), any::<u64>()),
            0..3,
        )),
    );
    (head, streams, rest).prop_map(
        |(
            (epoch, server_ms, acknowledged, backed_up),
            (items, feeds, packs),
            (problem, more, retry_after_ms, wants_returned, server_backed_up),
        )| SyncResponse {
            protocol: 1,
            epoch,
            server_ms,
            acknowledged,
            backed_up,
            problem,
            items,
            feeds,
            packs,
            more,
            retry_after_ms,
            wants_returned,
            server_backed_up,
        },
    )
}
