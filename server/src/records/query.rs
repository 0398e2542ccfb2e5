//! Lists of records, of one kind or of all that the reader may read. Open kinds are filtered by
//! SQL; personal ones are opened and looked at, a bounded number at a time.

use std::collections::BTreeSet;

use rusqlite::params;
use schemas::{Kind, RegisterKey, Scalar};
use serde::Serialize;
use sync_core::{RecordId, fieldbook::search::fold, record::View};
use utoipa::ToSchema;

use super::{
    ShopFacts, Stored, detail::Reader, search::Words as Looked, select, values::Words,
    visits::Visited,
};
use crate::{
    error::{Error, Result},
    lists::{Ask, Cursor, Key, Mark, Order, Page, Source, Where, count, to_cursor},
};

/// Personal records opened for one page at most.
const OPENED: usize = 5_000;

/// What lists of records are sorted by; the ids of records rise with the time when they were made.
const ORDER: Order = Order {
    keys: &[
        Key {
            name: "id",
            sql: "r.id",
        },
        Key {
            name: "touched",
            sql: "r.touched_ms",
        },
        Key {
            name: "grid",
            sql: "r.grid",
        },
        Key {
            name: "conflicts",
            sql: "r.conflicted",
        },
        // Of personal kinds no values stand in clear: they all sort alike.
        Key {
            name: "door",
            sql: "coalesce((SELECT f.value FROM field_value f
                            WHERE f.n = r.n AND f.key = 'door_no'), '')",
        },
        Key {
            name: "sign",
            sql: "coalesce((SELECT f.value FROM field_value f
                            WHERE f.n = r.n AND f.key = 'sign_name'), '')",
        },
    ],
    id: "r.id",
    down: false,
};

const SOURCE: Source<'_> = Source {
    columns: "r.id, r.touched_ms",
    from: "record r",
    beside: "",
    order: &ORDER,
};

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The kind; every kind that the reader may read unless said.
    pub kind: Option<String>,
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
    /// Where they stand in this month's round; shops only.
    pub visited: Option<Visited>,
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
    /// Of a shop, what else is to be seen at a glance.
    pub shop: Option<ShopFacts>,
}

/// A page of records; those that come in meanwhile move no row to another page, unless the list is
/// sorted by what changes.
pub fn list(reader: &Reader<'_>, filter: &Filter, ask: &Ask) -> Result<Page<RecordRow>> {
    let kinds = kinds(reader, filter)?;
    let looked = filter.text.as_deref().map(Looked::parse);
    if looked.as_ref().is_some_and(Looked::is_empty) {
        return Err(Error::invalid("text", "nothing to look for"));
    }
    let mut list = select::all(reader, filter, &kinds)?;
    match kinds.as_slice() {
        [kind] if !kind.personal() => {
            select::open_values(reader, &mut list, filter, kind)?;
            if let Some(looked) = &looked {
                select::text(&mut list, looked);
            }
            open(reader, kind, &list, ask)
        }
        _ => {
            let looking = Looking::of(reader, filter, &kinds, looked, &mut list)?;
            opened(reader, &kinds, &looking, &list, ask)
        }
    }
}

/// The kind that is asked for, or all that the reader may read.
fn kinds<'k>(reader: &Reader<'k>, filter: &Filter) -> Result<Vec<&'k Kind>> {
    let author = reader.who.author();
    let wanted = |kind: &&Kind| {
        let named = filter.kind.as_ref().is_none_or(|name| kind.name() == name);
        named && kind.may_read_kind(&author)
    };
    let found: Vec<&Kind> = reader.schemas.kinds().iter().filter(wanted).collect();
    if found.is_empty() {
        let reason = "there is no such kind, or it is not for you";
        return Err(Error::invalid("kind", reason));
    }
    Ok(found)
}

fn open(reader: &Reader<'_>, kind: &Kind, list: &Where, ask: &Ask) -> Result<Page<RecordRow>> {
    let page = SOURCE.page(reader.conn, list, ask, |row| {
        Ok((RecordId(row.get(0)?), row.get(1)?))
    })?;
    page.with(|(id, touched_ms): (RecordId, i64)| {
        let stored = super::find(reader.conn, reader.core.keys(), &id)?;
        let stored = stored.ok_or(Error::Internal("a listed record is missing"))?;
        let view = View::of(&stored.registers);
        row(reader, kind, &stored, &view, touched_ms).map(Some)
    })
}

