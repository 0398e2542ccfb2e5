//! Monthly rosters 名册: filed as a whole; what comes later for the same month is a supplement 补报.

use rusqlite::params;
use schemas::access::Role;

use super::{
    act::check_reason,
    clock, items,
    object::{Object, Person},
};
use crate::{
    error::{Error, OrNotFound as _, Result},
    hex::{hex, unhex},
    identity::Principal,
    store::Tx,
};

/// Rows that are filed at once.
const ROWS_MAX: usize = 5_000;

/// Files all rows of a month that are open in an area: the roster, or the next supplement. Its
/// number, 1 for the roster itself, and how many rows it has.
pub fn accept(
    tx: &mut Tx<'_>,
    month: &str,
    area: Option<&str>,
    reason: &str,
    who: &Principal,
) -> Result<(u32, usize)> {
    let office = who.office.clone().filter(|_| who.role.is_office());
    let office = office.ok_or(Error::Forbidden(
        "rosters are filed by the office they are for",
    ))?;
    if who.role != Role::OfficeHead && who.role != Role::OfficeClerk {
        return Err(Error::Forbidden(
            "rosters are filed by the office they are for",
        ));
    }
    check_reason(reason)?;
    need_past(month, tx.now_ms())?;
    let area = match (area, who.areas.as_slice()) {
        (Some(area), _) if who.covers(area) => area.to_owned(),
        (None, [only]) => only.clone(),
        _ => return Err(Error::invalid("area", "say which of your areas")),
    };
    let mut select = tx.conn().prepare_cached(
        "SELECT uid FROM item JOIN item_ref ON item_ref.item = item.id
         WHERE office = ?1 AND how = 'monthly' AND month = ?2 AND state = 'open'
           AND substr(grid, 1, length(?3)) = ?3
         ORDER BY item.id LIMIT ?4",
    )?;
    let rows = select.query_map(params![office, month, area, ROWS_MAX + 1], |row| {
        row.get::<_, [u8; 16]>(0)
    })?;
    let uids = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    if uids.is_empty() {
        return Err(Error::Conflict("nothing is open in this month's roster"));
    }
    if uids.len() > ROWS_MAX {
        return Err(Error::TooLarge(
            "a roster has at most 5,000 rows: file it by smaller areas",
        ));
    }
    let person = Person::from(who);
    let object = Object {
        items: uids.iter().map(|uid| hex(uid)).collect(),
        month: Some(month.to_owned()),
        area: Some(area),
        ..Object::by(&person)
    };
    let number = accept_as(tx, &object, reason, &person)?;
    tx.journal_act(&person.login, "roster.accept", &object.text()?, reason)?;
    Ok((number, uids.len()))
}

/// The same from what the journal says of it.
pub(super) fn accept_as(tx: &Tx<'_>, object: &Object, reason: &str, who: &Person) -> Result<u32> {
    let conn = tx.conn();
    let read = || {
        Some((
            object.office.as_deref()?,
            object.month.as_deref()?,
            object.area.as_deref()?,
        ))
    };
    let (office, month, area) = read().ok_or(super::object::UNREADABLE)?;
    let number: u32 = conn
        .prepare_cached(
            "SELECT coalesce(max(number), 0) + 1 FROM roster
             WHERE office = ?1 AND month = ?2 AND area = ?3",
        )?
        .query_row(params![office, month, area], |row| row.get(0))?;
    conn.prepare_cached(
        "INSERT INTO roster (office, month, area, number, actor, time_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![office, month, area, number, who.login, tx.now_ms()])?;
    let roster = conn.last_insert_rowid();
    for uid in &object.items {
        let uid = unhex(uid).or_not_found(items::ITEM)?;
        let item = items::by_uid(conn, &uid)?;
        items::write_mark(tx, item.id, "filed", "done", reason, who, Some(roster))?;
    }
    Ok(number)
}

/// A roster is filed once its month is over.
fn need_past(month: &str, now_ms: i64) -> Result<()> {
    let shape = Error::invalid("month", "YYYY-MM");
    let number =
        |at: std::ops::Range<usize>| month.get(at).and_then(|part| part.parse::<i16>().ok());
    let parts = number(0..4).zip(number(5..7));
    let (year, of_year) = parts.ok_or(shape)?;
    if month.len() != 7 || month.get(4..5) != Some("-") || !(1..=12).contains(&of_year) {
        return Err(Error::invalid("month", "YYYY-MM"));
    }
    let today = clock::date_of(now_ms).map_err(|_| Error::Internal("the clock is out of range"))?;
    if (year, of_year) >= (today.year(), i16::from(today.month())) {
        return Err(Error::Conflict("the month is not over"));
    }
    Ok(())
}
