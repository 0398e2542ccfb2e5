//! What one bundle wants of one record, fresh or held.

use minicbor::bytes::{ByteSlice, ByteVec};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use sync_core::{
    ActorId, DeviceId, RecordId,
    change::{HeldReason, scan},
    sync::{Scanned, Verdict},
};

use crate::{
    core::Core,
    error::{Error, Result},
    records::Stored,
    store::Tx,
};

/// A part of a bundle on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// Its row among the held, if it waits.
    pub(crate) held: Option<i64>,
    pub(crate) device: DeviceId,
    pub(crate) number: u64,
    pub(crate) record: RecordId,
    pub(crate) actor: ActorId,
    pub(crate) schema: u32,
    /// Changes of the part that entered before.
    pub(crate) accepted: u32,
    /// The rest.
    pub(crate) chunks: Vec<Vec<u8>>,
    /// The changes that they are, where they were scanned ahead.
    pub(crate) scanned: Option<Scanned>,
    pub(crate) reason: Option<u8>,
    /// Whether a supervisor let it in as it is.
    pub(crate) released: bool,
}

const COLUMNS: &str =
    "id, device, number, record, actor, schema, accepted, chunks, sealed, reason, released";

struct Raw {
    claim: Claim,
    chunks: Vec<u8>,
    sealed: bool,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        claim: Claim {
            held: Some(row.get(0)?),
            device: DeviceId(row.get(1)?),
            number: row.get(2)?,
            record: RecordId(row.get(3)?),
            actor: ActorId(row.get(4)?),
            schema: row.get(5)?,
            accepted: row.get(6)?,
            chunks: Vec::new(),
            scanned: None,
            reason: row.get(9)?,
            released: row.get(10)?,
        },
        chunks: row.get(7)?,
        sealed: row.get(8)?,
    })
}

fn opened(core: &Core, raw: Raw) -> Result<Claim> {
    let Raw {
        mut claim,
        chunks,
        sealed,
    } = raw;
    let plain = if sealed {
        let key = core.keys().get(&claim.record)?;
        let key = key.ok_or(Error::Internal("a record's key is missing"))?;
        key.open(b"held", &chunks)?
    } else {
        chunks
    };
    let chunks: Vec<ByteVec> =
        minicbor::decode(&plain).map_err(|_| Error::Internal("held changes cannot be read"))?;
    claim.chunks = chunks.into_iter().map(Vec::from).collect();
    Ok(claim)
}

