//! The working day, without a signal.

use std::{sync::Arc, time::Instant};

use schemas::SchemaSet;
use sync_core::{RecordId, fieldbook::Place};

use super::{
    DemoError, Step,
    town::{Town, code, texts},
};
use crate::street;

/// Shops that an inspector visits in a day.
const STOPS: usize = 20;

/// Everybody walks their grid; two walk into the same shops; the rules and a grid change at noon.
pub(super) fn work(town: &mut Town) -> Result<Step, DemoError> {
    let begun = Instant::now();
    for phone in 0..town.phones.len() {
        walk(town, phone)?;
    }
    for grid in 0..town.grids {
        meet(town, grid)?;
    }
    new_rule(town)?;
    lost_grid(town);
    Ok(Step::new(
        format!("{} changes", town.counts.changes),
        begun.elapsed(),
    ))
}

/// A round of one inspector; the app is closed and opened again on the way.
fn walk(town: &mut Town, phone: usize) -> Result<(), DemoError> {
    let grid = phone % town.grids;
    for stop in 0..STOPS {
        let Some(shop) = any(town, grid) else {
            continue;
        };
        if stop == STOPS / 2
            && let Some(phone) = town.phones.get_mut(phone)
        {
            phone.restart()?;
        }
        visit(town, phone, grid, shop)?;
    }
    Ok(())
}

fn visit(town: &mut Town, phone: usize, grid: usize, shop: RecordId) -> Result<(), DemoError> {
    let place = Place::With(shop);
    let now = town.hub.now_ms;
    let edits = street::visit(&mut town.rng, now);
    town.commit(phone, |book| book.create("visit", &place, &edits))?;
    if town.rng.chance(40) {
        let edits: Vec<_> = street::shop_edit(&mut town.rng).into_iter().collect();
        town.edit(phone, &shop, &edits)?;
    }
    if town.rng.chance(10) {
        let edits = street::licence(&mut town.rng);
        town.edit(phone, &shop, &edits)?;
    }
    if town.rng.chance(15) {
        town.move_in(phone, grid, shop)?;
    }
    if town.rng.chance(10) {
        let edits = street::finding(&mut town.rng, now);
        town.commit(phone, |book| book.create("finding", &place, &edits))?;
    }
    Ok(())
}

/// Two inspectors of a grid find different things in one shop, and move one person out on
/// different days.
fn meet(town: &mut Town, grid: usize) -> Result<(), DemoError> {
    let (first, second) = (grid, grid + town.grids);
    let Some(shop) = any(town, grid) else {
        return Ok(());
    };
    town.edit(
        first,
        &shop,
        &texts(&[("business_type", "6210"), ("sign_name", "梧桐小馆")]),
    )?;
    town.edit(
        second,
        &shop,
        &texts(&[("business_type", "8052"), ("sign_name", "梧桐足浴")]),
    )?;
    let resident = town
        .residents
        .get(grid)
        .and_then(|list| list.first().copied());
    if let Some(resident) = resident {
        for (phone, day) in [(first, "2026-09-18"), (second, "2026-09-20")] {
            let edits = texts(&[("state", "moved-out"), ("moved_out", day)]);
            town.edit(phone, &resident, &edits)?;
        }
    }
    Ok(())
}

/// At noon the area decides that only supervisors write a shop's gas. A phone that has not heard
/// of it writes it all the same, and more about the same shop after that.
fn new_rule(town: &mut Town) -> Result<(), DemoError> {
    for gas in ["bottled", "piped"] {
        let Some(shop) = any(town, 0) else {
            return Ok(());
        };
        if town.edit(0, &shop, &texts(&[("gas", gas)]))? {
            town.edit(0, &shop, &texts(&[("lease_end", "2027-05-31")]))?;
            town.edit(
                0,
                &shop,
                &texts(&[("area_band", "over-300"), ("gas", "none")]),
            )?;
            town.edit(0, &shop, &texts(&[("lease_end", "2028-02-29")]))?;
        }
    }
    if let Some(schemas) = without_gas() {
        town.hub.schemas = schemas;
    }
    Ok(())
}

/// The built-in schemas, but inspectors may not write `gas`.
fn without_gas() -> Option<Arc<SchemaSet>> {
    const OPEN: &str = "zh = \"用气\", en = \"Gas\", type = \"choice\", codes = \"gas\",";
    let barred = format!("{OPEN} write = [\"supervisor\"],");
    let files: Vec<(&str, String)> = schemas::builtin::FILES
        .iter()
        .map(|file| (file.name, file.text.replace(OPEN, &barred)))
        .collect();
    let sources: Vec<_> = files
        .iter()
        .map(|(name, text)| schemas::SourceFile { name, text })
        .collect();
    SchemaSet::parse(&sources).ok().map(Arc::new)
}

/// The last phone's inspector takes over another grid in the afternoon, with a day's work of the
/// old one still unsent.
fn lost_grid(town: &mut Town) {
    let Some(device) = town.phones.last().map(crate::world::Phone::device) else {
        return;
    };
    let old = (town.phones.len() - 1) % town.grids;
    let next = code(if town.grids > 1 {
        (old + 1) % town.grids
    } else {
        1
    });
    town.hub.recertify(device, |certificate| {
        certificate
            .grids
            .iter_mut()
            .for_each(|grant| next.clone_into(&mut grant.grid));
    });
}

/// Any shop of a grid.
fn any(town: &mut Town, grid: usize) -> Option<RecordId> {
    let shops = town.shops.get(grid)?;
    town.rng.pick(shops).copied()
}
