//! Sessions between a phone with a book in a file and the hub in memory.

use std::{hint::black_box, time::Duration};

use gridbook_tests::{hub::Hub, world::Phone};
use sync_core::{
    fieldbook::Host as _,
    sync::{Report, Session, Step},
};

use crate::{
    Result, Setting,
    book::{World, edit_shops, reader, sync, world},
    floor::Floor,
    measure::{Samples, float, once, processor, time},
    table::{Figure, Row},
};

const ROUNDS: usize = 7;
const IDLE: usize = 200;
const PACKED: usize = 1_500;

/// A session and the processor time of both ends; waiting for the disk is not in it.
struct Cost {
    report: Report,
    both: f64,
    hub: f64,
}

fn session(phone: &mut Phone, hub: &mut Hub) -> Result<Cost> {
    let host = phone.host.clone();
    host.set(hub.now_ms);
    let begun = processor()?;
    let mut in_hub = Duration::ZERO;
    let mut session = Session::new();
    loop {
        match session.next(&mut phone.book, host.clock())? {
            Step::Sign(message) => {
                let signature = phone.sign(&message);
                session.signed(&mut phone.book, signature)?;
            }
            Step::Send(request) => {
                let before = processor()?;
                let response = hub.sync(&request)?;
                in_hub += processor()?.saturating_sub(before);
                session.received(&mut phone.book, request.len(), &response, host.clock())?;
            }
            Step::Done(report) if report.complete => {
                let both = processor()?.saturating_sub(begun).as_secs_f64();
                return Ok(Cost {
                    report,
                    both,
                    hub: in_hub.as_secs_f64(),
                });
            }
            Step::Done(_) => return Err("the session did not finish".into()),
        }
    }
}

pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let floor = Floor::open(&setting.folder.join("floor-sessions.db"))?;
    let mut world = world(setting.seed, 1_000, 0)?;
    let mut phone = reader(&mut world, &setting.folder.join("thousand.db"))?;
    sync(&mut phone, &mut world.hub)?;
    let mut rows = idle(&mut world, &mut phone, &floor, 1_000)?;
    rows.extend(reconnect(&mut world, &mut phone)?);
    let mut large = crate::book::world(setting.seed, 2_000, 3_000)?;
    let mut phone = reader(&mut large, &setting.folder.join("five-thousand.db"))?;
    sync(&mut phone, &mut large.hub)?;
    rows.extend(idle(&mut large, &mut phone, &floor, 5_000)?);
    rows.extend(packs(setting, &floor)?);
    Ok(rows)
}

fn idle(world: &mut World, phone: &mut Phone, floor: &Floor, records: usize) -> Result<Vec<Row>> {
    let (mut both, mut hub, mut plain, mut bytes) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..IDLE {
        let cost = session(phone, &mut world.hub)?;
        both.push(cost.both);
        hub.push(cost.hub);
        bytes = bytes.max(cost.report.sent_bytes + cost.report.received_bytes);
        let before = processor()?;
        floor.insert(64)?;
        plain.push(processor()?.saturating_sub(before).as_secs_f64());
    }
    let plain = Samples::of(plain);
    let name = format!("nothing changed, {records} records");
    let bytes = Row::bytes(format!("{name}: bytes both ways"), usize::try_from(bytes)?);
    let hub = Row::time(format!("{name}: the server's processor"), &Samples::of(hub));
    Ok(vec![
        bytes.of(IDLE).target(Figure::Bytes(1_000.0)),
        hub.target(Figure::Seconds(0.001))
            .beside_time("plain insert of 64 B", &plain),
        Row::time(
            format!("{name}: processor of both ends"),
            &Samples::of(both),
        )
        .beside_time("plain insert of 64 B", &plain),
    ])
}

