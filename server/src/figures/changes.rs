//! 业态变动报送率: of the changes of trade that are known those that an inspector reported first.

use rusqlite::params_from_iter;

use super::month::{ByGrid, add};
use crate::{error::Result, lists::Where, records::detail::Reader};

/// Known are the month's cases of changed trades, and shops that a registration list of the month
/// has under another trade than we do, which nobody had reported.
pub(super) fn reported(
    reader: &Reader<'_>,
    (from, to): (i64, i64),
    all: &mut ByGrid,
) -> Result<()> {
    let mut list = Where::default();
    list.fixed("type = 'business'");
    list.areas("grid", &reader.who.areas);
    list.with("received_ms >= ?", from);
    list.with("received_ms < ?", to);
    let cases = format!(
        "SELECT grid, sum(EXISTS (SELECT 1 FROM case_reporter r WHERE r.case_id = case_file.id)),
                count(*)
         FROM case_file WHERE {} GROUP BY grid",
        list.sql()
    );
    count(reader, &cases, &list, all)?;
    let mut list = Where::default();
    list.fixed("instr(r.differs, 'business_type') > 0");
    list.areas("r.grid", &reader.who.areas);
    list.with("l.created_ms >= ?", from);
    list.with("l.created_ms < ?", to);
    let unreported = format!(
        "SELECT r.grid, 0, count(DISTINCT r.shop)
         FROM registration_row r JOIN registration_list l ON l.id = r.list
         WHERE {} GROUP BY r.grid",
        list.sql()
    );
    count(reader, &unreported, &list, all)
}

fn count(reader: &Reader<'_>, sql: &str, list: &Where, all: &mut ByGrid) -> Result<()> {
    let mut select = reader.conn.prepare(sql)?;
    let mut rows = select.query(params_from_iter(&list.values))?;
    while let Some(row) = rows.next()? {
        let grid: String = row.get(0)?;
        add(all, Some(&grid), "changes", (row.get(1)?, row.get(2)?));
    }
    Ok(())
}
