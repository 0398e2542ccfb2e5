//! Who looks at a door: an inspector of the same street who does not walk its grid.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use sync_core::DeviceId;

use super::act::Checker;
use crate::error::{Error, Result};

/// Digits of a street's code.
const STREET: usize = 9;

/// The inspectors of a street who have a phone, with the grids they walk.
struct Candidate {
    checker: Checker,
    grids: Vec<String>,
}

/// Hands out doors: each to whoever has the fewest of the draw so far.
#[derive(Default)]
pub(super) struct Checkers {
    streets: BTreeMap<String, Vec<Candidate>>,
    given: BTreeMap<String, usize>,
}

impl Checkers {
    /// Somebody to look at a door of a grid.
    pub(super) fn of(&mut self, conn: &Connection, grid: &str) -> Result<Option<Checker>> {
        let street = grid.get(..STREET).unwrap_or(grid).to_owned();
        if !self.streets.contains_key(&street) {
            let found = candidates(conn, &street)?;
            self.streets.insert(street.clone(), found);
        }
        let all = self.streets.get(&street).map(Vec::as_slice);
        let others = all.unwrap_or_default().iter();
        let others = others.filter(|one| !one.grids.iter().any(|own| own == grid));
        let given = |code: &String| self.given.get(code).copied().unwrap_or_default();
        let fewest = others.min_by_key(|one| (given(&one.checker.code), &one.checker.code));
        let checker = fewest.map(|one| one.checker.clone());
        if let Some(checker) = &checker {
            *self.given.entry(checker.code.clone()).or_default() += 1;
        }
        Ok(checker)
    }
}

fn candidates(conn: &Connection, street: &str) -> Result<Vec<Candidate>> {
    let mut select = conn.prepare_cached(
        "SELECT i.code, u.grid,
                (SELECT d.id FROM device d WHERE d.inspector = i.id AND d.revoked_ms IS NULL
                   AND d.confirmed_ms IS NOT NULL ORDER BY d.last_seen_ms DESC, d.id LIMIT 1)
         FROM inspector i JOIN duty u ON u.inspector = i.id
         WHERE i.state = 'active' AND EXISTS (SELECT 1 FROM duty o WHERE o.inspector = i.id
               AND o.grid >= ?1 AND o.grid < ?1 || ':')
         ORDER BY i.code, u.grid",
    )?;
    let rows = select.query_map(params![street], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, Option<[u8; 6]>>(2)?.map(DeviceId),
        ))
    })?;
    let mut found: Vec<Candidate> = Vec::new();
    for row in rows {
        let (code, grid, Some(device)) = row? else {
            continue;
        };
        match found.last_mut().filter(|last| last.checker.code == code) {
            Some(last) => last.grids.push(grid),
            None => found.push(Candidate {
                checker: Checker { code, device },
                grids: vec![grid],
            }),
        }
    }
    Ok(found)
}

/// A checker by staff number, for a door of a grid.
pub(super) fn named(conn: &Connection, grid: &str, code: &str) -> Result<Checker> {
    let street = grid.get(..STREET).unwrap_or(grid);
    let all = candidates(conn, street)?;
    let found = all.into_iter().find(|one| one.checker.code == code);
    let found = found.ok_or(Error::invalid(
        "checker",
        "no inspector of this street with a phone has this number",
    ))?;
    if found.grids.iter().any(|own| own == grid) {
        return Err(Error::invalid("checker", "they walk this grid themselves"));
    }
    Ok(found.checker)
}
