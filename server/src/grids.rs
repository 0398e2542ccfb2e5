//! Grids as a list: how much is in each, who walks it, its outline.

use std::collections::BTreeMap;

use rusqlite::{Connection, params_from_iter, types::Value};
use schemas::{SchemaSet, area::Level};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    error::Result,
    identity::Principal,
    lists::{Ask, Key, Made, Mark, Order, Page, area_code, page_of},
    outlines,
    records::values::Words,
};

/// A grid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct GridOut {
    /// Its code.
    pub grid: String,
    /// Its name, where the schemas have one.
    pub label: Option<Words>,
    /// Shops in it.
    pub shops: u64,
    /// Shops with an open conflict.
    pub conflicted: u64,
    /// Inspectors who walk it.
    pub inspectors: u64,
    /// Its outline as a polygon of RFC 7946, where somebody drew it.
    pub outline: Option<outlines::Polygon>,
}

/// Which grids.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct GridFilter {
    /// Code of a grid or of an area above.
    pub grid: Option<String>,
    /// Whether somebody drew its outline.
    pub drawn: Option<bool>,
    /// `grid` (usual), `shops`, `conflicted`, `inspectors`; with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const ORDER: Order = Order {
    keys: &[
        Key::made("grid"),
        Key::made("shops"),
        Key::made("conflicted"),
        Key::made("inspectors"),
    ],
    id: "",
    down: false,
};

/// The grids of somebody's areas.
pub fn list(
    conn: &Connection,
    schemas: &SchemaSet,
    who: &Principal,
    filter: &GridFilter,
    ask: &Ask,
) -> Result<Page<GridOut>> {
    let sort = ORDER.sort(ask.sort.as_deref())?;
    let area = filter.grid.as_deref().map(area_code).transpose()?;
    let mut made = Vec::new();
    for grid in all(conn, schemas, who)? {
        let here = area.is_none_or(|area| grid.grid.starts_with(area));
        let drawn = grid.outline.is_some();
        if here && filter.drawn.is_none_or(|wanted| wanted == drawn) {
            let count = |number: u64| Mark::Int(i64::try_from(number).unwrap_or(i64::MAX));
            made.push(Made {
                key: match sort.key.name {
                    "shops" => count(grid.shops),
                    "conflicted" => count(grid.conflicted),
                    "inspectors" => count(grid.inspectors),
                    _ => Mark::Text(grid.grid.clone()),
                },
                id: Mark::Text(grid.grid.clone()),
                row: grid,
            });
        }
    }
    page_of(made, &sort, ask)
}

/// Those that the schemas name, that are walked, or that hold a shop.
fn all(conn: &Connection, schemas: &SchemaSet, who: &Principal) -> Result<Vec<GridOut>> {
    let mut grids: BTreeMap<String, GridOut> = BTreeMap::new();
    for area in schemas.areas() {
        if area.level == Level::Grid && who.covers(&area.code) {
            let grid = GridOut {
                label: Some(Words::of(&area.labels)),
                ..GridOut::default()
            };
            grids.insert(area.code.clone(), grid);
        }
    }
    let mut values: Vec<Value> = Vec::new();
    let scope = who.scope_sql("grid", &mut values);
    let sql = format!(
        "SELECT grid, count(*), sum(conflicted > 0), 0 FROM record
         WHERE kind = 'shop' AND placed = 1 AND alive = 1 AND merged_into IS NULL AND {scope}
         GROUP BY grid
         UNION ALL SELECT grid, 0, 0, count(*) FROM duty WHERE {scope} GROUP BY grid"
    );
    let twice = values.iter().chain(&values);
    let mut select = conn.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(twice))?;
    while let Some(row) = rows.next()? {
        let grid = grids.entry(row.get(0)?).or_default();
        grid.shops += row.get::<_, u64>(1)?;
        grid.conflicted += row.get::<_, u64>(2)?;
        grid.inspectors += row.get::<_, u64>(3)?;
    }
    let named = grids.into_iter().map(|(code, grid)| {
        Ok(GridOut {
            outline: outlines::outline(conn, &code)?,
            grid: code,
            ..grid
        })
    });
    named.collect()
}
