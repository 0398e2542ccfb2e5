//! Lists of records. Open kinds are filtered by SQL; personal ones are opened and looked at, a
//! bounded number at a time, within what the reader may see.

use std::collections::BTreeSet;

use rusqlite::{params_from_iter, types::Value};
use schemas::{Kind, RegisterKey, Scalar};
use serde::Serialize;
use sync_core::{RecordId, fieldbook::search::fold, record::View};
use utoipa::ToSchema;

use super::{Stored, detail::Reader, search::Words as Looked, values::Words};
use crate::error::{Error, Result};

/// Personal records opened for one page at most.
const OPENED: usize = 5_000;

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The kind.
    pub kind: String,
    /// Grid, or an area above.
    pub grid: Option<String>,
    /// What to look for: parts of names and doors, pinyin initials, whole numbers.
    pub text: Option<String>,
    /// Business type, or one above it in the tree; shops only.
    pub business_type: Option<String>,
    /// State: `operating_state` of shops, `state` of the others.
    pub state: Option<String>,
    /// Only those in conflict, or only those that are not.
    pub conflicted: Option<bool>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordRow {
    /// The record.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its grid.
    pub grid: String,
    /// Its title's parts.
    pub title: Vec<Words>,
    /// The shop it belongs to.
    pub follows: Option<String>,
    /// Registers in conflict.
    pub conflicts: usize,
    /// When something of it was last accepted, ms.
    pub touched_ms: i64,
    /// Rises with every change and move.
    pub version: u64,
}

/// Rows, and where to go on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The rows, by id.
    pub rows: Vec<RecordRow>,
    /// The last record looked at, if there may be more.
    pub next: Option<RecordId>,
    /// How many there are in all, where that is known.
    pub total: Option<u64>,
}

/// Lists records after `after`, in the order of their ids: records that come in meanwhile move
/// no row to another page.
pub fn list(
    reader: &Reader<'_>,
    filter: &Filter,
    after: Option<RecordId>,
    limit: usize,
) -> Result<Listed> {
    let kind = reader.schemas.kind(&filter.kind);
    let kind = kind
        .filter(|kind| kind.may_read_kind(&reader.who.author()))
        .ok_or_else(|| Error::invalid("kind", "there is no such kind, or it is not for you"))?;
    let looked = filter.text.as_deref().map(Looked::parse);
    if looked.as_ref().is_some_and(Looked::is_empty) {
        return Err(Error::invalid("text", "nothing to look for"));
    }
    let mut sql = Select::new(reader, filter, kind)?;
    if kind.personal() {
        let by_number = looked.as_ref().and_then(|looked| looked.number(kind));
        if let Some(number) = &by_number {
            sql.equal(reader, kind, number);
        }
        let looked = looked.filter(|_| by_number.is_none());
        personal(reader, filter, kind, looked.as_ref(), &sql, after, limit)
    } else {
        sql.open_values(reader, filter, kind)?;
        if let Some(looked) = &looked {
            sql.text(looked);
        }
        open(reader, kind, &sql, after, limit)
    }
}

/// A query in the making.
struct Select {
    conditions: String,
    values: Vec<Value>,
}

impl Select {
    fn new(reader: &Reader<'_>, filter: &Filter, kind: &Kind) -> Result<Self> {
        let mut values: Vec<Value> = vec![kind.name().to_owned().into()];
        let mut conditions =
            "r.kind = ? AND r.placed = 1 AND r.alive = 1 AND r.merged_into IS NULL AND ".to_owned();
        conditions.push_str(&reader.who.scope_sql("r.grid", &mut values));
        if let Some(area) = &filter.grid {
            if area.len() > 15 || area.is_empty() || !area.bytes().all(|b| b.is_ascii_digit()) {
                return Err(Error::invalid("grid", "the code of a grid or area"));
            }
            conditions.push_str(" AND r.grid >= ? AND r.grid < ?");
            values.push(area.clone().into());
            values.push(format!("{area}:").into());
        }
        if let Some(conflicted) = filter.conflicted {
            conditions.push_str(if conflicted {
                " AND r.conflicted > 0"
            } else {
                " AND r.conflicted = 0"
            });
        }
        Ok(Self { conditions, values })
    }

    /// The filters of an open kind's shown values.
    fn open_values(&mut self, reader: &Reader<'_>, filter: &Filter, kind: &Kind) -> Result<()> {
        if let Some(state) = &filter.state {
            let key = state_field(kind)?;
            self.value_in(key, [state.clone()]);
        }
        if let Some(code) = &filter.business_type {
            let codes = reader.schemas.codes("business-type");
            let codes = codes
                .filter(|_| kind.name() == "shop")
                .filter(|codes| codes.get(code).is_some())
                .ok_or_else(|| Error::invalid("business_type", "there is no such code"))?;
            let below = codes
                .entries()
                .iter()
                .map(|entry| entry.code.as_str().to_owned())
                .filter(|entry| codes.is_within(entry, code));
            self.value_in("business_type", below.collect::<BTreeSet<_>>());
        }
        Ok(())
    }

    fn value_in(&mut self, key: &str, codes: impl IntoIterator<Item = String>) {
        self.values.push(key.to_owned().into());
        let before = self.values.len();
        self.values.extend(codes.into_iter().map(Value::from));
        let marks = vec!["?"; self.values.len() - before].join(",");
        let exists = " AND EXISTS (SELECT 1 FROM field_value f
                                   WHERE f.n = r.n AND f.key = ? AND f.value IN (";
        self.conditions.push_str(exists);
        self.conditions.push_str(&marks);
        self.conditions.push_str("))");
    }

    /// Every word stands somewhere in the search text.
    fn text(&mut self, looked: &Looked) {
        for word in looked.words() {
            self.conditions.push_str(
                " AND EXISTS (SELECT 1 FROM search_text t
                              WHERE t.n = r.n AND instr(t.text, ?) > 0)",
            );
            self.values.push(word.clone().into());
        }
    }

