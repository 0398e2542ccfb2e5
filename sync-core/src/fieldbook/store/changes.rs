//! Changes after a record's snapshot, and own ones until they are in a backup.

use rusqlite::{Row, types::Value};

use super::Store;
use crate::{
    bundle::{Mac, RecordChanges, SealedChange, header_mac},
    cbor,
    fieldbook::{
        edits::{decode_edits, encode_edits},
        error::{FieldbookError, Result},
    },
    ids::RecordId,
    record::{Edit, Header},
};

/// What became of a change, as far as the phone knows. The numbers stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::fieldbook) enum Status {
    /// Committed, in no bundle yet.
    Open,
    /// In a bundle, without a verdict.
    Bundled,
    /// Own, accepted by the server.
    Accepted,
    /// Own, held by the server.
    Held,
    /// Own, refused.
    Refused,
    /// Own, made again under a later epoch.
    Superseded,
    /// From the feed.
    Fed,
}

impl Status {
    const ALL: [Self; 7] = [
        Self::Open,
        Self::Bundled,
        Self::Accepted,
        Self::Held,
        Self::Refused,
        Self::Superseded,
        Self::Fed,
    ];

    pub(super) fn of(number: i64) -> Result<Self> {
        usize::try_from(number)
            .ok()
            .and_then(|at| Self::ALL.get(at))
            .copied()
            .ok_or(FieldbookError::Damaged("change"))
    }

    /// Whether the record's state holds such a change.
    pub(in crate::fieldbook) const fn in_state(self) -> bool {
        matches!(
            self,
            Self::Open | Self::Bundled | Self::Accepted | Self::Held | Self::Fed
        )
    }

    /// Whether it has no verdict yet, or one that may still change.
    pub(in crate::fieldbook) const fn is_unsettled(self) -> bool {
        matches!(self, Self::Open | Self::Bundled | Self::Held)
    }

    /// Whether the server has let it in.
    pub(in crate::fieldbook) const fn is_verified(self) -> bool {
        matches!(self, Self::Accepted | Self::Fed)
    }
}

/// Where a record's state has a change. The numbers stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fieldbook) enum Hold {
    /// After the snapshot.
    Loose,
    /// In the snapshot.
    Folded,
    /// Nowhere: it waits for what a restored server has yet to get back.
    Absent,
}

impl Hold {
    fn of(number: i64) -> Result<Self> {
        match number {
            0 => Ok(Self::Loose),
            1 => Ok(Self::Folded),
            2 => Ok(Self::Absent),
            _ => Err(FieldbookError::Damaged("change")),
        }
    }
}

/// A change's row without what is sealed to the server.
pub(in crate::fieldbook) struct ChangeRow {
    pub(in crate::fieldbook) local: i64,
    pub(in crate::fieldbook) status: Status,
    pub(in crate::fieldbook) bundle: Option<u64>,
    pub(in crate::fieldbook) hold: Hold,
    pub(in crate::fieldbook) time_ms: i64,
    pub(in crate::fieldbook) own: bool,
    pub(in crate::fieldbook) chunk: Vec<u8>,
}

/// An own change to be kept.
pub(in crate::fieldbook) struct OwnChange<'a> {
    pub(in crate::fieldbook) record: RecordId,
    pub(in crate::fieldbook) time_ms: i64,
    pub(in crate::fieldbook) epoch: u16,
    /// The version of the schemas that it was written under.
    pub(in crate::fieldbook) schema: u32,
    pub(in crate::fieldbook) chunk: &'a [u8],
    pub(in crate::fieldbook) edits: &'a [Edit],
    pub(in crate::fieldbook) mac: Mac,
    pub(in crate::fieldbook) header: Option<&'a Header>,
    pub(in crate::fieldbook) outer: SealedChange,
}

/// What a locked phone knows of a change in a bundle.
pub(in crate::fieldbook) struct OuterChange {
    pub(in crate::fieldbook) local: i64,
    pub(in crate::fieldbook) record: RecordId,
    pub(in crate::fieldbook) bytes: usize,
    pub(in crate::fieldbook) epoch: u16,
    pub(in crate::fieldbook) schema: u32,
    pub(in crate::fieldbook) mac: Mac,
    pub(in crate::fieldbook) header_mac: Option<Mac>,
    pub(in crate::fieldbook) outer: Vec<u8>,
}

const CHUNK: &str = "change.chunk";
const EDITS: &str = "change.edits";
const HEADER: &str = "change.header";

