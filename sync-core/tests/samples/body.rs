//! Bodies of all wire versions, and what is sealed in them.

use sync_core::{
    RecordId,
    bundle::{
        RecordChanges, SealedChange, ServerOpenKey, ServerSealKey, decode_raw, encode_raw, expand,
        strip,
    },
    record::{Authored, Header},
};

use super::{
    Sample, cbor, read_by,
    story::{
        Keeper, NOW, SEED_SEAL, Story, change_from_elsewhere, header, imported, party,
        party_change, shop,
    },
    text, whole,
};

pub(crate) fn changes(
    record: RecordId,
    header: Option<Header>,
    proposed: bool,
    made: &[&Authored],
) -> RecordChanges {
    RecordChanges {
        record,
        header,
        proposed,
        chunks: made.iter().map(|made| made.chunk.clone()).collect(),
    }
}

/// A's first bundle: the shop, with the header it proposes.
pub(crate) fn first_records(story: &Story) -> Vec<RecordChanges> {
    let proposed = Some(header("shop", 0x5A));
    vec![changes(shop(), proposed, true, &[&story.first])]
}

/// A's second bundle: two more edits of the shop, and a new party.
pub(crate) fn second_records(story: &Story) -> Vec<RecordChanges> {
    vec![
        changes(shop(), None, false, &[&story.second, &story.third]),
        changes(
            party(),
            Some(header("party", 0x6B)),
            true,
            &[&party_change()],
        ),
    ]
}

/// What a feed sends to someone who has the shop's first change.
pub(crate) fn feed_records(story: &Story) -> Vec<RecordChanges> {
    let of_shop = [
        &story.second,
        &story.third,
        &story.by_b,
        &story.decision,
        &story.by_c,
    ];
    let elsewhere = change_from_elsewhere();
    vec![
        changes(shop(), Some(header("shop", 0x5A)), false, &of_shop),
        changes(imported(), None, false, &[&elsewhere]),
    ]
}

pub(crate) fn samples() -> Vec<Sample> {
    let story = Story::new();
    let raw = [first_records(&story), feed_records(&story)].concat();
    let second = second_records(&story);
    let feed = feed_records(&story);
    let keeper = || Keeper::after_first(&Story::new());
    let index = keeper();
    let raw_bytes = encode_raw(&raw);
    let second_bytes = strip(&second, &index, NOW + 62_000);
    let feed_bytes = strip(&feed, &index, 0);
    let (seal_key, plain) = (seal_key(), sealed_plain(&story));
    let sealed = seal(&seal_key, &story);
    vec![
        read_by(
            "raw-body",
            Some("raw-body"),
            "wire 1: a proposed header, one that is not proposed, none",
            raw_bytes,
            move |bytes| Ok(decode_raw(bytes).map_err(text)? == raw),
        ),
        read_by(
            "stripped-body-bundle",
            Some("stripped-body"),
            "wire 2: two changes of a numbered record, a new record in full",
            second_bytes,
            move |bytes| Ok(expand(bytes, &keeper()).map_err(text)? == second),
        ),
        read_by(
            "stripped-body-feed",
            Some("stripped-body"),
            "wire 2: four authors, two deps, several predecessors, a record left raw",
            feed_bytes,
            move |bytes| Ok(expand(bytes, &keeper()).map_err(text)? == feed),
        ),
        cbor(
            "sealed-change",
            "sealed-change",
            "wire 3: one change sealed with the ephemeral randomness 32 times 05",
            sealed,
        ),
        read_by(
            "sealed-plain",
            Some("sealed-plain"),
            "what is inside the sealed change",
            plain,
            |bytes| {
                let (header_, chunk): (Option<Header>, minicbor::bytes::ByteVec) = whole(bytes)?;
                let story = Story::new();
                Ok(header_ == Some(header("shop", 0x5A)) && *chunk == *story.first.chunk)
            },
        ),
    ]
}

pub(crate) fn seal_key() -> ServerSealKey {
    let (_, public) = ServerOpenKey::derive(&SEED_SEAL);
    ServerSealKey::from_bytes(&public).unwrap()
}

pub(crate) fn seal(key: &ServerSealKey, story: &Story) -> SealedChange {
    let proposed = header("shop", 0x5A);
    key.seal(&shop(), Some(&proposed), &story.first.chunk, [5; 32])
        .unwrap()
}

fn sealed_plain(story: &Story) -> Vec<u8> {
    let chunk = minicbor::bytes::ByteVec::from(story.first.chunk.clone());
    minicbor::to_vec((Some(header("shop", 0x5A)), chunk)).unwrap()
}