    /// One of the kind's numbers is this one.
    fn equal(&mut self, reader: &Reader<'_>, kind: &Kind, (fields, text): &(Vec<String>, String)) {
        let macs = fields.iter().map(|field| {
            let mac = reader.core.keys().blind(field, text);
            (field.clone(), mac)
        });
        let mut any = Vec::new();
        for (field, mac) in macs {
            any.push("(b.field = ? AND b.mac = ?)");
            self.values.push(field.into());
            self.values.push(mac.into());
        }
        self.values.push(kind.name().to_owned().into());
        self.conditions
            .push_str(" AND r.n IN (SELECT b.n FROM blind b WHERE (");
        self.conditions.push_str(&any.join(" OR "));
        self.conditions.push_str(") AND b.kind = ?)");
    }

    /// Records and when they were touched, by id, after `after`.
    fn run(
        &self,
        reader: &Reader<'_>,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<(RecordId, i64)>> {
        let sql = format!(
            "SELECT r.id, r.touched_ms FROM record r WHERE {} AND r.id > ? ORDER BY r.id LIMIT ?",
            self.conditions
        );
        let mut values = self.values.clone();
        values.push(after.map_or_else(Vec::new, |id| id.0.to_vec()).into());
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        let mut select = reader.conn.prepare(&sql)?;
        let rows = select.query_map(params_from_iter(values), |row| {
            Ok((RecordId(row.get(0)?), row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn count(&self, reader: &Reader<'_>) -> Result<u64> {
        let sql = format!("SELECT count(*) FROM record r WHERE {}", self.conditions);
        let values = params_from_iter(&self.values);
        Ok(reader.conn.query_row(&sql, values, |row| row.get(0))?)
    }
}

/// The field that says what state a record of a kind is in.
fn state_field(kind: &Kind) -> Result<&'static str> {
    let has = |name: &str| schemas::FieldPath::parse(name).is_ok_and(|p| kind.field(&p).is_some());
    ["operating_state", "state"]
        .into_iter()
        .find(|name| has(name))
        .ok_or_else(|| Error::invalid("state", "this kind has no state"))
}

fn open(
    reader: &Reader<'_>,
    kind: &Kind,
    sql: &Select,
    after: Option<RecordId>,
    limit: usize,
) -> Result<Listed> {
    let mut found = sql.run(reader, after, limit + 1)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let mut rows = Vec::with_capacity(found.len());
    for (id, touched_ms) in &found {
        let stored = super::find(reader.conn, reader.core.keys(), id)?;
        let stored = stored.ok_or(Error::Internal("a listed record is missing"))?;
        let view = View::of(&stored.registers);
        rows.push(row(reader, kind, &stored, &view, *touched_ms));
    }
    Ok(Listed {
        rows,
        next: found.last().filter(|_| more).map(|(id, _)| *id),
        // Counted once, not on every page.
        total: if after.is_none() {
            Some(sql.count(reader)?)
        } else {
            None
        },
    })
}

fn personal(
    reader: &Reader<'_>,
    filter: &Filter,
    kind: &Kind,
    looked: Option<&Looked>,
    sql: &Select,
    after: Option<RecordId>,
    limit: usize,
) -> Result<Listed> {
    if filter.business_type.is_some() {
        let reason = "only shops have a business type";
        return Err(Error::invalid("business_type", reason));
    }
    let state = match &filter.state {
        Some(state) => Some((state_field(kind)?, Scalar::text(state.clone()))),
        None => None,
    };
    let every = looked.is_none() && state.is_none();
    let total = if every && after.is_none() {
        Some(sql.count(reader)?)
    } else {
        None
    };
    let opened = if every { limit + 1 } else { OPENED };
    let found = sql.run(reader, after, opened)?;
    let read_all = found.len() < opened;
    let mut rows = Vec::new();
    let mut last = None;
    for (id, touched_ms) in found {
        if rows.len() == limit {
            return Ok(Listed {
                rows,
                next: last,
                total,
            });
        }
        last = Some(id);
        let stored = match super::find(reader.conn, reader.core.keys(), &id) {
            Ok(Some(stored)) => stored,
            // Erased: its row is on its way out.
            Ok(None) | Err(Error::Gone(_)) => continue,
            Err(error) => return Err(error),
        };
        let view = View::of(&stored.registers);
        let in_state = state.as_ref().is_none_or(|(field, wanted)| {
            RegisterKey::parse(field)
                .ok()
                .and_then(|key| view.field(&key).map(|field| field.shown() == wanted))
                .unwrap_or(false)
        });
        if in_state && looked.is_none_or(|looked| looked.is_in(kind, &view)) {
            rows.push(row(reader, kind, &stored, &view, touched_ms));
        }
    }
    Ok(Listed {
        rows,
        next: last.filter(|_| !read_all),
        total,
    })
}

/// A record's row.
pub fn row(
    reader: &Reader<'_>,
    kind: &Kind,
    stored: &Stored,
    view: &View,
    touched_ms: i64,
) -> RecordRow {
    let head = reader.head(stored, kind, view);
    RecordRow {
        id: head.id,
        kind: head.kind,
        grid: head.grid,
        title: head.title,
        follows: head.follows,
        conflicts: head.conflicts.len(),
        touched_ms,
        version: head.version,
    }
}

/// What is looked for, folded as the stored text is.
pub(super) fn folded(text: &str) -> Vec<String> {
    let words = text.split_whitespace().map(fold);
    words.filter(|word| !word.is_empty()).collect()
}
