//! Phones with work, and the requests in which they bring it.

use std::{path::Path, sync::Arc, time::Duration};

use gridbook_tests::{
    central::Central,
    street::{GRIDS, Person, finding, resident, set, shop, text},
    world::{Phone, Rng, Storage},
};
use schemas::Scalar;
use sync_core::{
    DeviceId,
    fieldbook::{Host as _, Place},
    limits::MAX_BUNDLES_PER_REQUEST,
    sync::{Session, Step, SyncRequest},
};

use crate::Result;

/// Server time of all loads, ms.
pub(crate) const NOW: i64 = 1_790_000_000_000;

/// One device's request, ready to be sent.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) device: DeviceId,
    pub(crate) bytes: Vec<u8>,
}

/// A server on a fresh folder.
pub(crate) fn central(folder: &Path, name: &str) -> Result<Central> {
    let dir = folder.join(name);
    let _ = std::fs::remove_dir_all(&dir);
    Ok(Central::start(&dir, NOW)?)
}

/// Phones, in turn of these grids, that each wrote `records` records with `changes` changes each;
/// the requests that bring it all, and the number of changes.
pub(crate) fn load_in(
    central: &mut Central,
    seed: u64,
    phones: usize,
    records: usize,
    changes: usize,
    grids: &[&str],
) -> Result<(Vec<Request>, usize)> {
    let mut requests = Vec::with_capacity(phones);
    for index in 0..phones {
        let grid = grids.get(index % grids.len()).ok_or("no grid")?;
        let seed = seed * 1_000_003 + index as u64;
        let mut phone = Phone::enrolled(central, Storage::Memory, seed, "张三", &[grid])?;
        let mut rng = Rng::new(seed);
        write(&mut phone, &mut rng, grid, records, changes)?;
        requests.push(only_sending(&request(&mut phone)?)?);
        if phone.book.pending()? > 0 && bundles(&requests)? == MAX_BUNDLES_PER_REQUEST {
            return Err("a phone has more than one request brings".into());
        }
    }
    Ok((requests, phones * records * changes))
}

/// The same in all grids.
pub(crate) fn load(
    central: &mut Central,
    seed: u64,
    phones: usize,
    records: usize,
    changes: usize,
) -> Result<(Vec<Request>, usize)> {
    load_in(central, seed, phones, records, changes, &GRIDS)
}

/// The request without the grids that the phone follows: what it pulls is measured elsewhere.
fn only_sending(request: &Request) -> Result<Request> {
    let mut parsed = SyncRequest::from_bytes(&request.bytes)?;
    parsed.cursors.retain(|cursor| cursor.grid.is_none());
    Ok(Request {
        device: request.device,
        bytes: parsed.to_bytes(),
    })
}

fn bundles(requests: &[Request]) -> Result<usize> {
    let last = requests.last().ok_or("no request")?;
    Ok(SyncRequest::from_bytes(&last.bytes)?.bundles.len())
}

/// Shops, a resident in every fifth, a finding in every tenth; further changes edit the sign.
pub(crate) fn write(
    phone: &mut Phone,
    rng: &mut Rng,
    grid: &str,
    records: usize,
    changes: usize,
) -> Result<()> {
    let place = Place::Grid(grid.to_owned());
    let mut last = None;
    for number in 0..records {
        let (kind, edits) = match (number % 10, last) {
            (3 | 7, Some(_)) => {
                let person = Person::any(rng);
                ("resident", resident(rng, &person))
            }
            (9, Some(_)) => ("finding", finding(rng, NOW)),
            _ => ("shop", shop(rng, number)),
        };
        let id = match (kind, last) {
            ("shop", _) | (_, None) => {
                let id = phone.book.create("shop", &place, &edits)?.record;
                last = Some(id);
                id
            }
            (kind, Some(shop)) => {
                let mut edits = edits;
                edits.extend(set("shop", Scalar::Bytes(shop.0.to_vec())));
                let with = Place::With(shop);
                phone.book.create(kind, &with, &edits)?.record
            }
        };
        for round in 1..changes {
            let edit = match kind {
                "resident" => text("name", format!("居民{round}")),
                "finding" => text("remark", format!("第{round}次看到,还没有改")),
                _ => text("sign_name", format!("小店{number}之{round}")),
            };
            let edits: Vec<_> = edit.into_iter().collect();
            phone.book.edit(&id, &edits)?;
        }
    }
    Ok(())
}

/// The first request of a phone's session, with all it has.
pub(crate) fn request(phone: &mut Phone) -> Result<Request> {
    let host = Arc::clone(&phone.host);
    let mut session = Session::new();
    loop {
        match session.next(&mut phone.book, host.clock())? {
            Step::Sign(message) => {
                let signature = phone.sign(&message);
                session.signed(&mut phone.book, signature)?;
            }
            Step::Send(bytes) => {
                let device = phone.device();
                return Ok(Request { device, bytes });
            }
            Step::Done(_) => return Err("the phone had nothing to send".into()),
        }
    }
}

/// Sends requests from `threads` threads at once; how long each took.
pub(crate) fn send(central: &Central, requests: &[Request], threads: usize) -> Result<Vec<f64>> {
    let chunk = requests.len().div_ceil(threads).max(1);
    let times = std::thread::scope(|scope| {
        let running: Vec<_> = requests
            .chunks(chunk)
            .map(|part| {
                scope.spawn(move || {
                    let one = |request: &Request| {
                        let begun = std::time::Instant::now();
                        central
                            .sync(request.device, &request.bytes)
                            .map_err(|error| error.to_string())?;
                        Ok::<_, String>(begun.elapsed().as_secs_f64())
                    };
                    part.iter()
                        .map(one)
                        .collect::<std::result::Result<Vec<f64>, String>>()
                })
            })
            .collect();
        let joined = running.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined.collect::<Vec<_>>()
    });
    let mut all = Vec::with_capacity(requests.len());
    for times in times {
        all.extend(times.map_err(|_| "a thread failed")??);
    }
    Ok(all)
}

/// Processor time of the whole process.
pub(crate) fn processor_of_all() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = text
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .collect();
    let ticks = |at: usize| -> Result<u64> { Ok(fields.get(at).ok_or("no stat")?.parse()?) };
    // User and system time, in hundredths of a second.
    Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}

/// The most memory that the process ever had.
pub(crate) fn peak_bytes() -> Result<usize> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(kb.ok_or("no VmHWM")?.parse::<usize>()? * 1024)
}
