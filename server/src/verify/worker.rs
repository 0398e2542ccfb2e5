//! What the writer does between jobs of people: verifies what waits, hands the journal what is for
//! it, and keeps snapshots of records fresh.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use rusqlite::{Connection, params};

use super::bundle::verify_one;
use crate::{
    core::Core,
    devices,
    error::{Error, Result},
    intake::{Backlog, Work},
    journal::{Journal, Outgoing},
    records,
    store::{Background, Left, Tx, marks, transact},
};

/// Changes that one transaction verifies, about.
const CHANGES: usize = 1_024;
/// Records whose snapshots one idle step makes.
const PROOFS: usize = 32;
/// Records that are remembered to be proven; the others are when they are asked for.
const TOUCHED: usize = 100_000;

/// The writer's background.
pub(crate) struct Worker {
    core: Arc<Core>,
    backlog: Arc<Backlog>,
    journal: Journal,
    /// The last row of `outgoing` that the journal was given.
    sent: i64,
    /// SQLite's count of what others, such as commands, wrote to main.db.
    seen: i64,
    touched: VecDeque<i64>,
    queued: BTreeSet<i64>,
}

impl Worker {
    pub(crate) fn new(core: Arc<Core>, backlog: Arc<Backlog>, journal: Journal) -> Self {
        let sent = journal.source_at_start();
        Self {
            core,
            backlog,
            journal,
            sent,
            seen: 0,
            touched: VecDeque::new(),
            queued: BTreeSet::new(),
        }
    }

    fn verify(&mut self, conn: &mut Connection) -> Result<bool> {
        let work = self.backlog.take(CHANGES);
        if work.is_empty() {
            return Ok(false);
        }
        match self.verify_all(conn, &work) {
            Ok(left) => {
                self.backlog.finished(&work);
                self.after(conn, left)?;
                Ok(true)
            }
            Err(error) => {
                self.backlog.put_back(work);
                Err(error)
            }
        }
    }

    fn verify_all(&self, conn: &mut Connection, work: &[Arc<Work>]) -> Result<Left> {
        let through = self.backlog.through(work);
        let journalled = self.journal.journalled();
        let seen = self.core.devices().take_seen();
        let ((), left) = transact(conn, &self.core, |tx| {
            for work in work {
                verify_one(tx, work)?;
            }
            devices::write_seen(tx, &seen)?;
            mark(tx, through, work, journalled)
        })?;
        Ok(left)
    }

    /// Tasks that offices asked for go to phones.
    fn give_tasks(&mut self, conn: &mut Connection) -> Result<bool> {
        let open: bool = conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM task_request WHERE state = 'open')")?
            .query_row([], |row| row.get(0))?;
        if !open {
            return Ok(false);
        }
        let (more, left) = transact(conn, &self.core, devices::give)?;
        self.after(conn, left)?;
        Ok(more)
    }

    /// What stands beside records follows another version of the schemas.
    fn reproject(&self, conn: &mut Connection) -> Result<bool> {
        if !records::reproject::waits(conn)? {
            return Ok(false);
        }
        let ((), _) = transact(conn, &self.core, records::reproject::step)?;
        Ok(true)
    }

    fn prove(&mut self, conn: &mut Connection) -> Result<bool> {
        if self.touched.is_empty() {
            return Ok(false);
        }
        let count = PROOFS.min(self.touched.len());
        let batch: Vec<i64> = self.touched.drain(..count).collect();
        for n in &batch {
            self.queued.remove(n);
        }
        let ((), _) = transact(conn, &self.core, |tx| {
            for n in batch {
                match records::prove_and_keep(tx.conn(), tx.core(), n) {
                    Ok(()) | Err(Error::Gone(_)) => {}
                    Err(error @ Error::Storage(_)) => return Err(error),
                    Err(error) => tracing::error!(%error, "a record cannot be proven"),
                }
            }
            Ok(())
        })?;
        Ok(true)
    }
}

impl Background for Worker {
    fn step(&mut self, conn: &mut Connection, quiet: bool) -> Result<bool> {
        if self.verify(conn)? || self.give_tasks(conn)? || self.reproject(conn)? {
            return Ok(true);
        }
        self.look_beside(conn)?;
        if !quiet {
            return Ok(false);
        }
        let seen = self.core.devices().take_seen();
        if !seen.is_empty() {
            let ((), _) = transact(conn, &self.core, |tx| devices::write_seen(tx, &seen))?;
        }
        self.prove(conn)
    }

    fn after(&mut self, conn: &mut Connection, left: Left) -> Result<()> {
        for n in left.touched {
            if self.touched.len() < TOUCHED && self.queued.insert(n) {
                self.touched.push_back(n);
            }
        }
        for news in left.news {
            // Nobody may be listening.
            let _ = self.core.news().send(news);
        }
        if left.journalled {
            self.hand_over(conn)?;
        }
        Ok(())
    }
}

impl Worker {
    /// A command beside the server has written for the journal: it is carried over now, not with
    /// the server's next entry.
    fn look_beside(&mut self, conn: &mut Connection) -> Result<()> {
        let version = conn.query_row("PRAGMA data_version", [], |row| row.get::<_, i64>(0))?;
        if version != self.seen {
            self.seen = version;
            self.hand_over(conn)?;
        }
        Ok(())
    }

    /// Gives the journal what main.db has noted for it since the last time.
    pub(crate) fn hand_over(&mut self, conn: &mut Connection) -> Result<()> {
        let mut select = conn.prepare_cached(
            "SELECT id, time_ms, payload FROM outgoing WHERE id > ?1 ORDER BY id",
        )?;
        let rows = select.query_map(params![self.sent], |row| {
            Ok(Outgoing {
                id: row.get(0)?,
                time_ms: row.get(1)?,
                payload: row.get(2)?,
            })
        })?;
        let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        if let Some(last) = rows.last().map(|row| row.id) {
            self.journal.outgoing(rows)?;
            self.sent = last;
        }
        Ok(())
    }
}

/// Writes how far verification has come.
fn mark(tx: &Tx<'_>, through: u64, work: &[Arc<Work>], journalled: i64) -> Result<()> {
    let conn = tx.conn();
    marks::set_verified_through(conn, through)?;
    let mut ahead = conn.prepare_cached("INSERT INTO verified_ahead (position) VALUES (?1)")?;
    for work in work.iter().filter(|work| work.position > through) {
        ahead.execute(params![work.position])?;
    }
    conn.prepare_cached("DELETE FROM verified_ahead WHERE position <= ?1")?
        .execute(params![through])?;
    // What is on disk in the journal need not be kept here; the last rows say how far it has come.
    conn.prepare_cached(
        "DELETE FROM outgoing WHERE id <= min(?1, (SELECT max(id) FROM outgoing) - 10000)",
    )?
    .execute(params![journalled])?;
    Ok(())
}
