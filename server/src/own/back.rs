//! After a restore: what the server had signed comes back from phones.

use rusqlite::{Connection, params};
use sync_core::{
    AuthorClass, DeviceId, RecordId,
    bundle::{
        Bundle, JournalPart, JournalPayload, Manifest, NoIndex, RecordChanges, WireVersion, build,
        open_server,
    },
    change::{Incoming, Outcome, admit},
};

use super::write::{keep, place};
use crate::{
    dispatch,
    error::{Error, Result},
    feed::Entry,
    intake::{ServerIndex, open_part, seal_part},
    records,
    review::By,
    store::{Tx, marks},
    verify,
};

/// Bundles that wait for what they build on, at most.
const WAITING: i64 = 10_000;
/// What a bundle that waits is sealed as.
const SEALED_AS: &[u8] = b"returned";
/// Who stands in the journal for a bundle that came back: the person stood in what was lost.
const RETURNED: &str = "returned";

/// Whether phones are asked for the server's own bundles.
pub fn wants_returned(conn: &Connection) -> Result<bool> {
    Ok(marks::mark(conn, "wants_returned")? == Some(1))
}

/// How far the server's own chains are in a backup.
pub fn backed_up(conn: &Connection) -> Result<Vec<(DeviceId, u64)>> {
    let mut select =
        conn.prepare_cached("SELECT device, number FROM own_backed_up ORDER BY device")?;
    let rows = select.query_map([], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes bundles back: what fits enters, the rest waits for what it builds on.
pub fn take_back(tx: &mut Tx<'_>, bundles: &[Bundle]) -> Result<()> {
    if !wants_returned(tx.conn())? {
        return Ok(());
    }
    for bundle in bundles {
        if bundle.device.class() != AuthorClass::Device {
            wait(tx, bundle)?;
        }
    }
    loop {
        let mut moved = false;
        for bundle in waiting(tx)? {
            if enter(tx, &bundle, None)? {
                moved = true;
                tx.conn().execute(
                    "DELETE FROM own_returned WHERE device = ?1 AND number = ?2",
                    params![bundle.device.0, bundle.number],
                )?;
            }
        }
        if !moved {
            return Ok(());
        }
    }
}

fn wait(tx: &Tx<'_>, bundle: &Bundle) -> Result<()> {
    let count: i64 = tx
        .conn()
        .query_row("SELECT count(*) FROM own_returned", [], |row| row.get(0))?;
    let known: bool = tx.conn().query_row(
        "SELECT EXISTS (SELECT 1 FROM own_bundle WHERE device = ?1 AND number = ?2)",
        params![bundle.device.0, bundle.number],
        |row| row.get(0),
    )?;
    if count >= WAITING || known {
        return Ok(());
    }
    let core = tx.core();
    let index = ServerIndex::down(tx.conn(), core);
    let Ok(opened) = open_server(bundle, &core.keys().server_key(), &index) else {
        return Ok(());
    };
    // Nothing of a personal kind lies open, not even for a while.
    let personal = |changes: &&RecordChanges| {
        let kind = changes.header.as_ref().map(|header| header.kind.clone());
        let kind = kind.or_else(|| index.kind(&changes.record));
        kind.is_none_or(|kind| core.is_personal(&kind))
    };
    let record = opened.records.iter().find(personal).map(|it| it.record);
    let mut bytes =
        minicbor::to_vec(bundle).map_err(|_| Error::Internal("a bundle cannot be written"))?;
    if let Some(record) = &record {
        bytes = match core.keys().get_or_make(record) {
            Err(Error::Gone(_)) => return Ok(()),
            key => key?.seal(SEALED_AS, &bytes)?,
        };
    }
    tx.conn().execute(
        "INSERT INTO own_returned (device, number, record, bytes) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
        params![
            bundle.device.0,
            bundle.number,
            record.map(|record| record.0),
            bytes
        ],
    )?;
    Ok(())
}

fn waiting(tx: &Tx<'_>) -> Result<Vec<Bundle>> {
    let mut select = tx
        .conn()
        .prepare_cached("SELECT record, bytes FROM own_returned ORDER BY device, number")?;
    let rows = select.query_map([], |row| {
        Ok((
            row.get::<_, Option<[u8; 16]>>(0)?.map(RecordId),
            row.get::<_, Vec<u8>>(1)?,
        ))
    })?;
    let mut bundles = Vec::new();
    for row in rows {
        let (record, mut bytes) = row?;
        if let Some(record) = record {
            let Some(key) = tx.core().keys().get(&record)? else {
                continue;
            };
            bytes = key.open(SEALED_AS, &bytes)?;
        }
        let bundle =
            minicbor::decode(&bytes).map_err(|_| Error::Internal("a bundle cannot be read"))?;
        bundles.push(bundle);
    }
    Ok(bundles)
}

/// Whether a bundle entered, had entered before, or never will. One that waits leaves nothing: a
/// record of which only that is known would stand where the bundle said, not where its first
/// accepted change says.
fn enter(tx: &mut Tx<'_>, bundle: &Bundle, by: Option<&By>) -> Result<bool> {
    let conn = tx.conn();
    conn.execute_batch("SAVEPOINT own")?;
    let entered = enter_inside(tx, bundle, by)?;
    conn.execute_batch(if entered {
        "RELEASE own"
    } else {
        "ROLLBACK TO own; RELEASE own"
    })?;
    Ok(entered)
}

fn enter_inside(tx: &mut Tx<'_>, bundle: &Bundle, by: Option<&By>) -> Result<bool> {
    let core = tx.core().clone();
    let index = ServerIndex::down(tx.conn(), &core);
    let Ok(opened) = open_server(bundle, &core.keys().server_key(), &index) else {
        return Ok(true);
    };
    // First whether all of it fits: it enters whole or waits.
    let mut fitting = Vec::new();
    for changes in &opened.records {
        let stored = match records::find(tx.conn(), core.keys(), &changes.record) {
            Err(Error::Gone(_)) => return Ok(true),
            found => found?,
        };
        let header = changes.header.clone();
        let stored = match (stored, header) {
            (Some(stored), _) => stored,
            (None, Some(mut header)) => {
                header.move_number += verify::moves_forgotten(&core);
                records::create(tx, changes.record, header)?
            }
            (None, None) => return Ok(false),
        };
        let mut state = records::load_state(tx.conn(), &stored)?;
        let mut entered = Vec::new();
        for chunk in &changes.chunks {
            let Ok(incoming) = Incoming::scan(chunk) else {
                return Ok(true);
            };
            match admit(&mut state, std::slice::from_ref(&incoming), &())
                .outcomes
                .first()
            {
                Some(Outcome::Accepted(_)) => entered.push(incoming),
                Some(Outcome::Duplicate) => {}
                _ => return Ok(false),
            }
        }
        fitting.push((stored, state, entered));
    }
    let mut only = None;
    let mut grid = None;
    let mut touched = Vec::new();
    for (mut stored, state, entered) in fitting {
        if entered.is_empty() {
            continue;
        }
        let registers = state.registers.clone();
        let before = std::mem::replace(&mut stored.registers, registers);
        let projection = records::enter(tx, &mut stored, &entered);
        records::save(tx, &mut stored, &entered, &projection, None)?;
        // As when it was written: what an import says is new to nobody.
        if bundle.device.class() != AuthorClass::Import {
            if let Some(by) = by {
                for incoming in &entered {
                    let change = incoming.change.hash;
                    records::authors::note_act(tx, change, &by.person, &by.reason)?;
                }
            }
            dispatch::run(tx, &stored, before, &entered, Some(&state))?;
        }
        if !stored.placed {
            place(tx, &mut stored)?;
        }
        touched.push(stored.id);
        grid = Some(stored.header.grid.clone());
        only = Some(stored);
    }
    let Some(grid) = grid else { return Ok(true) };
    let parts = opened
        .records
        .iter()
        .map(|changes| {
            let kind = changes.header.as_ref().map(|header| header.kind.as_str());
            seal_part(&core, kind, changes)
        })
        .collect::<Result<_>>()?;
    tx.journal(&JournalPayload::ServerBundle {
        manifest: opened.manifest.to_bytes(),
        signature: bundle.signature.clone(),
        parts,
        by: RETURNED.to_owned(),
        reason: String::new(),
    })?;
    keep(tx, &opened.manifest, bundle, only.as_ref())?;
    let (conn, feeds) = tx.feeds();
    feeds.author(conn, &grid, bundle.device)?;
    let n = only
        .filter(|stored| stored.key.is_some())
        .map(|stored| stored.n);
    let (device, number) = (bundle.device, &bundle.number);
    feeds.push(conn, &grid, Entry::Own { n, device, number })?;
    tx.announce(crate::app::News::Grid(grid));
    // In a replay what moved then is told by entries of its own.
    if !tx.is_replay() {
        for record in touched {
            verify::retry(tx, &record)?;
        }
    }
    Ok(true)
}

/// Does again what the server wrote itself, from the journal.
pub(crate) fn enter_again(
    tx: &mut Tx<'_>,
    manifest: &Manifest,
    signature: &[u8],
    parts: &[JournalPart],
    by: &By,
) -> Result<()> {
    let core = tx.core().clone();
    let mut records = Vec::with_capacity(parts.len());
    for part in parts {
        match open_part(&core, part) {
            Ok((header, chunks)) => records.push(RecordChanges {
                record: part.record,
                header,
                proposed: false,
                chunks,
            }),
            Err(Error::Gone(_)) => {}
            Err(error) => return Err(error),
        }
    }
    if records.is_empty() {
        return Ok(());
    }
    let signature = signature.to_vec();
    let bundle = build(manifest, signature, &records, WireVersion::Raw, &NoIndex);
    let by = Some(by).filter(|by| by.person != RETURNED);
    enter(tx, &bundle, by).map(|_| ())
}
