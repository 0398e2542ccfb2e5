//! Whether two main.db say the same: registers, conflicts, items, cases, and what phones are told.

use std::collections::{BTreeMap, BTreeSet};

use ring::digest::{SHA256, digest};
use rusqlite::{Connection, types::ValueRef};
use sync_core::RecordId;

use crate::{
    error::{Error, Result},
    keys::Keys,
    records,
};

/// One kind of thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub what: &'static str,
    /// Rows that only the old one has.
    pub only_old: u64,
    /// Rows that only the new one has.
    pub only_new: u64,
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Rows compared.
    pub rows: u64,
    /// What people would see differ.
    pub content: Vec<Difference>,
    /// What only phones would notice: they then begin anew.
    pub streams: Vec<Difference>,
}

impl Compared {
    /// Whether nothing differs at all.
    pub const fn is_equal(&self) -> bool {
        self.content.is_empty() && self.streams.is_empty()
    }
}

/// What is compared, by rows; the first column is the record, where rows are about one.
const CONTENT: &[(&str, &str)] = &[
    (
        "changes",
        "SELECT r.id, c.actor, c.seq, c.ord, c.hash, c.time_ms
         FROM change c JOIN record r ON r.n = c.n",
    ),
    (
        "values",
        "SELECT r.id, v.key, v.value FROM field_value v JOIN record r ON r.n = v.n",
    ),
    (
        "search texts",
        "SELECT r.id, s.text FROM search_text s JOIN record r ON r.n = s.n",
    ),
    (
        "blind values",
        "SELECT r.id, b.kind, b.field, b.mac FROM blind b JOIN record r ON r.n = b.n",
    ),
    (
        "conflicts",
        "SELECT r.id, c.key, c.state, c.version, c.since_ms, c.by_device
         FROM conflict c JOIN record r ON r.n = c.n",
    ),
    (
        "decided conflicts",
        "SELECT r.id, c.key, c.version, c.change, c.since_ms
         FROM conflict_decided c JOIN record r ON r.n = c.n",
    ),
    (
        "merges that took values",
        "SELECT record, other, change FROM merge_taken",
    ),
    (
        "items",
        "SELECT record, rule, cause, kind, grid, office, how, form, month, device, created_ms,
                state FROM item",
    ),
    (
        "held and refused changes",
        "SELECT record, device, number, actor, schema, accepted, state, reason, key, released,
                since_ms FROM held WHERE state <> 'settled'",
    ),
    ("superseded authors", "SELECT record, actor FROM superseded"),
    (
        "imports",
        "SELECT record, source, key, value FROM import_base",
    ),
    (
        "shops told apart",
        "SELECT one, other, why, by, reason, time_ms FROM duplicate_dismissed",
    ),
    (
        "devices",
        "SELECT 0, id, inspector, certificate, epoch, enrolled_ms, confirmed_ms, revoked_ms,
                forked_ms FROM device",
    ),
    (
        "the server's own bundles",
        "SELECT (SELECT id FROM record r WHERE r.n = b.n), device, number, digest
         FROM own_bundle b",
    ),
    (
        "marks on items",
        "SELECT i.record, i.rule, i.cause, m.ord, m.mark, m.actor, m.reason, m.time_ms
         FROM item_mark m JOIN item i ON i.id = m.item",
    ),
    (
        "cases",
        "SELECT record, uid, number, type, class, severity, grid, street, shop, source, state,
                before, office, handler, received_ms, filed_ms, assigned_ms, closed_ms, returns,
                reworks, asked, asked_at, asked_amount, asked_until, version,
                (SELECT uid FROM case_file i WHERE i.id = c.joined_into) FROM case_file c",
    ),
    (
        "case ledgers",
        "SELECT c.record, c.uid, l.ord, l.step, l.from_state, l.to_state, l.actor, l.role,
                l.office, l.to_office, l.handler, l.milestone, l.amount, l.until_ms, l.verifier,
                l.reason, l.time_ms FROM case_ledger l JOIN case_file c ON c.id = l.case_id",
    ),
    (
        "case clocks",
        "SELECT c.record, c.uid, m.at, m.name, m.clock, m.within, m.extra, m.bound, m.done_ms
         FROM case_milestone m JOIN case_file c ON c.id = m.case_id",
    ),
    (
        "tasks",
        "SELECT record, id, type, grid, device, actor, reason, created_ms, state, batch, door,
                due_ms FROM task_request",
    ),
    (
        "offices gathered on cases",
        "SELECT c.record, c.uid, o.office, o.code, o.at_ms, o.opinion_ms
         FROM case_gathered o JOIN case_file c ON c.id = o.case_id",
    ),
    (
        "help with licences",
        "SELECT c.record, c.uid, l.licence, l.state, l.actor, l.reason, l.time_ms
         FROM case_licence l JOIN case_file c ON c.id = l.case_id",
    ),
    (
        "outlines of grids",
        "SELECT 0, grid, ring, actor, time_ms FROM grid_outline",
    ),
    (
        "registration lists",
        "SELECT 0, id, uid, name, area, actor, created_ms, erased_ms FROM registration_list",
    ),
    (
        "rows of registration lists",
        "SELECT shop, list, ord, entry, status, party, grid, differs, mark, mark_by, mark_why,
                mark_ms, task, version FROM registration_row",
    ),
    (
        "versions of the schemas",
        "SELECT 0, version, state, bytes, actor, created_ms, published_by, published_ms, revision
         FROM schema_version",
    ),
    (
        "spot checks",
        "SELECT 0, id, label, area, method, per_grid, nonce, commitment, seed, frame, state,
                due_ms, appeal_days, actor, created_ms, drawn_ms, locked_ms, version
         FROM check_batch",
    ),
    (
        "doors of spot checks",
        "SELECT record, batch, ord, grid, door, unit, shop, rank, checker, held, state,
                answered_ms, judgement, fields, judge, until_ms, appeal_task, version
         FROM check_door",
    ),
    (
        "judgements of spot checks",
        "SELECT 0, batch, ord, at, step, actor, judgement, fields, reason, time_ms
         FROM check_step",
    ),
];

