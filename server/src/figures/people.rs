//! 信息采集率: of the residents that are registered those whose form lacks nothing, as it stands.

use rusqlite::params_from_iter;
use schemas::Values;
use sync_core::{RecordId, record::View};

use super::month::{ByGrid, add};
use crate::{
    error::{Error, Result},
    lists::Where,
    records::detail::Reader,
};

/// Residents that are looked at, at most.
const LOOKED_AT: usize = 50_000;

pub(super) fn complete(reader: &Reader<'_>, all: &mut ByGrid) -> Result<()> {
    let kind = reader.schemas.kind("resident");
    let Some(kind) = kind.filter(|kind| kind.may_read_kind(&reader.who.author())) else {
        return Ok(());
    };
    let mut list = Where::default();
    list.fixed("kind = 'resident' AND placed = 1 AND alive = 1 AND merged_into IS NULL");
    list.areas("grid", &reader.who.areas);
    let sql = format!(
        "SELECT id, grid FROM record WHERE {} LIMIT {LOOKED_AT}",
        list.sql()
    );
    let mut select = reader.conn.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(&list.values))?;
    while let Some(row) = rows.next()? {
        let (id, grid): (RecordId, String) = (RecordId(row.get(0)?), row.get(1)?);
        let stored = match reader.find(&id) {
            Ok(stored) => stored,
            Err(Error::Gone(_) | Error::NotFound(_)) => continue,
            Err(error) => return Err(error),
        };
        let view = View::of(&stored.registers);
        let values: &dyn Values = &view;
        let lacks = !kind.required_missing(values, None).is_empty();
        add(all, Some(&grid), "complete", (u32::from(!lacks), 1));
    }
    Ok(())
}
