//! Single changes and records: scanning, authoring, registers, sealing; and parsing the schemas.

use std::{hint::black_box, path::Path};

use automerge::{Automerge, ROOT, transaction::Transactable as _};
use gridbook_tests::{street, world::Rng};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use schemas::{Scalar, SchemaSet};
use sync_core::{
    DeviceId, RecordId,
    bundle::{ServerOpenKey, ServerSealKey},
    change::{Incoming, prove, scan},
    record::{Edit, RecordState, Registers, View, author},
};

use crate::{
    Result, Setting,
    book::NOW,
    measure::time,
    table::{Figure, Row},
};

const SAMPLES: usize = 200;
const TIMES: usize = 50;

/// The phone whose records these are.
pub(crate) const FIRST: DeviceId = DeviceId([0x01, 0xA7, 0x3C, 0, 0, 1]);
/// Another one.
pub(crate) const SECOND: DeviceId = DeviceId([0x01, 0xA7, 0x3C, 0, 0, 2]);

/// A shop as one phone recorded it, proven, as a server keeps it.
pub(crate) fn recorded(rng: &mut Rng, number: usize) -> Result<RecordState> {
    let made = author(
        &RecordState::default(),
        FIRST.actor(1),
        &street::shop(rng, number),
        NOW,
    )?;
    let mut state = RecordState::default();
    state.push(&made.change, made.chunk);
    Ok(RecordState::from_snapshot(prove(&state)?)?)
}

/// A change of one thing in a record, by a device.
pub(crate) fn changed(
    rng: &mut Rng,
    state: &RecordState,
    device: DeviceId,
    now: i64,
) -> Result<Incoming> {
    for _ in 0..100 {
        let edits: Vec<Edit> = street::shop_edit(rng).into_iter().collect();
        // An edit to what is there already is none.
        if let Ok(made) = author(state, device.actor(1), &edits, now) {
            return Ok(Incoming {
                change: made.change,
                chunk: made.chunk,
            });
        }
    }
    Err("no edit changed anything".into())
}

pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let mut rng = Rng::new(setting.seed);
    let state = recorded(&mut rng, 1)?;
    let (_, form) = state.changes()?.into_iter().next().ok_or("no change")?;
    let one = changed(&mut rng, &state, SECOND, NOW + 60_000)?;
    let mut rows = Vec::new();
    for (name, chunk) in [("an edit", &one.chunk), ("a whole form", &form)] {
        let ours = time(SAMPLES, TIMES, || Ok(scan(chunk)?))?;
        let theirs = time(SAMPLES, TIMES, || {
            Ok(automerge::Change::try_from(chunk.as_slice())?)
        })?;
        let row = Row::time(format!("scan {name}, {} B", chunk.len()), &ours);
        rows.push(row.beside_time("Automerge parses it", &theirs));
    }
    rows.extend(authoring(&mut rng, &state)?);
    rows.extend(registers(&state)?);
    rows.push(sealing(&one.chunk)?);
    rows.push(parsing()?);
    Ok(rows)
}

fn authoring(rng: &mut Rng, state: &RecordState) -> Result<Vec<Row>> {
    let actor = SECOND.actor(1);
    let edits = [street::text(
        "sign_name",
        format!("新店{}号", rng.below(99)),
    )];
    let edits: Vec<Edit> = edits.into_iter().flatten().collect();
    let ours = time(SAMPLES, TIMES, || {
        Ok(author(state, actor, &edits, NOW + 60_000)?)
    })?;
    let theirs = time(SAMPLES, TIMES, || {
        let mut document = Automerge::load(&state.snapshot)?;
        document.set_actor(automerge::ActorId::from(&actor.0[..]));
        let mut transaction = document.transaction();
        transaction.put(ROOT, "sign_name", "新店")?;
        transaction.put(ROOT, "_alive", NOW + 60_000)?;
        Ok(transaction.commit())
    })?;
    let form = street::shop(rng, 2);
    let whole = time(SAMPLES, TIMES, || {
        Ok(author(&RecordState::default(), actor, &form, NOW)?)
    })?;
    let puts = author(&RecordState::default(), actor, &form, NOW)?
        .change
        .puts;
    let empty = time(SAMPLES, TIMES, || {
        let mut document = Automerge::new();
        document.set_actor(automerge::ActorId::from(&actor.0[..]));
        let mut transaction = document.transaction();
        for put in &puts {
            match &put.value {
                Scalar::Null => transaction.put(ROOT, &put.key, ())?,
                Scalar::Bool(value) => transaction.put(ROOT, &put.key, *value)?,
                Scalar::Int(value) => transaction.put(ROOT, &put.key, *value)?,
                Scalar::Text(value) => transaction.put(ROOT, &put.key, value.as_str())?,
                Scalar::Bytes(value) => transaction.put(ROOT, &put.key, value.clone())?,
            }
        }
        Ok(transaction.commit())
    })?;
    Ok(vec![
        Row::time("author an edit", &ours).beside_time("Automerge load, put, commit", &theirs),
        Row::time("author a whole form", &whole).beside_time("Automerge put, commit", &empty),
    ])
}

