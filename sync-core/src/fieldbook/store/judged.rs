//! What spot checks said of own grids.

use super::Store;
use crate::{cbor, fieldbook::error::Result, sync::GridFigures};

const TABLE: &str = "judged";
/// Rows that are kept at most, of the last months.
const MAX_ROWS: u32 = 240;

impl Store {
    pub(in crate::fieldbook) fn put_judged(&self, figures: &GridFigures) -> Result<()> {
        let (month, grid) = (&figures.month, &figures.grid);
        let sealed = self.seal(TABLE, &row(month, grid), &cbor::to_vec(figures))?;
        self.connection
            .prepare_cached(
                "INSERT INTO judged (month, grid, sealed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (month, grid) DO UPDATE SET sealed = excluded.sealed",
            )?
            .execute((month, grid, &sealed))?;
        self.connection
            .prepare_cached(
                "DELETE FROM judged WHERE (month, grid) IN
                 (SELECT month, grid FROM judged ORDER BY month DESC, grid LIMIT -1 OFFSET ?1)",
            )?
            .execute([MAX_ROWS])?;
        Ok(())
    }

    /// Every figure that the server told, the latest month first, grids by number.
    pub(in crate::fieldbook) fn judged(&self) -> Result<Vec<GridFigures>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT month, grid, sealed FROM judged ORDER BY month DESC, grid")?;
        let mut rows = statement.query([])?;
        let mut judged = Vec::new();
        while let Some(found) = rows.next()? {
            let name = row(&found.get::<_, String>(0)?, &found.get::<_, String>(1)?);
            let sealed = found.get_ref(2)?.as_blob().unwrap_or_default();
            judged.push(cbor::from_slice(&self.open_row(TABLE, &name, sealed)?)?);
        }
        Ok(judged)
    }
}

fn row(month: &str, grid: &str) -> Vec<u8> {
    format!("{month}/{grid}").into_bytes()
}
