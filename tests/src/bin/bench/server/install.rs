//! Idle phones at a small and a large server, and first installs.

use std::time::Instant;

use gridbook_tests::{
    central::Central,
    street::GRIDS,
    world::{Phone, Storage},
};

use super::load::{central, load, load_in, peak_bytes, processor_of_all, request, send};
use crate::{
    Result, Setting,
    measure::{Samples, float},
    table::{Figure, Row},
};

const IDLE: usize = 500;
const INSTALLED: usize = 1_500;
const INSTALLS: usize = 5;

pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (records, phones, each) in [(1_000, 8, 125), (100_000, 160, 625)] {
        let mut central = central(&setting.folder, "idle")?;
        let (requests, _) = load(&mut central, setting.seed, phones, each, 1)?;
        for request in &requests {
            central.sync(request.device, &request.bytes)?;
        }
        central.settle();
        rows.extend(idle(setting, &mut central, records)?);
        central.stop();
    }
    rows.extend(installs(setting)?);
    Ok(rows)
}

fn idle(setting: &Setting, central: &mut Central, records: usize) -> Result<Vec<Row>> {
    let grid = GRIDS.first().ok_or("no grid")?;
    let mut phone = Phone::enrolled(central, Storage::Memory, setting.seed + 9, "王五", &[grid])?;
    phone.sync(central).map_err(|_| "the line broke")?;
    let request = request(&mut phone)?;
    let mut times = Vec::new();
    let mut bytes = 0;
    let cpu = processor_of_all()?;
    for _ in 0..IDLE {
        let begun = Instant::now();
        let answer = central.sync(request.device, &request.bytes)?;
        times.push(begun.elapsed().as_secs_f64());
        bytes = answer.len() + request.bytes.len();
    }
    let cpu = processor_of_all()?.saturating_sub(cpu).as_secs_f64() / float(IDLE);
    let name = format!("nothing changed, server with {records} records");
    Ok(vec![
        Row::bytes(format!("{name}: bytes both ways"), bytes).target(Figure::Bytes(1_000.0)),
        Row::time(format!("{name}: processor"), &Samples::of(vec![cpu]))
            .of(IDLE)
            .target(Figure::Seconds(0.001)),
        Row::time(format!("{name}: answered in"), &Samples::of(times)),
    ])
}

fn installs(setting: &Setting) -> Result<Vec<Row>> {
    let mut central = central(&setting.folder, "install")?;
    let grid = *GRIDS.first().ok_or("no grid")?;
    let (requests, _) = load_in(&mut central, setting.seed, 3, INSTALLED / 3, 1, &[grid])?;
    send(&central, &requests, 1)?;
    central.settle();
    let hot = repeated(setting, &mut central, grid, 1, 1)?;
    until_proven(&central)?;
    let one = repeated(setting, &mut central, grid, 1, INSTALLS)?;
    let many = repeated(setting, &mut central, grid, 24, INSTALLS)?;
    central.stop();
    Ok(vec![
        Row::time(
            format!("first install of {INSTALLED} records, the server's answers"),
            &one,
        )
        .target(Figure::Seconds(0.1)),
        Row::time("… 24 phones at once, until the last has them", &many)
            .target(Figure::Seconds(1.0)),
        Row::time(
            "… one phone, the moment after the records came, nothing prepared",
            &hot,
        ),
        Row::bytes(
            "highest memory of the process so far, all phones included",
            peak_bytes()?,
        ),
    ])
}

/// Waits until the server, left alone, keeps a snapshot of every record.
fn until_proven(central: &Central) -> Result<()> {
    let missing = "SELECT count(*) FROM record WHERE n NOT IN (SELECT n FROM snapshot)";
    for _ in 0..10_000 {
        let left: u64 =
            central.read(move |conn| Ok(conn.query_row(missing, [], |row| row.get(0))?))?;
        if left == 0 {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    Err("records were not proven".into())
}

/// Installs, each as if it were the first: no part of a pack is kept.
fn repeated(
    setting: &Setting,
    central: &mut Central,
    grid: &str,
    phones: usize,
    times: usize,
) -> Result<Samples> {
    let mut took = Vec::with_capacity(times);
    for time in 0..times {
        let seed = setting.seed * 31 + 5_000 + (time * 1_000 + phones * 100) as u64;
        took.push(all_at_once(seed, central, grid, phones)?);
    }
    Ok(Samples::of(took))
}

/// How long until all phones have every part: requests follow the cursors, and no phone applies
/// anything meanwhile but the first, which shows that it can.
fn all_at_once(seed: u64, central: &mut Central, grid: &str, phones: usize) -> Result<f64> {
    let mut devices = Vec::new();
    for index in 0..phones {
        let seed = seed + index as u64;
        let mut phone = Phone::enrolled(central, Storage::Memory, seed, "赵六", &[grid])?;
        devices.push((request(&mut phone)?, phone));
    }
    central.app.packs().clear();
    let quiet = Central::share(central);
    let begun = Instant::now();
    std::thread::scope(|scope| -> Result<()> {
        let running: Vec<_> = devices
            .iter()
            .map(|(request, _)| {
                let quiet = &quiet;
                scope.spawn(move || pull(quiet, request, grid).map_err(|error| error.to_string()))
            })
            .collect();
        for thread in running {
            thread.join().map_err(|_| "a thread failed")??;
        }
        Ok(())
    })?;
    let took = begun.elapsed().as_secs_f64();
    if let Some((_, phone)) = devices.first_mut() {
        phone.sync(central).map_err(|_| "the line broke")?;
        let count = phone.book.count(&sync_core::fieldbook::Filter::default());
        if count < INSTALLED {
            return Err(format!("{count} records instead of {INSTALLED}").into());
        }
    }
    Ok(took)
}

fn pull(central: &Central, first: &super::load::Request, grid: &str) -> Result<()> {
    use sync_core::sync::{Cursor, PackProgress, SyncRequest, SyncResponse, decode_pack};
    let mut request = SyncRequest::from_bytes(&first.bytes)?;
    loop {
        let answer = central.sync(first.device, &request.to_bytes())?;
        let response = SyncResponse::from_bytes(&answer)?;
        let Some(part) = response.packs.last() else {
            return Err("no pack came".into());
        };
        if part.last {
            return Ok(());
        }
        let last = decode_pack(&part.records)?.pop().ok_or("an empty part")?;
        let cursor = Cursor {
            epoch: response.epoch,
            grid: Some(grid.to_owned()),
            seq: 0,
            pack: Some(PackProgress {
                at_seq: part.at_seq,
                after: last.record,
            }),
        };
        request.cursors.retain(|known| known.grid.is_none());
        request.cursors.push(cursor);
    }
}