impl ChangeRow {
    /// Whether the record's state has it after its snapshot.
    pub(in crate::fieldbook) fn is_loose(&self) -> bool {
        self.hold == Hold::Loose && self.status.in_state()
    }
}

impl Store {
    pub(in crate::fieldbook) fn add_own(&self, change: &OwnChange<'_>) -> Result<i64> {
        let record = &change.record.0[..];
        let chunk = self.seal(CHUNK, record, change.chunk)?;
        let edits = self.seal(EDITS, record, &encode_edits(change.edits))?;
        let header = match change.header {
            Some(header) => Some(self.seal(HEADER, record, &cbor::to_vec(header))?),
            None => None,
        };
        let bytes = i64::try_from(change.chunk.len()).unwrap_or(i64::MAX);
        self.connection
            .prepare_cached(
                "INSERT INTO change
                 (record, status, time_ms, bytes, epoch, header, mac, header_mac, chunk, edits,
                  outer, schema)
                 VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute((
                record,
                change.time_ms,
                bytes,
                change.epoch,
                header,
                &change.mac.0[..],
                change.header.map(|header| header_mac(header).0.to_vec()),
                &chunk,
                &edits,
                cbor::to_vec(&change.outer),
                change.schema,
            ))?;
        Ok(self.connection.last_insert_rowid())
    }

    pub(in crate::fieldbook) fn add_fed(&self, record: &RecordId, chunk: &[u8]) -> Result<()> {
        let chunk = self.seal(CHUNK, &record.0, chunk)?;
        self.connection
            .prepare_cached("INSERT INTO change (record, status, chunk) VALUES (?1, 6, ?2)")?
            .execute((&record.0[..], &chunk))?;
        Ok(())
    }

    /// Every change of a record that is still kept, in order of arrival.
    pub(in crate::fieldbook) fn changes_of(&self, record: &RecordId) -> Result<Vec<ChangeRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT local, status, bundle, folded, time_ms, mac IS NOT NULL, chunk
             FROM change WHERE record = ?1 AND chunk IS NOT NULL ORDER BY local",
        )?;
        let mut rows = statement.query([&record.0[..]])?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.push(self.change_row(record, row)?);
        }
        Ok(changes)
    }

    fn change_row(&self, record: &RecordId, row: &Row<'_>) -> Result<ChangeRow> {
        let sealed = row.get_ref(6)?.as_blob().unwrap_or_default();
        Ok(ChangeRow {
            local: row.get(0)?,
            status: Status::of(row.get(1)?)?,
            bundle: row.get(2)?,
            hold: Hold::of(row.get(3)?)?,
            time_ms: row.get(4)?,
            own: row.get(5)?,
            chunk: self.open_row(CHUNK, &record.0, sealed)?,
        })
    }

    /// The typed edits behind an own change.
    pub(in crate::fieldbook) fn edits_of(
        &self,
        record: &RecordId,
        local: i64,
    ) -> Result<Vec<Edit>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT edits FROM change WHERE local = ?1")?;
        let sealed: Vec<u8> = statement.query_row([local], |row| row.get(0))?;
        Ok(decode_edits(&self.open_row(EDITS, &record.0, &sealed)?)?)
    }

    pub(in crate::fieldbook) fn set_status(&self, local: i64, status: Status) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE change SET status = ?2 WHERE local = ?1")?
            .execute((local, status as i64))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn set_hold(&self, local: i64, hold: Hold) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE change SET folded = ?2 WHERE local = ?1")?
            .execute((local, hold as i64))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn drop_change(&self, local: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM change WHERE local = ?1")?
            .execute([local])?;
        Ok(())
    }

    /// Own changes of a bundle, or those in none yet, in order, as a locked phone sees them.
    pub(in crate::fieldbook) fn outer_changes(
        &self,
        bundle: Option<u64>,
    ) -> Result<Vec<OuterChange>> {
        let (clause, parameters): (_, Vec<Value>) = match bundle {
            Some(number) => ("bundle = ?1", vec![Value::Integer(number.cast_signed())]),
            None => ("status = 0", Vec::new()),
        };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT local, record, bytes, epoch, mac, header_mac, outer, schema FROM change
             WHERE {clause} AND mac IS NOT NULL ORDER BY local LIMIT {}",
            crate::limits::MAX_CHANGES_PER_BUNDLE
        ))?;
        let rows = statement.query_map(rusqlite::params_from_iter(parameters), |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, u16>(3)?,
                row.get::<_, Vec<u8>>(4)?,
                row.get::<_, Option<Vec<u8>>>(5)?,
                row.get::<_, Vec<u8>>(6)?,
                row.get::<_, u32>(7)?,
            ))
        })?;
        rows.map(|row| {
            let (local, record, bytes, epoch, mac, header_mac, outer, schema) = row?;
            Ok(OuterChange {
                local,
                record: RecordId::from_slice(&record)?,
                bytes: usize::try_from(bytes).unwrap_or_default(),
                epoch,
                schema,
                mac: Mac::from_slice(&mac)?,
                header_mac: header_mac.map(|mac| Mac::from_slice(&mac)).transpose()?,
                outer,
            })
        })
        .collect()
    }

    /// The changes of a bundle by record, in the order of their first change, which is the
    /// manifest's; none where they were wiped and only the seals are left.
    pub(in crate::fieldbook) fn bundle_changes(
        &self,
        number: u64,
    ) -> Result<Option<Vec<RecordChanges>>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT record, chunk, header, header_mac IS NOT NULL FROM change
             WHERE bundle = ?1 ORDER BY local",
        )?;
        let rows = statement.query_map([number.cast_signed()], |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, Option<Vec<u8>>>(1)?,
                row.get::<_, Option<Vec<u8>>>(2)?,
                row.get::<_, bool>(3)?,
            ))
        })?;
        let mut records: Vec<RecordChanges> = Vec::new();
        for row in rows {
            let (id, chunk, header, proposed) = row?;
            let Some(chunk) = chunk else { return Ok(None) };
            let record = RecordId::from_slice(&id)?;
            let chunk = self.open_row(CHUNK, &id, &chunk)?;
            let header: Option<Header> = match header {
                Some(sealed) => Some(cbor::from_slice(&self.open_row(HEADER, &id, &sealed)?)?),
                None => None,
            };
            match records.iter_mut().find(|known| known.record == record) {
                Some(known) => known.chunks.push(chunk),
                None => records.push(RecordChanges {
                    record,
                    proposed,
                    header,
                    chunks: vec![chunk],
                }),
            }
        }
        Ok(Some(records))
    }

    /// Keeps a record's header with own changes that propose none: once it is forgotten, a restored
    /// server may need it to verify their bundles.
    pub(in crate::fieldbook) fn keep_header(&self, id: &RecordId, header: &Header) -> Result<()> {
        let sealed = self.seal(HEADER, &id.0, &cbor::to_vec(header))?;
        self.connection
            .prepare_cached(
                "UPDATE change SET header = ?2
                 WHERE record = ?1 AND mac IS NOT NULL AND header_mac IS NULL",
            )?
            .execute((&id.0[..], &sealed))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn put_in_bundle(&self, local: i64, number: u64) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE change SET status = 1, bundle = ?2 WHERE local = ?1")?
            .execute((local, number.cast_signed()))?;
        Ok(())
    }

    /// Own changes of one record in one bundle: place in arrival order, and state.
    pub(in crate::fieldbook) fn own_in_bundle(
        &self,
        number: u64,
        record: &RecordId,
    ) -> Result<Vec<(i64, Status)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT local, status FROM change WHERE bundle = ?1 AND record = ?2 ORDER BY local",
        )?;
        let rows = statement.query_map((number.cast_signed(), &record.0[..]), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })?;
        rows.map(|row| {
            let (local, status) = row?;
            Ok((local, Status::of(status)?))
        })
        .collect()
    }

    /// What stands before the first own change of a record after a bundle of which nothing is kept.
    pub(in crate::fieldbook) fn first_own_after(
        &self,
        number: u64,
        record: &RecordId,
    ) -> Result<Option<i64>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT min(local) - 1 FROM change
             WHERE record = ?2 AND mac IS NOT NULL AND (bundle > ?1 OR bundle IS NULL)",
        )?;
        Ok(statement.query_row((number.cast_signed(), &record.0[..]), |row| row.get(0))?)
    }

    /// Number of own changes that the server has not acknowledged.
    pub(in crate::fieldbook) fn count_pending(&self, acknowledged: u64) -> Result<u64> {
        let mut statement = self.connection.prepare_cached(
            "SELECT (SELECT count(*) FROM change WHERE status = 0)
                  + (SELECT count(*) FROM change WHERE bundle > ?1)",
        )?;
        Ok(statement
            .query_row([acknowledged.cast_signed()], |row| row.get::<_, i64>(0))?
            .cast_unsigned())
    }
}