impl Claim {
    /// The claim that waits under this number.
    pub(crate) fn held(conn: &Connection, core: &Core, id: i64) -> Result<Option<Self>> {
        let row = conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM held WHERE id = ?1 AND state = 'held'"
            ))?
            .query_row(params![id], raw)
            .optional()?;
        row.map(|row| opened(core, row)).transpose()
    }

    /// What was kept under this number, whether it waits or was refused.
    pub(crate) fn kept(conn: &Connection, core: &Core, id: i64) -> Result<Option<Self>> {
        let row = conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM held WHERE id = ?1"))?
            .query_row(params![id], raw)
            .optional()?;
        row.map(|row| opened(core, row)).transpose()
    }

    /// Whether it waits; otherwise it was refused, or settled.
    pub(crate) fn waits(&self, conn: &Connection) -> Result<bool> {
        let mut select = conn.prepare_cached("SELECT state = 'held' FROM held WHERE id = ?1")?;
        Ok(select.query_row(params![self.held], |row| row.get(0))?)
    }

    /// Claims on a record that wait, in order of arrival.
    pub(crate) fn of_record(
        conn: &Connection,
        core: &Core,
        record: &RecordId,
    ) -> Result<Vec<Self>> {
        let mut select = conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM held WHERE record = ?1 AND state = 'held' ORDER BY id"
        ))?;
        let rows = select.query_map(params![record.0], raw)?;
        rows.map(|row| opened(core, row?)).collect()
    }

    /// Where it stands among its author's parts of the record: what a restored server had lost may
    /// arrive behind what came after it.
    pub(crate) fn place(&self) -> (u64, i64) {
        let first = self.chunks.first().and_then(|chunk| scan(chunk).ok());
        let seq = first.map_or(u64::MAX, |change| change.seq);
        (seq, self.held.unwrap_or(i64::MAX))
    }

    /// Whether an earlier claim of the same author on the record waits.
    pub(crate) fn follows_held(&self, conn: &Connection, core: &Core) -> Result<bool> {
        // Order of arrival is the author's order, unless something was lost.
        if core.epoch() == 1 {
            return self.arrived_behind_held(conn);
        }
        let waiting = Self::of_record(conn, core, &self.record)?;
        let same = |other: &&Self| other.actor == self.actor && other.held != self.held;
        let mut others = waiting.iter().filter(same);
        Ok(others.any(|other| other.place() < self.place()))
    }

    fn arrived_behind_held(&self, conn: &Connection) -> Result<bool> {
        let before = self.held.unwrap_or(i64::MAX);
        let mut select = conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM held WHERE record = ?1 AND state = 'held'
             AND actor = ?2 AND id < ?3)",
        )?;
        Ok(
            select.query_row(params![self.record.0, self.actor.0, before], |row| {
                row.get(0)
            })?,
        )
    }

    /// Keeps what did not enter, with the reason: held, or refused.
    pub(crate) fn keep(
        &self,
        tx: &Tx<'_>,
        stored: Option<&Stored>,
        state: &str,
        reason: u8,
        key: Option<&str>,
    ) -> Result<()> {
        let chunks: Vec<&ByteSlice> = self.chunks.iter().map(|c| c.as_slice().into()).collect();
        let plain = minicbor::to_vec(chunks)
            .map_err(|_| Error::Internal("held changes cannot be written"))?;
        let sealing = stored.and_then(|stored| stored.key.as_ref());
        // Of a record that is not known nothing says that it is open.
        let made = match (sealing, stored) {
            (None, None) => Some(tx.core().keys().get_or_make(&self.record)?),
            (key, _) => key.cloned(),
        };
        let sealed = made.is_some();
        let bytes = match made {
            Some(key) => key.seal(b"held", &plain)?,
            None => plain,
        };
        if let Some(id) = self.held {
            tx.conn()
                .prepare_cached(
                    "UPDATE held SET accepted = ?2, chunks = ?3, sealed = ?4, state = ?5,
                     reason = ?6, key = ?7, released = 0, version = version + 1 WHERE id = ?1",
                )?
                .execute(params![
                    id,
                    self.accepted,
                    bytes,
                    sealed,
                    state,
                    reason,
                    key
                ])?;
            return Ok(());
        }
        tx.conn()
            .prepare_cached(
                "INSERT INTO held (device, number, record, n, actor, schema, accepted, chunks,
                 sealed, state, reason, key, released, since_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13)",
            )?
            .execute(params![
                self.device.0,
                self.number,
                self.record.0,
                stored.map(|stored| stored.n),
                self.actor.0,
                self.schema,
                self.accepted,
                bytes,
                sealed,
                state,
                reason,
                key,
                tx.now_ms()
            ])?;
        Ok(())
    }

    /// It waits no more.
    pub(crate) fn settled(&self, tx: &Tx<'_>) -> Result<()> {
        if let Some(id) = self.held {
            tx.conn()
                .prepare_cached(
                    "UPDATE held SET state = 'settled', chunks = x'80', sealed = 0,
                     version = version + 1 WHERE id = ?1",
                )?
                .execute(params![id])?;
        }
        Ok(())
    }

    /// Whether it waits for something of the record to enter.
    pub(crate) fn waits_for_changes(&self) -> bool {
        let reason = self.reason.and_then(HeldReason::from_code);
        matches!(
            reason,
            Some(HeldReason::MissingDependency | HeldReason::FollowsHeld)
        )
    }

    /// A verdict on it.
    pub(crate) fn verdict(
        &self,
        status: sync_core::sync::VerdictStatus,
        key: Option<String>,
    ) -> Verdict {
        Verdict {
            number: self.number,
            record: self.record,
            accepted: self.accepted,
            status,
            key,
        }
    }
}
