//! What waits, or was refused: changes that did not enter, with what they wanted to write.

use rusqlite::{OptionalExtension as _, Row, params_from_iter, types::Value};
use schemas::{Kind, RegisterKey};
use serde::{Deserialize, Serialize};
use sync_core::{
    DeviceId, RecordId,
    change::{Put, scan},
    record::View,
};
use utoipa::{IntoParams, ToSchema};

use super::reasons::{self, Cause};
use crate::{
    error::{Error, Result},
    lists::{Ask, Key, Order, Page, Source, Where},
    records::{
        detail::{self, Reader},
        values::{self, Words},
    },
    verify::Claim,
};

/// Values of one held change that are shown at most.
const VALUES: usize = 60;

/// A value that a held change wants to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldValue {
    /// The register.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// The value, masked where it is personal; null clears.
    #[schema(value_type = serde_json::Value)]
    pub value: serde_json::Value,
    /// What people read for a code.
    pub value_label: Option<Words>,
    /// Whether its middle is left out.
    pub masked: bool,
}

/// A change that waits, or that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldOut {
    /// Its number, in the order of arrival.
    pub id: i64,
    /// The device.
    pub device: String,
    /// The inspector's name.
    pub inspector: Option<String>,
    /// The bundle.
    pub bundle: u64,
    /// The record.
    pub record: String,
    /// The record's kind, where it is known.
    pub kind: Option<String>,
    /// The record's title, as far as it is known here.
    pub title: Vec<Words>,
    /// The record's grid, where it is known.
    pub grid: Option<String>,
    /// `held` or `refused`.
    pub state: String,
    /// Why.
    pub reason: Words,
    /// The same as a code that stays.
    pub reason_code: &'static str,
    /// The field at fault.
    pub key: Option<String>,
    /// What people call that field.
    pub key_label: Option<Words>,
    /// What it wants to write, 60 values at most; empty where the kind is not known.
    pub values: Vec<HeldValue>,
    /// Changes of the part that had entered before.
    pub accepted: u32,
    /// Since when, ms.
    pub since_ms: i64,
    /// The `ETag`.
    pub version: u64,
}

/// What a list of held or refused changes is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct HeldFilter {
    /// A grid, or an area above it.
    pub grid: Option<String>,
    /// Kind of record.
    pub kind: Option<String>,
    /// Why, as a code: `lost_grid`.
    pub reason: Option<String>,
    /// Part of the inspector's name or staff number.
    pub text: Option<String>,
    /// `id` (usual: the order of arrival), `since`, `grid`, `name`; with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const ORDER: Order = Order {
    keys: &[
        Key {
            name: "id",
            sql: "h.id",
        },
        Key {
            name: "since",
            sql: "h.since_ms",
        },
        Key {
            name: "grid",
            sql: "coalesce(r.grid, '')",
        },
        Key {
            name: "name",
            sql: "coalesce(i.name, '')",
        },
    ],
    id: "h.id",
    down: false,
};

const SOURCE: Source<'_> = Source {
    columns: "h.id, h.device, i.name, h.number, h.record, r.grid, h.state, h.reason, h.key, \
              h.accepted, h.since_ms, h.version",
    from: "held h LEFT JOIN record r ON r.n = h.n AND r.placed = 1
           LEFT JOIN device d ON d.id = h.device LEFT JOIN inspector i ON i.id = d.inspector",
    beside: "",
    order: &ORDER,
};

/// Held or refused changes in the reader's areas, the earliest first.
pub fn held(
    reader: &Reader<'_>,
    state: &str,
    filter: &HeldFilter,
    ask: &Ask,
) -> Result<Page<HeldOut>> {
    let mut list = scoped(reader);
    list.with("h.state = ?", state.to_owned());
    list.grid("r.grid", filter.grid.as_deref())?;
    list.maybe("r.kind = ?", filter.kind.clone());
    list.text(&["i.name", "i.code"], filter.text.as_deref())?;
    if let Some(reason) = &filter.reason {
        let codes = (0..=u8::MAX).filter(|code| cause(state, *code).code == reason);
        let codes: Vec<Value> = codes.map(|code| i64::from(code).into()).collect();
        let marks = vec!["?"; codes.len()].join(",");
        list.with_all(&format!("h.reason IN ({marks})"), codes);
    }
    let page = SOURCE.page(reader.conn, &list, ask, HeldRow::read)?;
    page.with(|row| row.show(reader).map(Some))
}

