//! Acknowledging: one phone's small bundle at a time, alone and while others are verified.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

use gridbook_tests::{
    central::Central,
    street::{GRIDS, shop_edit},
    world::{Phone, Rng, Storage},
};
use sync_core::fieldbook::Place;

use super::load::{central, load, request, send, write};
use crate::{
    Result, Setting,
    floor::Floor,
    measure::Samples,
    table::{Figure, Row},
};

const ROUNDS: usize = 100;
/// Records of the phone with much to send, two changes each; what it still has at the end of the
/// rounds is not waited for.
const MANY: usize = 10_000;
/// What a phone beside it may take at most, times what it takes alone.
const AT_MOST: f64 = 2.0;

pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let mut central = central(&setting.folder, "append")?;
    let floor = Floor::open(&setting.folder.join("floor-append.db"))?;
    let (alone, plain) = acks(&mut central, setting.seed, &floor)?;
    let (requests, _) = load(&mut central, setting.seed + 1, 24, 400, 1)?;
    let (during, plain_during) = std::thread::scope(|scope| -> Result<_> {
        let busy = &requests;
        let quiet = Central::share(&central);
        let sending =
            scope.spawn(move || send(&quiet, busy, 4).map(|_| ()).map_err(|e| e.to_string()));
        let measured = acks(&mut central, setting.seed + 2, &floor)?;
        sending.join().map_err(|_| "a thread failed")??;
        Ok(measured)
    })?;
    central.settle();
    let (beside, plain_beside) = beside_one_with_much(&mut central, setting.seed + 3, &floor)?;
    central.stop();
    Ok(vec![
        Row::time(
            "an edit acknowledged and verified, nothing else going on",
            &alone,
        )
        .beside_time("plain insert of the same bytes", &plain),
        Row::time("… while 9,600 edits of 24 phones are verified", &during)
            .target(Figure::Seconds(0.015))
            .beside_time("plain insert of the same bytes, meanwhile", &plain_during),
        Row::time(
            "… while one phone sends 20,000 edits (target: twice the first row)",
            &beside,
        )
        .target(Figure::Seconds(alone.at(95) * AT_MOST))
        .beside_time("plain insert of the same bytes, meanwhile", &plain_beside),
    ])
}

/// The same beside a phone that has been without a line for very long.
fn beside_one_with_much(
    central: &mut Central,
    seed: u64,
    floor: &Floor,
) -> Result<(Samples, Samples)> {
    let grid = GRIDS.first().ok_or("no grid")?;
    let mut full = Phone::enrolled(central, Storage::Memory, seed, "张三", &[grid])?;
    write(&mut full, &mut Rng::new(seed), grid, MANY, 2)?;
    full.close_bundles()?;
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let mut line = Central::share(central);
        let over = &over;
        let sending = scope.spawn(move || {
            let mut through = false;
            while !through && !over.load(Ordering::Relaxed) {
                // Sent away where its queue is full, it comes again.
                through = full.sync(&mut line).is_ok_and(|report| report.complete);
            }
        });
        let measured = acks(central, seed + 1, floor);
        over.store(true, Ordering::Relaxed);
        sending.join().map_err(|_| "a thread failed")?;
        measured
    })
}

/// How long requests with one edit take, and inserts of as many bytes in turn with them.
fn acks(central: &mut Central, seed: u64, floor: &Floor) -> Result<(Samples, Samples)> {
    let grid = GRIDS.first().ok_or("no grid")?;
    let mut phone = Phone::enrolled(central, Storage::Memory, seed + 77, "李四", &[grid])?;
    let mut rng = Rng::new(seed);
    let place = Place::Grid((*grid).to_owned());
    let shop = gridbook_tests::street::shop(&mut rng, 1);
    let id = phone.book.create("shop", &place, &shop)?.record;
    phone.sync(central).map_err(|_| "the line broke")?;
    let (mut times, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let edits: Vec<_> = shop_edit(&mut rng).into_iter().collect();
        if phone.book.edit(&id, &edits).is_err() {
            continue;
        }
        let request = request(&mut phone)?;
        let begun = Instant::now();
        central.sync(request.device, &request.bytes)?;
        times.push(begun.elapsed().as_secs_f64());
        plain.push(floor.insert(request.bytes.len())?);
        phone.sync(central).map_err(|_| "the line broke")?;
    }
    Ok((Samples::of(times), Samples::of(plain)))
}
