//! What phone and server say to each other.

use minicbor::bytes::ByteVec;
use sync_core::{
    Sha256,
    bundle::{OutboxFile, WireVersion, inflate},
    change::{HeldReason, RefusedReason, prove},
    limits::MAX_PART_INFLATED_BYTES,
    sync::{
        BundleProblem, CaseStatus, Cursor, DeviceEntry, DeviceItem, Draw, EnrolReply, EnrolRequest,
        FeedBody, FeedItem, FeedPart, GridFigures, PROTOCOL, PackPart, PackProgress, PackRecord,
        PhoneStatus, Problem, SchemaFiles, SyncRequest, SyncResponse, Task, Verdict, VerdictStatus,
        decode_pack,
    },
};

use super::{
    Sample,
    body::feed_records,
    bundle::{certificate_sign1, first_bundle, second_bundle, server_bundle, someone},
    cbor, read_by, stored,
    story::{
        A, EPOCH, GRID, Keeper, NOW, SEED_A, SEED_SEAL, SEED_SERVER, Story, header, imported,
        party, public, shop,
    },
    text, whole,
};

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = enrolment();
    all.extend(requests());
    all.extend(responses());
    all.extend(parts());
    all.push(schema_files());
    all
}

fn schema_files() -> Sample {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let files = SchemaFiles::new(
        4,
        [
            file("schema.toml", "version = 4\ndraft = false\n"),
            file("kinds/shop.toml", "name = \"shop\"\n"),
        ],
    );
    let bytes = files.to_bytes();
    read_by(
        "schema-files",
        Some("schema-files"),
        "two files of version 4, cut short",
        bytes,
        move |bytes| Ok(SchemaFiles::from_bytes(bytes).map_err(text)? == files),
    )
}

fn enrolment() -> Vec<Sample> {
    let request = EnrolRequest {
        ticket: "7Q2M-K3XD".into(),
        key: public(&SEED_A),
        app: "0.1.0".into(),
    };
    let reply = EnrolReply {
        certificate: certificate_sign1(),
        server_key: public(&SEED_SERVER),
        seal_key: sync_core::bundle::ServerOpenKey::derive(&SEED_SEAL).1,
        server_ms: NOW,
        schema: 3,
    };
    vec![
        cbor(
            "enrol-request",
            "enrol-request",
            "a ticket and a key",
            request,
        ),
        cbor(
            "enrol-reply",
            "enrol-reply",
            "the certificate and the server's keys",
            reply,
        ),
    ]
}

fn requests() -> Vec<Sample> {
    let story = Story::new();
    let sealed = first_bundle(&story, WireVersion::Sealed);
    let full = SyncRequest {
        protocol: PROTOCOL,
        device: A,
        cursors: vec![
            Cursor {
                epoch: EPOCH,
                grid: None,
                seq: 12,
                pack: None,
            },
            Cursor {
                epoch: EPOCH,
                grid: Some(GRID.into()),
                seq: 4_711,
                pack: None,
            },
            Cursor {
                epoch: 0,
                grid: Some("310112001001002".into()),
                seq: 0,
                pack: Some(PackProgress {
                    at_seq: 99,
                    after: imported(),
                }),
            },
        ],
        bundles: vec![
            first_bundle(&story, WireVersion::Raw),
            second_bundle(&story),
        ],
        wall_ms: NOW + 200_000,
        status: Some(PhoneStatus {
            app: "0.1.0".into(),
            pending: 4,
            attachments: 1,
            store_bytes: 3_145_728,
        }),
        carried: Some(vec![ByteVec::from(
            OutboxFile::new(vec![sealed]).to_bytes(),
        )]),
        returned: Some(vec![server_bundle(&story)]),
    };
    let idle = SyncRequest {
        bundles: Vec::new(),
        status: None,
        carried: None,
        returned: None,
        ..full.clone()
    };
    vec![
        request("sync-request", "everything a request may hold", full),
        request("sync-request-idle", "nothing to send, three cursors", idle),
    ]
}

fn request(name: &'static str, note: &'static str, value: SyncRequest) -> Sample {
    let bytes = value.to_bytes();
    read_by(name, Some("sync-request"), note, bytes, move |bytes| {
        Ok(SyncRequest::from_bytes(bytes).map_err(text)? == value)
    })
}

