//! Reading a page of a list.

use std::fmt::Write as _;

use rusqlite::{Connection, Row, params, params_from_iter, types::Value};

use super::{
    order::{Ask, Cursor, Mark, Order, Sort},
    page::{COUNTED, Page},
    wanted::Where,
};
use crate::error::Result;

/// Where the rows of a list come from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The columns of a row.
    pub columns: &'a str,
    /// The tables that conditions and keys need.
    pub from: &'a str,
    /// Further joins that only the columns need.
    pub beside: &'a str,
    /// What it is sorted by.
    pub order: &'a Order,
}

impl Source<'_> {
    /// A page, with the number of all rows on the first one.
    pub fn page<T>(
        &self,
        conn: &Connection,
        list: &Where,
        ask: &Ask,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Page<T>> {
        // Row by row: within a sort, columns would be worked out for rows that no page shows.
        let sql = format!(
            "SELECT {} FROM {} {} WHERE {} = ?1",
            self.columns, self.from, self.beside, self.order.id
        );
        let mut select = conn.prepare_cached(&sql)?;
        let ids = self.ids(conn, list, ask)?;
        ids.with(|id| Ok(Some(select.query_row(params![id], &mut read)?)))
    }

    /// The same with ids alone.
    pub(crate) fn ids(&self, conn: &Connection, list: &Where, ask: &Ask) -> Result<Page<Mark>> {
        let sort = self.order.sort(ask.sort.as_deref())?;
        let after = Cursor::read(ask.after.as_deref(), &sort)?;
        let counted = match after {
            None => Some(count(conn, self.from, list)?),
            Some(_) => None,
        };
        let marks = self.marks(conn, list, &sort, after.as_ref(), ask.limit + 1)?;
        let end = |(key, id): &(Mark, Mark)| Cursor(sort.name(), key.clone(), id.clone());
        let page = Page::of(marks, ask.limit, end)?.counted(counted);
        page.with(|(_, id)| Ok(Some(id)))
    }

    /// Keys and ids of the rows behind a cursor, in order.
    pub(crate) fn marks(
        &self,
        conn: &Connection,
        list: &Where,
        sort: &Sort,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<(Mark, Mark)>> {
        let (key, id) = (sort.key.sql, self.order.id);
        let by_id = key == id;
        let (way, than) = if sort.down {
            ("DESC", "<")
        } else {
            ("ASC", ">")
        };
        let mut values: Vec<Value> = list.values.clone();
        let mut sql = format!("SELECT {key}, {id} FROM {} WHERE {}", self.from, list.sql());
        match after {
            Some(Cursor(_, _, id_then)) if by_id => {
                let _ = write!(sql, " AND {id} {than} ?");
                values.push(id_then.clone().into());
            }
            Some(Cursor(_, key_then, id_then)) => {
                let _ = write!(sql, " AND ({key}, {id}) {than} (?, ?)");
                values.extend([key_then.clone().into(), id_then.clone().into()]);
            }
            None => {}
        }
        let _ = if by_id {
            write!(sql, " ORDER BY {id} {way} LIMIT ?")
        } else {
            write!(sql, " ORDER BY {key} {way}, {id} {way} LIMIT ?")
        };
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        let mut select = conn.prepare(&sql)?;
        let rows = select.query_map(params_from_iter(values), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// How many rows there are, [`COUNTED`] and one more at most.
pub(crate) fn count(conn: &Connection, from: &str, list: &Where) -> Result<u64> {
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {} LIMIT {})",
        list.sql(),
        COUNTED + 1
    );
    let count = |row: &Row<'_>| row.get(0);
    Ok(conn.query_row(&sql, params_from_iter(&list.values), count)?)
}
