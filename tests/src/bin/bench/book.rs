//! Books to measure on: recorded by one phone, fetched by another as a pack.

use std::path::{Path, PathBuf};

use gridbook_tests::{
    hub::Hub,
    street::{self, GRIDS, Person},
    world::{Broken, Phone, Rng, Storage},
};
use sync_core::{
    RecordId,
    change::prove,
    fieldbook::{FieldbookError, Place},
    record::{Edit, EditError},
};

use crate::Result;

/// The reading phone's seed: its data key follows from it.
pub(crate) const SEED: u64 = 77;
/// Server time when a world begins.
pub(crate) const NOW: i64 = 1_790_000_000_000;
/// The grid of all records.
pub(crate) const GRID: &str = GRIDS[0];
/// Entries of a response: parts of packs stay below their 64 KiB.
const PAGE: usize = 256;

/// A hub and the shops that it knows.
pub(crate) struct World {
    pub(crate) hub: Hub,
    pub(crate) shops: Vec<RecordId>,
    pub(crate) rng: Rng,
}

/// A hub with so many shops and so many other records of them, recorded by one phone.
pub(crate) fn world(seed: u64, shops: usize, others: usize) -> Result<World> {
    let mut hub = gridbook_tests::world::hub(seed);
    hub.page = PAGE;
    let mut rng = Rng::new(seed);
    let mut maker = Phone::enrolled(&mut hub, Storage::Memory, 1_000 + seed, "王", &[GRID])?;
    let mut known = Vec::with_capacity(shops);
    let mut now = hub.now_ms;
    for number in 0..shops {
        now += later(&mut rng);
        maker.host.set(now);
        let edits = street::shop(&mut rng, number);
        let made = maker
            .book
            .create("shop", &Place::Grid(GRID.to_owned()), &edits)?;
        known.push(made.record);
    }
    for number in 0..others {
        now += later(&mut rng);
        maker.host.set(now);
        let Some(shop) = rng.pick(&known).copied() else {
            break;
        };
        let person = Person::any(&mut rng);
        let (kind, edits) = match number % 5 {
            0 => ("party", street::party(&mut rng)),
            1 => ("resident", street::resident(&mut rng, &person)),
            2 => ("worker", street::worker(&mut rng, &person)),
            3 => ("visit", street::visit(&mut rng, now)),
            _ => ("finding", street::finding(&mut rng, now)),
        };
        maker.book.create(kind, &Place::With(shop), &edits)?;
    }
    hub.now_ms = now;
    sync(&mut maker, &mut hub)?;
    let records = hub.records().count();
    if records == shops + others {
        Ok(World {
            hub,
            shops: known,
            rng,
        })
    } else {
        Err(format!("{records} records instead of {}", shops + others).into())
    }
}

fn later(rng: &mut Rng) -> i64 {
    20_000 + i64::try_from(rng.below(90_000)).unwrap_or(0)
}

/// A phone with a book in a file, enrolled and empty.
pub(crate) fn reader(world: &mut World, path: &Path) -> Result<Phone> {
    let storage = Storage::File(path.to_string_lossy().into_owned());
    Ok(Phone::enrolled(
        &mut world.hub,
        storage,
        SEED,
        "李",
        &[GRID],
    )?)
}

/// A whole session without faults.
pub(crate) fn sync(phone: &mut Phone, hub: &mut Hub) -> Result<()> {
    match phone.sync(hub) {
        Ok(report) if report.complete => Ok(()),
        Ok(_) => Err("the session did not finish".into()),
        Err(Broken::Line) => Err("the hub did not understand the phone".into()),
        Err(Broken::Phone(error)) => Err(error.into()),
    }
}

/// Edits a record; false where nothing differed.
pub(crate) fn edit(phone: &mut Phone, record: &RecordId, edits: &[Edit]) -> Result<bool> {
    match phone.book.edit(record, edits) {
        Ok(_) => Ok(true),
        Err(FieldbookError::Edit(EditError::NothingChanged)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Three changed things in each of so many shops, minutes apart.
pub(crate) fn edit_shops(world: &mut World, phone: &mut Phone, shops: usize) -> Result<()> {
    let start = world.rng.below(world.shops.len());
    let some: Vec<RecordId> = world
        .shops
        .iter()
        .cycle()
        .skip(start)
        .take(shops)
        .copied()
        .collect();
    for shop in some {
        let mut made = 0;
        while made < 3 {
            world.hub.now_ms += later(&mut world.rng);
            phone.host.set(world.hub.now_ms);
            let edits: Vec<Edit> = street::shop_edit(&mut world.rng).into_iter().collect();
            made += usize::from(edit(phone, &shop, &edits)?);
        }
    }
    Ok(())
}

/// All records' documents, each with its length before it.
pub(crate) fn write_snapshots(hub: &Hub, folder: &Path) -> Result<PathBuf> {
    let mut bytes = Vec::new();
    for (_, record) in hub.records() {
        let snapshot = prove(&record.state)?;
        bytes.extend_from_slice(&u32::try_from(snapshot.len())?.to_be_bytes());
        bytes.extend_from_slice(&snapshot);
    }
    let path = folder.join("snapshots");
    std::fs::write(&path, bytes)?;
    Ok(path)
}