fn verdict(number: u64, accepted: u32, status: VerdictStatus, key: Option<&str>) -> Verdict {
    Verdict {
        number,
        record: shop(),
        accepted,
        status,
        key: key.map(str::to_owned),
    }
}

fn device_stream() -> Vec<DeviceEntry> {
    let forbidden = VerdictStatus::Refused(RefusedReason::ForbiddenField);
    let task = Task {
        id: party(),
        task_type: "verify".into(),
        door: "古美路12甲号".into(),
        question: "门头是否更换".into(),
        due_ms: Some(NOW + 86_400_000),
        closed: None,
        about: None,
        shop: None,
        draw: None,
    };
    let closed = Task {
        due_ms: None,
        closed: Some(true),
        ..task.clone()
    };
    let drawn = Task {
        task_type: "spot-check".into(),
        about: Some(party()),
        shop: Some(shop()),
        draw: Some(Draw {
            batch: "2026-11".into(),
            method: "street-to-register".into(),
        }),
        ..task.clone()
    };
    let items = [
        DeviceItem::Verdict(verdict(1, 1, VerdictStatus::Accepted, None)),
        DeviceItem::Verdict(verdict(
            2,
            0,
            VerdictStatus::Held(HeldReason::LostGrid),
            None,
        )),
        DeviceItem::Verdict(verdict(3, 1, forbidden, Some("result"))),
        DeviceItem::Epoch(2),
        DeviceItem::Certificate(certificate_sign1()),
        DeviceItem::Wipe,
        DeviceItem::Schema {
            version: 4,
            draft: true,
            digest: None,
        },
        DeviceItem::Schema {
            version: 4,
            draft: false,
            digest: Some(Sha256::of(b"version 4")),
        },
        DeviceItem::Task(task),
        DeviceItem::Task(closed),
        DeviceItem::Accepted { number: 7 },
        DeviceItem::Case(CaseStatus {
            finding: party(),
            state: "handling".into(),
            office: Some("market-supervision".into()),
            due_ms: Some(NOW + 86_400_000),
            paused: false,
            closed_ms: None,
            told_ms: NOW,
        }),
        DeviceItem::Case(CaseStatus {
            finding: party(),
            state: "closed".into(),
            office: None,
            due_ms: None,
            paused: true,
            closed_ms: Some(NOW),
            told_ms: NOW,
        }),
        DeviceItem::Task(drawn),
        DeviceItem::Figures(GridFigures {
            month: "2026-09".into(),
            grid: GRID.into(),
            waiting: 1,
            appealed: 2,
            not_counted: 1,
            shops: (19, 20),
            consistent: (15, 19),
            residents: (31, 33),
            workers: (0, 0),
            locked: false,
            told_ms: NOW,
        }),
    ];
    let entry = |(seq, item)| DeviceEntry { seq, item };
    (13..).zip(items).map(entry).collect()
}

fn feed_body(story: &Story) -> FeedBody {
    let (device, label) = someone();
    FeedBody {
        items: vec![
            FeedItem::Author { device, label },
            FeedItem::Changes,
            FeedItem::Changes,
            FeedItem::Placed {
                record: party(),
                header: header("party", 0x6B),
                number: 301,
                snapshot: None,
            },
            FeedItem::Placed {
                record: imported(),
                header: header("shop", 0x7C),
                number: 302,
                snapshot: Some(ByteVec::from(prove(&story.state).unwrap())),
            },
            FeedItem::Forget {
                record: shop(),
                move_number: 2,
            },
            FeedItem::ServerBundle(server_bundle(story)),
        ],
        changes: feed_records(story),
    }
}

fn feed_part(story: &Story, version: WireVersion) -> FeedPart {
    let index = Keeper::after_first(story);
    let body = feed_body(story);
    FeedPart::pack(GRID.into(), 4_711, 4_718, &body, version, &index)
}

fn inflated(part: &FeedPart) -> Vec<u8> {
    inflate(&part.body, MAX_PART_INFLATED_BYTES).unwrap()
}

fn pack_record(story: &Story) -> PackRecord {
    PackRecord {
        record: shop(),
        header: header("shop", 0x5A),
        number: 300,
        snapshot: prove(&story.state).unwrap(),
    }
}