fn registers(state: &RecordState) -> Result<Vec<Row>> {
    let bytes = state.registers.to_bytes();
    let document = state.document()?;
    let encode = time(SAMPLES, TIMES, || Ok(state.registers.to_bytes()))?;
    let save = time(SAMPLES, TIMES, || Ok(document.save_nocompress()))?;
    let decode = time(SAMPLES, TIMES, || Ok(Registers::from_bytes(&bytes)?))?;
    let load = time(SAMPLES, TIMES, || Ok(Automerge::load(&state.snapshot)?))?;
    let view = time(SAMPLES, TIMES, || Ok(View::of(&state.registers)))?;
    let keys = state.registers.len();
    Ok(vec![
        Row::time(
            format!("registers to bytes, {keys} of them, {} B", bytes.len()),
            &encode,
        )
        .beside_time("Automerge save alone", &save),
        Row::time("registers from bytes", &decode).beside_time("Automerge load alone", &load),
        Row::time("view of a record", &view).beside_time("Automerge load alone", &load),
    ])
}

fn sealing(chunk: &[u8]) -> Result<Row> {
    let (_, public) = ServerOpenKey::derive(&[7; 32]);
    let key = ServerSealKey::from_bytes(&public)?;
    let record = RecordId::derived("bench", "1");
    let mut random = [0_u8; 32];
    let ours = time(SAMPLES, 10, || {
        random[0] = random[0].wrapping_add(1);
        Ok(key.seal(&record, None, chunk, random)?)
    })?;
    let unbound = UnboundKey::new(&AES_256_GCM, &[9; 32]).map_err(|_| "no such key")?;
    let local = LessSafeKey::new(unbound);
    let floor = time(SAMPLES, TIMES, || {
        let mut bytes = chunk.to_vec();
        let nonce = Nonce::assume_unique_for_key([3; 12]);
        local
            .seal_in_place_append_tag(nonce, Aad::empty(), &mut bytes)
            .map_err(|_| "no seal")?;
        Ok(bytes)
    })?;
    Ok(Row::time("seal an edit to the server, HPKE", &ours).beside_time("AES-256-GCM", &floor))
}

fn parsing() -> Result<Row> {
    let bytes: usize = schemas::builtin::FILES
        .iter()
        .map(|file| file.text.len())
        .sum();
    let ours = time(30, 1, || match SchemaSet::builtin() {
        Ok(set) => Ok(set),
        Err(errors) => Err(format!("{} mistakes in the schemas", errors.len()).into()),
    })?;
    let theirs = time(30, 1, || {
        for file in schemas::builtin::FILES.iter().filter(|file| {
            Path::new(file.name)
                .extension()
                .is_some_and(|end| end == "toml")
        }) {
            black_box(toml::from_str::<toml::Table>(file.text)?);
        }
        Ok(())
    })?;
    let row = Row::time(
        format!("parse and check all schemas, {} kB", bytes / 1_000),
        &ours,
    );
    Ok(row.beside("TOML parser alone", Figure::Seconds(theirs.median())))
}
