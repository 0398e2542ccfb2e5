//! An office's inbox 收件箱: what a clerk does with an item.

use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::access::Role;
use serde::{Deserialize, Serialize};
use sync_core::{DeviceId, RecordId};

use super::{
    act::check_reason,
    object::{Object, Person},
    open,
    tasks::{self, TaskRequest},
    told,
};
use crate::{
    app::News,
    error::{Error, OrNotFound as _, Result},
    hex::hex,
    identity::Principal,
    store::Tx,
};

/// The office that enters people into a system of its own.
pub(super) const POPULATION: &str = "population-office";

/// What people call an item that is not there for them.
pub(super) const ITEM: &str = "item";

/// What an office did with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// 已录入: entered into the office's own system.
    Entered,
    /// 已存在: it was there already.
    Existing,
    /// 退回补采: to be collected again; a task goes to the inspector.
    Back,
    /// Taken note of.
    Done,
    /// Nothing is to be done about it: only a head of the office says so.
    Void,
}

impl Mark {
    /// Its code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Existing => "existing",
            Self::Back => "back",
            Self::Done => "done",
            Self::Void => "void",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        let all = [
            Self::Entered,
            Self::Existing,
            Self::Back,
            Self::Done,
            Self::Void,
        ];
        all.into_iter().find(|mark| mark.as_str() == code)
    }

    /// The item's state then.
    const fn state(self) -> &'static str {
        match self {
            Self::Entered | Self::Existing | Self::Done => "done",
            Self::Back => "back",
            Self::Void => "void",
        }
    }

    /// Whether an office says this of its items.
    fn is_for(self, office: &str) -> bool {
        match self {
            Self::Entered | Self::Existing | Self::Back => office == POPULATION,
            Self::Done => office != POPULATION,
            Self::Void => true,
        }
    }
}

/// A mark with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkInput {
    /// The mark.
    pub mark: Mark,
    /// Why; for `back`, what is to be collected again.
    #[serde(default)]
    pub reason: String,
}

/// An item's row.
#[derive(Clone, Debug)]
pub(super) struct ItemRow {
    pub(super) id: i64,
    pub(super) rule: String,
    pub(super) record: RecordId,
    pub(super) cause: Vec<u8>,
    pub(super) kind: String,
    pub(super) grid: String,
    pub(super) office: String,
    pub(super) form: String,
    pub(super) device: DeviceId,
    pub(super) created_ms: i64,
    pub(super) state: String,
    pub(super) version: u64,
}

pub(super) fn get(conn: &Connection, id: i64) -> Result<ItemRow> {
    let mut select = conn.prepare_cached(
        "SELECT id, rule, record, cause, kind, grid, office, form, device, created_ms, state,
                version
         FROM item WHERE id = ?1",
    )?;
    let row = select.query_row(params![id], |row| {
        Ok(ItemRow {
            id: row.get(0)?,
            rule: row.get(1)?,
            record: RecordId(row.get(2)?),
            cause: row.get(3)?,
            kind: row.get(4)?,
            grid: row.get(5)?,
            office: row.get(6)?,
            form: row.get(7)?,
            device: DeviceId(row.get(8)?),
            created_ms: row.get(9)?,
            state: row.get(10)?,
            version: row.get(11)?,
        })
    });
    row.or_not_found(ITEM)
}

/// The item that the journal calls so.
pub(super) fn by_uid(conn: &Connection, uid: &[u8; 16]) -> Result<ItemRow> {
    let id = conn
        .prepare_cached("SELECT item FROM item_ref WHERE uid = ?1")?
        .query_row(params![uid], |row| row.get(0))
        .or_not_found(ITEM)?;
    get(conn, id)
}

/// An item that this person's office has to do with.
pub(super) fn visible(conn: &Connection, id: i64, who: &Principal) -> Result<ItemRow> {
    let item = get(conn, id)?;
    who.need_area(&item.grid, ITEM)?;
    let own = who.role.is_office() && who.office.as_deref() == Some(item.office.as_str());
    own.then_some(item).ok_or(Error::NotFound(ITEM))
}