/// What records are opened for.
struct Looking {
    /// What stands in them somewhere.
    words: Option<Looked>,
    /// Kinds whose rows are found by SQL alone: open ones, and those with a field for the number.
    found: BTreeSet<String>,
    /// The state, where it is of one kind.
    state: Option<(&'static str, Scalar)>,
}

impl Looking {
    /// Narrows the list as far as SQL can.
    fn of(
        reader: &Reader<'_>,
        filter: &Filter,
        kinds: &[&Kind],
        words: Option<Looked>,
        list: &mut Where,
    ) -> Result<Self> {
        if filter.business_type.is_some() {
            let reason = "only shops have a business type";
            return Err(Error::invalid("business_type", reason));
        }
        let state = match (&filter.state, kinds) {
            (Some(state), [kind]) => {
                Some((select::state_field(kind)?, Scalar::text(state.clone())))
            }
            (Some(_), _) => return Err(Error::invalid("state", "a state is of one kind")),
            (None, _) => None,
        };
        let mut found = BTreeSet::new();
        let mut any = Vec::new();
        for kind in kinds {
            let Some(words) = &words else { break };
            let mut one = Where::default();
            one.with("r.kind = ?", kind.name().to_owned());
            if !kind.personal() {
                select::text(&mut one, words);
                found.insert(kind.name().to_owned());
            } else if let Some(number) = words.number(kind) {
                select::equal(reader, &mut one, kind, &number);
                found.insert(kind.name().to_owned());
            }
            any.push(one);
        }
        if !any.is_empty() {
            list.any(any);
        }
        Ok(Self {
            words,
            found,
            state,
        })
    }

    /// Whether nothing has to be looked at in a record.
    fn is_known(&self, kinds: &[&Kind]) -> bool {
        let found = |kind: &&Kind| self.words.is_none() || self.found.contains(kind.name());
        self.state.is_none() && kinds.iter().all(found)
    }

    fn fits(&self, kind: &Kind, view: &View) -> bool {
        let in_state = self.state.as_ref().is_none_or(|(field, wanted)| {
            RegisterKey::parse(field)
                .ok()
                .and_then(|key| view.field(&key).map(|field| field.shown() == wanted))
                .unwrap_or(false)
        });
        let words = self.words.as_ref();
        let words = words.filter(|_| !self.found.contains(kind.name()));
        in_state && words.is_none_or(|words| words.is_in(kind, view))
    }
}

/// Records that are opened one by one to be looked at, or to be shown.
fn opened(
    reader: &Reader<'_>,
    kinds: &[&Kind],
    looking: &Looking,
    list: &Where,
    ask: &Ask,
) -> Result<Page<RecordRow>> {
    let every = looking.is_known(kinds);
    let sort = ORDER.sort(ask.sort.as_deref())?;
    let after = Cursor::read(ask.after.as_deref(), &sort)?;
    let counted = if every && after.is_none() {
        Some(count(reader.conn, SOURCE.from, list)?)
    } else {
        None
    };
    let most = if every { ask.limit + 1 } else { OPENED };
    let found = SOURCE.marks(reader.conn, list, &sort, after.as_ref(), most)?;
    let read_all = found.len() < most;
    let mut page = Page {
        rows: Vec::new(),
        next: None,
        total: None,
        over: false,
    };
    let mut end = None;
    let mut more = !read_all;
    for (mark, id) in found {
        if page.rows.len() == ask.limit {
            more = true;
            break;
        }
        let record = match &id {
            Mark::Bytes(bytes) => RecordId::from_slice(bytes).ok(),
            Mark::Int(_) | Mark::Text(_) => None,
        };
        end = Some(Cursor(sort.name(), mark, id));
        let record = record.ok_or(Error::Internal("a record's id cannot be read"))?;
        let stored = match super::find(reader.conn, reader.core.keys(), &record) {
            Ok(Some(stored)) => stored,
            // Erased: its row is on its way out.
            Ok(None) | Err(Error::Gone(_)) => continue,
            Err(error) => return Err(error),
        };
        let view = View::of(&stored.registers);
        let kind = kinds.iter().find(|kind| kind.name() == stored.header.kind);
        let kind = kind.ok_or(Error::Internal("a listed record is of another kind"))?;
        if looking.fits(kind, &view) {
            let touched_ms = touched(reader, &stored)?;
            page.rows
                .push(row(reader, kind, &stored, &view, touched_ms)?);
        }
    }
    page.next = match end.filter(|_| more) {
        Some(end) => Some(to_cursor(&end)?),
        None => None,
    };
    Ok(page.counted(counted))
}

/// When something of a record was last accepted, ms.
fn touched(reader: &Reader<'_>, stored: &Stored) -> Result<i64> {
    let mut select = reader
        .conn
        .prepare_cached("SELECT touched_ms FROM record WHERE n = ?1")?;
    Ok(select.query_row(params![stored.n], |row| row.get(0))?)
}

/// A record's row.
pub fn row(
    reader: &Reader<'_>,
    kind: &Kind,
    stored: &Stored,
    view: &View,
    touched_ms: i64,
) -> Result<RecordRow> {
    let head = reader.head(stored, kind, view);
    let shop = if kind.name() == "shop" {
        Some(ShopFacts::of(reader, kind, &stored.id, view)?)
    } else {
        None
    };
    Ok(RecordRow {
        id: head.id,
        kind: head.kind,
        grid: head.grid,
        title: head.title,
        follows: head.follows,
        conflicts: head.conflicts.len(),
        touched_ms,
        version: head.version,
        shop,
    })
}

/// What is looked for, folded as the stored text is.
pub(super) fn folded(text: &str) -> Vec<String> {
    let words = text.split_whitespace().map(fold);
    words.filter(|word| !word.is_empty()).collect()
}