/// What phones are told, in order.
const STREAMS: &[(&str, &str)] = &[
    (
        "feeds",
        "SELECT grid, seq, item, (SELECT id FROM record r WHERE r.n = f.n), actor, first, count,
                bytes FROM feed f",
    ),
    (
        "record numbers",
        "SELECT grid, number, (SELECT id FROM record r WHERE r.n = f.n) FROM feed_number f",
    ),
    (
        "devices' streams",
        "SELECT device, seq, bytes FROM device_item",
    ),
];

/// Compares two main.db of one server.
pub(super) fn compare(old: &Connection, new: &Connection, keys: &Keys) -> Result<Compared> {
    let erased: BTreeSet<RecordId> = keys.erased()?.into_iter().collect();
    let mut compared = Compared::default();
    let records = (records_of(old, keys)?, records_of(new, keys)?);
    compared.note("records", records, true);
    for (what, sql) in CONTENT {
        let rows = (rows(old, sql, &erased)?, rows(new, sql, &erased)?);
        compared.note(what, rows, true);
    }
    let none = BTreeSet::new();
    for (what, sql) in STREAMS {
        let rows = (rows(old, sql, &none)?, rows(new, sql, &none)?);
        compared.note(what, rows, false);
    }
    Ok(compared)
}

/// Digests of rows, and how often each is there.
type Rows = BTreeMap<[u8; 32], u64>;

impl Compared {
    fn note(&mut self, what: &'static str, (old, new): (Rows, Rows), content: bool) {
        let more = |rows: &Rows, others: &Rows| -> u64 {
            let missing = |(row, count): (&[u8; 32], &u64)| {
                count.saturating_sub(others.get(row).copied().unwrap_or(0))
            };
            rows.iter().map(missing).sum()
        };
        self.rows += old.values().sum::<u64>();
        let (only_old, only_new) = (more(&old, &new), more(&new, &old));
        let difference = Difference {
            what,
            only_old,
            only_new,
        };
        // What phones have read already need not be kept.
        if content && only_old + only_new > 0 {
            self.content.push(difference);
        } else if !content && (only_old > 0 || (only_new > 0 && what != "devices' streams")) {
            self.streams.push(difference);
        }
    }
}

/// Records as they are once opened: sealed bytes differ each time.
fn records_of(conn: &Connection, keys: &Keys) -> Result<Rows> {
    let mut select = conn.prepare("SELECT id, changes FROM record WHERE placed = 1")?;
    let mut rows = select.query([])?;
    let mut found = Rows::new();
    while let Some(row) = rows.next()? {
        let (id, changes) = (RecordId(row.get(0)?), row.get::<_, u64>(1)?);
        let stored = match records::find(conn, keys, &id) {
            Err(Error::Gone(_)) | Ok(None) => continue,
            found => found?,
        };
        let Some(stored) = stored else { continue };
        let header = &stored.header;
        let text = format!(
            "{id} {} {} {} {:?} {changes} {} {} {} {:?} {:?}",
            header.kind,
            header.grid,
            header.move_number,
            header.salt.0,
            stored.bytes,
            stored.conflicted,
            stored.alive,
            stored.follows,
            stored.merged_into,
        );
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&stored.registers.to_bytes());
        *found.entry(sha256(&bytes)).or_default() += 1;
    }
    Ok(found)
}

fn rows(conn: &Connection, sql: &str, erased: &BTreeSet<RecordId>) -> Result<Rows> {
    let mut select = conn.prepare(sql)?;
    let columns = select.column_count();
    let mut rows = select.query([])?;
    let mut found = Rows::new();
    while let Some(row) = rows.next()? {
        if let Ok(id) = row.get::<_, [u8; 16]>(0)
            && erased.contains(&RecordId(id))
        {
            continue;
        }
        let mut bytes = Vec::new();
        for column in 0..columns {
            let (kind, content): (u8, Vec<u8>) = match row.get_ref(column)? {
                ValueRef::Null => (0, Vec::new()),
                ValueRef::Integer(value) => (1, value.to_be_bytes().to_vec()),
                ValueRef::Real(value) => (2, value.to_be_bytes().to_vec()),
                ValueRef::Text(value) => (3, value.to_vec()),
                ValueRef::Blob(value) => (4, value.to_vec()),
            };
            bytes.push(kind);
            bytes.extend_from_slice(&(content.len() as u64).to_be_bytes());
            bytes.extend_from_slice(&content);
        }
        *found.entry(sha256(&bytes)).or_default() += 1;
    }
    Ok(found)
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}