fn reconnect(world: &mut World, phone: &mut Phone) -> Result<Vec<Row>> {
    let (mut both, mut hub, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut up, mut down, mut requests) = (0, 0, 0);
    for _ in 0..ROUNDS {
        edit_shops(world, phone, 100)?;
        let cost = session(phone, &mut world.hub)?;
        both.push(cost.both);
        hub.push(cost.hub);
        up = up.max(cost.report.sent_bytes);
        down = down.max(cost.report.received_bytes);
        requests = requests.max(cost.report.rounds);
        theirs.push(automerge(&world.hub)?);
    }
    let theirs = Samples::of(theirs);
    let name = "300 edits of 100 shops in a book of 1,000";
    let size = |what: &str, bytes: u64| -> Result<Row> {
        Ok(Row::bytes(format!("{name}: {what}"), usize::try_from(bytes)?).of(ROUNDS))
    };
    Ok(vec![
        size("bytes up", up)?,
        size("bytes down (verdicts)", down)?,
        size(&format!("both ways, {requests} request"), up + down)?.target(Figure::Bytes(7_000.0)),
        Row::time(
            format!("{name}: processor of both ends"),
            &Samples::of(both),
        )
        .target(Figure::Seconds(0.050))
        .beside_time("Automerge load, apply, save of 100", &theirs),
        Row::time(format!("{name}: of it the server's"), &Samples::of(hub))
            .beside_time("Automerge load, apply, save of 100", &theirs),
    ])
}

/// Processor time in which Automerge alone makes and saves the documents of 100 edited shops.
fn automerge(hub: &Hub) -> Result<f64> {
    let before = processor()?;
    for (_, record) in hub
        .records()
        .filter(|(_, record)| record.state.chunks.len() > 3)
        .take(100)
    {
        black_box(record.state.document()?.save_nocompress());
    }
    Ok(processor()?.saturating_sub(before).as_secs_f64())
}

/// A first install: packs of one grid into an empty book.
fn packs(setting: &Setting, floor: &Floor) -> Result<Vec<Row>> {
    let mut world = world(setting.seed, PACKED, 0)?;
    let (mut all, mut in_hub, mut plain, mut bytes) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut on_phone = Vec::new();
    for round in 0..ROUNDS {
        let mut phone = reader(&mut world, &setting.folder.join(format!("pack-{round}.db")))?;
        let (cost, took) = once(|| session(&mut phone, &mut world.hub))?;
        if cost.report.applied.packed != PACKED as u64 {
            return Err("the pack did not come whole".into());
        }
        all.push(took - cost.hub);
        on_phone.push(cost.both - cost.hub);
        in_hub.push(cost.hub);
        bytes = cost.report.received_bytes;
        let each = usize::try_from(phone.book.store_bytes()?)? / PACKED;
        plain.push(floor.insert_many(PACKED, each)?);
    }
    let snapshots: Vec<Vec<u8>> = world
        .hub
        .records()
        .map(|(_, record)| Ok(sync_core::change::prove(&record.state)?))
        .collect::<Result<_>>()?;
    let load = time(ROUNDS, 1, || {
        for snapshot in &snapshots {
            black_box(automerge::Automerge::load(snapshot)?);
        }
        Ok(())
    })?;
    let each = Row::bytes("a record in a pack", usize::try_from(bytes)? / PACKED).of(PACKED);
    let snapshot: usize = snapshots.iter().map(Vec::len).sum();
    Ok(vec![
        each.beside(
            "its Automerge document",
            Figure::Bytes(float(snapshot / PACKED)),
        ),
        Row::time(
            "pack of 1,500 records into an empty book, durable",
            &Samples::of(all),
        )
        .target(Figure::Seconds(0.1))
        .beside_time("plain insert of the same bytes", &Samples::of(plain)),
        Row::time("… the phone's processor", &Samples::of(on_phone))
            .beside_time("Automerge load alone", &load),
        Row::time(
            "… the hub's processor: prove and pack",
            &Samples::of(in_hub),
        )
        .beside_time("Automerge load alone", &load),
    ])
}