/// Says what the office did with an item, if it still has this version; its new version.
pub fn mark(
    tx: &mut Tx<'_>,
    id: i64,
    version: u64,
    input: &MarkInput,
    who: &Principal,
) -> Result<u64> {
    let item = visible(tx.conn(), id, who)?;
    if item.version != version {
        return Err(Error::Stale);
    }
    check_reason(&input.reason)?;
    if input.mark == Mark::Void && who.role != Role::OfficeHead {
        return Err(Error::Forbidden(
            "only a head of the office says that nothing is to be done",
        ));
    }
    let person = Person::from(who);
    mark_as(tx, &item, input.mark, &input.reason, &person)?;
    let object = Object {
        item: Some(hex(&open::uid(&item))),
        mark: Some(input.mark.as_str().to_owned()),
        ..Object::by(&person)
    };
    tx.journal_act(&person.login, "item.mark", &object.text()?, &input.reason)?;
    tx.announce(News::Office(item.office));
    Ok(item.version + 1)
}

/// The same from the journal.
pub(super) fn mark_again(
    tx: &mut Tx<'_>,
    object: &Object,
    item: &ItemRow,
    reason: &str,
    who: &Person,
) -> Result<()> {
    let mark = object.mark.as_deref().and_then(Mark::parse);
    mark_as(
        tx,
        item,
        mark.ok_or(super::object::UNREADABLE)?,
        reason,
        who,
    )
}

fn mark_as(tx: &mut Tx<'_>, item: &ItemRow, mark: Mark, reason: &str, who: &Person) -> Result<()> {
    if !["open", "back"].contains(&item.state.as_str()) {
        return Err(Error::Conflict("this item was settled"));
    }
    if item.form == "item_then_case" && mark != Mark::Void {
        return Err(Error::Conflict("this item is filed as a case, or void"));
    }
    if !mark.is_for(&item.office) {
        return Err(Error::invalid("mark", "not a mark of this office"));
    }
    if matches!(mark, Mark::Back | Mark::Void) && reason.trim().is_empty() {
        return Err(Error::invalid("reason", "this mark needs a reason"));
    }
    write_mark(tx, item.id, mark.as_str(), mark.state(), reason, who, None)?;
    if mark == Mark::Back {
        let task = TaskRequest {
            kind: "recollect",
            item: Some(item.id),
            case: None,
            record: Some(item.record),
            grid: item.grid.clone(),
            device: Some(item.device),
            reason: reason.to_owned(),
            door: None,
            due_ms: None,
        };
        tasks::request(tx, &who.login, &task)?;
    }
    if item.form == "item_then_case" {
        told::tell_void(tx, item)?;
    }
    Ok(())
}

/// Writes a line of the item's history and its state.
pub(super) fn write_mark(
    tx: &Tx<'_>,
    item: i64,
    mark: &str,
    state: &str,
    reason: &str,
    who: &Person,
    roster: Option<i64>,
) -> Result<()> {
    let conn = tx.conn();
    conn.prepare_cached(
        "INSERT INTO item_mark (item, ord, mark, actor, reason, time_ms, roster)
         SELECT ?1, coalesce(max(ord), 0) + 1, ?2, ?3, ?4, ?5, ?6
         FROM item_mark WHERE item = ?1",
    )?
    .execute(params![item, mark, who.login, reason, tx.now_ms(), roster])?;
    conn.prepare_cached("UPDATE item SET state = ?2, version = version + 1 WHERE id = ?1")?
        .execute(params![item, state])?;
    Ok(())
}

/// 录入状态 of a record at the population office: the last mark of any of its items; none while it
/// is to be entered, or where it never went there.
pub fn entry_state(conn: &Connection, record: &RecordId) -> Result<Option<Mark>> {
    let code: Option<String> = conn
        .prepare_cached(
            "SELECT mark FROM item_mark JOIN item ON item.id = item_mark.item
             WHERE record = ?1 AND office = ?2
             ORDER BY time_ms DESC, item DESC, ord DESC LIMIT 1",
        )?
        .query_row(params![record.0, POPULATION], |row| row.get(0))
        .optional()?;
    Ok(code.as_deref().and_then(Mark::parse))
}
