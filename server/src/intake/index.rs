//! What the server knows of records and changes, for expanding what came and stripping what goes.

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{
    ActorId, ChangeHash, RecordId, Salt,
    bundle::{ChangeIndex, RecordKeeper, RecordRef},
};

use super::backlog::{Backlog, Part};
use crate::{
    core::Core,
    error::Result,
    records::{self, Stored},
};

/// Records and changes as main.db has them at one moment, and as waiting bundles bring them.
pub struct ServerIndex<'a> {
    conn: &'a Connection,
    core: &'a Core,
    backlog: Option<&'a Backlog>,
    /// Parts of the bundles of this same request, before they are queued.
    ahead: &'a [Part],
}

impl<'a> ServerIndex<'a> {
    /// For what goes down: what main.db says, nothing that waits.
    pub const fn down(conn: &'a Connection, core: &'a Core) -> Self {
        Self {
            conn,
            core,
            backlog: None,
            ahead: &[],
        }
    }

    /// For what comes up.
    pub const fn up(
        conn: &'a Connection,
        core: &'a Core,
        backlog: &'a Backlog,
        ahead: &'a [Part],
    ) -> Self {
        Self {
            conn,
            core,
            backlog: Some(backlog),
            ahead,
        }
    }

    /// A record; none if it is unknown, erased or cannot be read.
    pub fn find(&self, record: &RecordId) -> Option<Stored> {
        records::find(self.conn, self.core.keys(), record)
            .inspect_err(|error| tracing::debug!(%error, "a record cannot be read"))
            .ok()
            .flatten()
    }

    /// The kind of a record, known or about to be.
    pub fn kind(&self, record: &RecordId) -> Option<String> {
        let brought = || {
            let ahead = self.ahead.iter().filter(|part| part.record == *record);
            let mut headers = ahead.filter_map(|part| part.header.clone());
            headers.next()
        };
        let known = self.kind_of(record).ok().flatten();
        known.or_else(|| {
            let waiting = || self.backlog?.header(record);
            brought().or_else(waiting).map(|header| header.kind)
        })
    }

    fn kind_of(&self, record: &RecordId) -> Result<Option<String>> {
        let mut select = self
            .conn
            .prepare_cached("SELECT kind FROM record WHERE id = ?1")?;
        Ok(select
            .query_row(params![record.0], |row| row.get(0))
            .optional()?)
    }

    fn row<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Option<T> {
        let mut select = self.conn.prepare_cached(sql).ok()?;
        select.query_row(params, |row| row.get(0)).ok()
    }

    fn waiting(&self, record: &RecordId) -> Vec<(ActorId, u64, ChangeHash)> {
        let mut all = self
            .backlog
            .map(|backlog| backlog.changes(record))
            .unwrap_or_default();
        let ahead = self.ahead.iter().filter(|part| part.record == *record);
        all.extend(ahead.flat_map(Part::names));
        all
    }
}

impl ChangeIndex for ServerIndex<'_> {
    fn locate(&self, record: &RecordId, hash: &ChangeHash) -> Option<(ActorId, u64)> {
        let mut select = self
            .conn
            .prepare_cached(
                "SELECT actor, seq FROM change
                 WHERE n = (SELECT n FROM record WHERE id = ?1) AND hash = ?2",
            )
            .ok()?;
        select
            .query_row(params![record.0, hash.0], |row| {
                Ok((ActorId(row.get(0)?), row.get(1)?))
            })
            .ok()
    }

    fn hash(&self, record: &RecordId, actor: ActorId, seq: u64) -> Option<ChangeHash> {
        let known: Option<[u8; 32]> = self.row(
            "SELECT hash FROM change
             WHERE n = (SELECT n FROM record WHERE id = ?1) AND actor = ?2 AND seq = ?3",
            params![record.0, actor.0, seq],
        );
        known.map(ChangeHash).or_else(|| {
            let waiting = self.waiting(record).into_iter();
            let mut same = waiting.filter(|(by, count, _)| *by == actor && *count == seq);
            same.next().map(|(_, _, hash)| hash)
        })
    }

    fn reference(&self, record: &RecordId) -> RecordRef {
        let named = || {
            let mut select = self
                .conn
                .prepare_cached("SELECT grid, number FROM record WHERE id = ?1")
                .ok()?;
            let (grid, number): (String, Option<u32>) = select
                .query_row(params![record.0], |row| Ok((row.get(0)?, row.get(1)?)))
                .ok()?;
            Some(RecordRef::Number {
                epoch: self.core.epoch(),
                grid,
                number: number?,
            })
        };
        named().unwrap_or(RecordRef::Id(*record))
    }

    fn record(&self, epoch: u64, grid: &str, number: u32) -> Option<RecordId> {
        if epoch != self.core.epoch() {
            return None;
        }
        let id: [u8; 16] = self.row(
            "SELECT id FROM record WHERE n =
             (SELECT n FROM feed_number WHERE grid = ?1 AND number = ?2)",
            params![grid, number],
        )?;
        Some(RecordId(id))
    }
}

impl RecordKeeper for ServerIndex<'_> {
    fn salt(&self, record: &RecordId) -> Option<Salt> {
        let known = self.find(record).map(|stored| stored.header.salt);
        known.or_else(|| {
            let mut ahead = self.ahead.iter().filter(|part| part.record == *record);
            let brought = ahead.find_map(|part| part.header.as_ref().map(|header| header.salt));
            brought.or_else(|| self.backlog?.salt(record))
        })
    }
}