fn pack_part(story: &Story) -> PackPart {
    let record = minicbor::to_vec(pack_record(story)).unwrap();
    let mut other = pack_record(story);
    other.record = imported();
    other.number = 302;
    let sequence = [record, minicbor::to_vec(other).unwrap()].concat();
    PackPart {
        grid: "310112001001002".into(),
        at_seq: 99,
        total: 1_500,
        last: false,
        authors: vec![someone()],
        records: stored(&sequence),
        first: true,
    }
}

fn stored_part(story: &Story, version: WireVersion) -> FeedPart {
    let mut part = feed_part(story, version);
    part.body = stored(&inflated(&part));
    part
}

fn responses() -> Vec<Sample> {
    let story = Story::new();
    let full = SyncResponse {
        protocol: PROTOCOL,
        epoch: EPOCH,
        server_ms: NOW + 200_500,
        acknowledged: 2,
        backed_up: 1,
        problem: Some(BundleProblem {
            number: 3,
            problem: Problem::SendRaw,
        }),
        items: device_stream(),
        feeds: vec![stored_part(&story, WireVersion::Stripped)],
        packs: vec![pack_part(&story)],
        more: true,
        retry_after_ms: Some(1_500),
        wants_returned: Some(true),
        server_backed_up: Some(vec![(sync_core::DeviceId([0xFF, 0, 0, 0, 0, 1]), 12)]),
    };
    let idle = SyncResponse {
        problem: None,
        items: Vec::new(),
        feeds: Vec::new(),
        packs: Vec::new(),
        more: false,
        retry_after_ms: None,
        wants_returned: None,
        server_backed_up: None,
        ..full.clone()
    };
    vec![
        response("sync-response", "every item a response may hold", full),
        response("sync-response-idle", "nothing new", idle),
        problem("problem-send-from", Problem::SendFrom),
        problem("problem-fork", Problem::Fork),
        problem("problem-rejected", Problem::Rejected),
    ]
}

fn problem(name: &'static str, problem: Problem) -> Sample {
    let value = BundleProblem { number: 2, problem };
    cbor(name, "bundle-problem", "why a bundle was not taken", value)
}

fn response(name: &'static str, note: &'static str, value: SyncResponse) -> Sample {
    let bytes = value.to_bytes();
    read_by(name, Some("sync-response"), note, bytes, move |bytes| {
        Ok(SyncResponse::from_bytes(bytes).map_err(text)? == value)
    })
}

fn parts() -> Vec<Sample> {
    let story = Story::new();
    let part = |name, note, version| {
        let part = stored_part(&Story::new(), version);
        let bytes = minicbor::to_vec(&part).unwrap();
        read_by(name, Some("feed-part"), note, bytes, move |bytes| {
            let (read, story): (FeedPart, _) = (whole(bytes)?, Story::new());
            let index = Keeper::after_first(&story);
            Ok(read == part && read.unpack(&index).map_err(text)? == feed_body(&story))
        })
    };
    let body = |name, note, version| {
        let bytes = inflated(&feed_part(&Story::new(), version));
        read_by(name, Some("feed-body"), note, bytes, move |bytes| {
            let story = Story::new();
            let mut part = feed_part(&story, version);
            part.body = stored(bytes);
            let index = Keeper::after_first(&story);
            Ok(part.unpack(&index).map_err(text)? == feed_body(&story))
        })
    };
    vec![
        body(
            "feed-body",
            "every item, changes in version 2",
            WireVersion::Stripped,
        ),
        body(
            "feed-body-raw",
            "the same, changes in version 1",
            WireVersion::Raw,
        ),
        part(
            "feed-part",
            "the body as a stored block",
            WireVersion::Stripped,
        ),
        part("feed-part-raw", "the same in version 1", WireVersion::Raw),
        cbor(
            "pack-record",
            "pack-record",
            "a record with its snapshot",
            pack_record(&story),
        ),
        read_by(
            "pack-part",
            Some("pack-part"),
            "two records, as a stored block",
            minicbor::to_vec(pack_part(&story)).unwrap(),
            |bytes| {
                let (read, story): (PackPart, _) = (whole(bytes)?, Story::new());
                let records = decode_pack(&read.records).map_err(text)?;
                Ok(read == pack_part(&story) && records.first() == Some(&pack_record(&story)))
            },
        ),
    ]
}
