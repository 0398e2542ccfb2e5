//! A phone with a book of 5,000 records in a file.

use std::{path::Path, time::Instant};

use gridbook_tests::{
    street,
    world::{Phone, Storage},
};
use rusqlite::{Connection, OpenFlags};
use sync_core::{
    fieldbook::{Filter, Place},
    limits::MAX_PAGE,
    record::Edit,
};

use crate::{
    Result, Setting,
    book::{self, GRID, World, edit, reader, sync, world},
    child,
    floor::Floor,
    measure::{Samples, float, once, time},
    table::{Figure, Row},
    today,
};

const SHOPS: usize = 2_000;
const OTHERS: usize = 3_000;
const COMMITS: usize = 300;
const OPENED: usize = 15;

pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let mut world = world(setting.seed, SHOPS, OTHERS)?;
    let path = setting.folder.join("book.db");
    let mut phone = reader(&mut world, &path)?;
    sync(&mut phone, &mut world.hub)?;
    let floor = Floor::open(&setting.folder.join("floor.db"))?;
    drop(phone);
    let documents = book::write_snapshots(&world.hub, &setting.folder)?;
    let mut rows = opened(&path, &documents)?;
    let storage = Storage::File(path.to_string_lossy().into_owned());
    let mut phone = Phone::new(storage, book::SEED, world.hub.now_ms)?;
    rows.extend(search(&phone)?);
    rows.extend(today::rows(setting)?);
    rows.extend(commits(&mut world, &mut phone, &floor, &path)?);
    Ok(rows)
}

/// Opening and memory, each in a fresh process.
fn opened(path: &Path, documents: &Path) -> Result<Vec<Row>> {
    let path = path.to_string_lossy();
    let mut found = Vec::new();
    for _ in 0..=OPENED {
        found.push(child::run(child::OPEN, &path)?);
    }
    // The first one brought the file into memory.
    found.remove(0);
    let records = found.first().map_or(0, |found| found.records);
    let open = Samples::of(found.iter().map(|found| found.open).collect());
    let plain = time(OPENED, 1, || {
        let connection = Connection::open_with_flags(&*path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut statement = connection.prepare("SELECT sealed FROM summary")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            std::hint::black_box(row.get_ref(0)?.as_blob()?.len());
        }
        Ok(())
    })?;
    let median = |of: fn(&child::Found) -> usize| {
        let mut all: Vec<usize> = found.iter().map(of).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or(0)
    };
    let resident = child::run(child::RESIDENT, &documents.to_string_lossy())?;
    let beside = |row: Row| {
        let theirs = Figure::Bytes(float(resident.resident));
        row.of(OPENED)
            .beside("Automerge documents resident", theirs)
    };
    let memory = Row::bytes(
        "memory of that process above an empty one",
        median(|f| f.resident),
    );
    let peak = Row::bytes("… at its highest", median(|found| found.peak));
    Ok(vec![
        Row::time(format!("open a book of {records} records"), &open)
            .target(Figure::Seconds(0.050))
            .beside_time("SQLite reads the same rows", &plain),
        beside(memory.target(Figure::Bytes(20e6))),
        beside(peak.target(Figure::Bytes(20e6))),
    ])
}

fn search(phone: &Phone) -> Result<Vec<Row>> {
    const QUERIES: [&str; 8] = [
        "面馆",
        "王",
        "138",
        "lzlm",
        "梧桐里路1",
        "老张 五金",
        "没有这家店",
        "福",
    ];
    let mut samples = Vec::new();
    for _ in 0..50 {
        for query in QUERIES {
            let (_, took) = once(|| Ok(phone.book.find(query, &Filter::default(), MAX_PAGE)))?;
            samples.push(took);
        }
    }
    let plain = titles(phone)?;
    let mut like = plain.prepare("SELECT count(*) FROM title WHERE text LIKE ?1")?;
    let mut baseline = Vec::new();
    for _ in 0..20 {
        for query in QUERIES {
            let pattern = format!("%{query}%");
            let (_, took) = once(|| Ok(like.query_row([&pattern], |row| row.get::<_, i64>(0))?))?;
            baseline.push(took);
        }
    }
    let row = Row::time("search a book of 5,000 records", &Samples::of(samples));
    let row = row.target(Figure::Seconds(0.010));
    Ok(vec![row.beside_time(
        "SQLite LIKE over titles alone",
        &Samples::of(baseline),
    )])
}

/// All titles in a plain table in memory.
fn titles(phone: &Phone) -> Result<Connection> {
    let plain = Connection::open_in_memory()?;
    plain.execute_batch("CREATE TABLE title (text TEXT)")?;
    let mut after = None;
    loop {
        let page = phone
            .book
            .list(&Filter::default(), after.as_ref(), MAX_PAGE);
        let Some(last) = page.last() else {
            return Ok(plain);
        };
        after = Some(last.record);
        for listed in page {
            plain.execute("INSERT INTO title VALUES (?1)", [&listed.title])?;
        }
    }
}

/// Edits and whole forms until they are durable, in turn with the floor of the disk.
fn commits(world: &mut World, phone: &mut Phone, floor: &Floor, path: &Path) -> Result<Vec<Row>> {
    let place = Place::Grid(GRID.to_owned());
    let mut rows = Vec::new();
    for whole_form in [false, true] {
        let (mut ours, mut theirs, mut bytes) = (Vec::new(), Vec::new(), 0);
        for commit in 0..COMMITS + 20 {
            if commit == 20 {
                bytes = written(path, whole_form)?;
                (ours, theirs) = (Vec::new(), Vec::new());
            }
            world.hub.now_ms += 31_000;
            phone.host.set(world.hub.now_ms);
            let took = if whole_form {
                let edits = street::shop(&mut world.rng, 10_000 + commit);
                once(|| Ok(phone.book.create("shop", &place, &edits)?))?.1
            } else {
                changed(world, phone)?
            };
            ours.push(took);
            theirs.push(floor.insert(bytes)?);
        }
        let name = if whole_form {
            "save a whole form"
        } else {
            "save an edit"
        };
        let row = Row::time(
            format!("{name}, until durable ({bytes} B)"),
            &Samples::of(ours),
        );
        let row = row.target(Figure::Seconds(0.010));
        rows.push(row.beside_time("plain insert of the same bytes", &Samples::of(theirs)));
    }
    Ok(rows)
}

fn changed(world: &mut World, phone: &mut Phone) -> Result<f64> {
    loop {
        let shop = world.rng.pick(&world.shops).copied().ok_or("no shop")?;
        let edits: Vec<Edit> = street::shop_edit(&mut world.rng).into_iter().collect();
        let begun = Instant::now();
        if edit(phone, &shop, &edits)? {
            return Ok(begun.elapsed().as_secs_f64());
        }
    }
}

/// Bytes of the rows that the last commit wrote.
fn written(path: &Path, whole_form: bool) -> Result<usize> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let bytes: i64 = connection.query_row(
        "SELECT length(chunk) + length(edits) + length(outer) + length(mac)
            + coalesce(length(change.header), 0)
            + length(record.header) + length(registers) + length(sealed)
            + CASE WHEN ?1 THEN length(snapshot) ELSE 0 END
         FROM change JOIN record USING (record) JOIN summary USING (record)
         WHERE mac IS NOT NULL ORDER BY local DESC LIMIT 1",
        [whole_form],
        |row| row.get(0),
    )?;
    Ok(usize::try_from(bytes)?)
}