/// One held row that the reader may see: its version and state.
pub fn version(reader: &Reader<'_>, id: i64) -> Result<(u64, String)> {
    let mut list = scoped(reader);
    list.with("h.id = ?", id);
    let sql = format!(
        "SELECT h.version, h.state FROM {} WHERE {}",
        SOURCE.from,
        list.sql()
    );
    let found = reader
        .conn
        .query_row(&sql, params_from_iter(&list.values), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found.ok_or(Error::NotFound("held change"))
}

/// A held change belongs where its record lies; that of a record which nobody knows yet, where its
/// author walks.
fn scoped(reader: &Reader<'_>) -> Where {
    let mut values = Vec::new();
    let by_record = reader.who.scope_sql("r.grid", &mut values);
    let by_author = reader.who.scope_sql("u.grid", &mut values);
    let mut list = Where::default();
    let scope = format!(
        "CASE WHEN r.grid IS NOT NULL THEN {by_record}
         ELSE EXISTS (SELECT 1 FROM duty u WHERE u.inspector = d.inspector AND {by_author}) END"
    );
    list.with_all(&scope, values);
    list
}

fn cause(state: &str, code: u8) -> Cause {
    if state == "refused" {
        reasons::refused(code)
    } else {
        reasons::held(code)
    }
}

struct HeldRow {
    id: i64,
    device: DeviceId,
    inspector: Option<String>,
    bundle: u64,
    record: RecordId,
    grid: Option<String>,
    state: String,
    reason: u8,
    key: Option<String>,
    accepted: u32,
    since_ms: i64,
    version: u64,
}

impl HeldRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            device: DeviceId(row.get(1)?),
            inspector: row.get(2)?,
            bundle: row.get(3)?,
            record: RecordId(row.get(4)?),
            grid: row.get(5)?,
            state: row.get(6)?,
            reason: row.get(7)?,
            key: row.get(8)?,
            accepted: row.get(9)?,
            since_ms: row.get(10)?,
            version: row.get(11)?,
        })
    }

    fn show(self, reader: &Reader<'_>) -> Result<HeldOut> {
        let stored = match reader.find(&self.record) {
            Ok(stored) => Some(stored),
            Err(Error::Gone(_) | Error::NotFound(_)) => None,
            Err(error) => return Err(error),
        };
        let kind = stored
            .as_ref()
            .map(|stored| reader.kind(stored))
            .transpose()?;
        let title = stored.as_ref().zip(kind).map(|(stored, kind)| {
            let view = View::of(&stored.registers);
            detail::title(kind, &view)
        });
        let cause = cause(&self.state, self.reason);
        let values = match kind {
            Some(kind) => values(reader, kind, self.id)?,
            None => Vec::new(),
        };
        let key_label = self.key.as_deref().zip(kind).and_then(|(key, kind)| {
            let field = values::field_of(kind, key)?;
            Some(values::key_label(field, key))
        });
        Ok(HeldOut {
            id: self.id,
            device: self.device.to_string(),
            inspector: self.inspector,
            bundle: self.bundle,
            record: self.record.to_string(),
            kind: kind.map(|kind| kind.name().to_owned()),
            title: title.unwrap_or_default(),
            grid: self.grid,
            state: self.state,
            reason: cause.words,
            reason_code: cause.code,
            key: self.key,
            key_label,
            values,
            accepted: self.accepted,
            since_ms: self.since_ms,
            version: self.version,
        })
    }
}

/// What is kept under this number wants to write, as far as the reader may see it. Chunks that
/// cannot be read want nothing that could be shown.
fn values(reader: &Reader<'_>, kind: &Kind, id: i64) -> Result<Vec<HeldValue>> {
    let Some(claim) = Claim::kept(reader.conn, reader.core, id)? else {
        return Ok(Vec::new());
    };
    let changes = claim.chunks.iter().filter_map(|chunk| scan(chunk).ok());
    let puts = changes.flat_map(|change| change.puts);
    let shown = puts.filter_map(|put| value(reader, kind, put));
    Ok(shown.take(VALUES).collect())
}

fn value(reader: &Reader<'_>, kind: &Kind, put: Put) -> Option<HeldValue> {
    let path = RegisterKey::parse(&put.key).ok()?.path()?;
    let field = kind.field(&path)?;
    if !kind.may_read(&path, &reader.who.author()) {
        return None;
    }
    let shown = values::shown(kind, field, &put.value);
    Some(HeldValue {
        label: values::key_label(field, &put.key),
        key: put.key,
        value: shown.value,
        value_label: shown.label,
        masked: shown.masked,
    })
}
