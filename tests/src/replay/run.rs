//! From the folder to the table.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use sync_core::RecordId;

use super::{
    Data, Outcome, ReplayError,
    act::Work,
    check,
    crew::Crew,
    process::{cpu_seconds, peak_mib},
    register,
};
use crate::server::{Options as ServerOptions, Server};

/// What is replayed, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder with premises.csv, inspections.csv and findings.csv.
    pub data: PathBuf,
    /// The overlay and the lines' failures follow from it.
    pub seed: u64,
    /// Days with inspections, from the first; all of them for none.
    pub days: Option<usize>,
    /// Days a second at most; as fast as it goes for 0.
    pub speed: u32,
    /// How much more of the overlay than usual.
    pub overlay: usize,
}

impl Options {
    /// The usual ones for a folder.
    pub fn of(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            seed: 1,
            days: None,
            speed: 0,
            overlay: 1,
        }
    }
}

/// Days between two lines of progress.
const TELL: usize = 100;

/// Replays; `say` is told how far it is.
pub fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Result<Outcome, ReplayError> {
    let data = Data::read(&options.data)?;
    let mut server = Server::start(ServerOptions::default().with("--log", "warn"))?;
    let begun = Instant::now();
    let (first, again) = register::import(&server, &data, &options.data)?;
    let import = begun.elapsed();
    say(&format!("{} premises imported", data.premises.len()));
    let crew = Crew::enrol(&server, options.seed)?;
    let phones = crew.phones.len();
    let shops = data
        .premises
        .iter()
        .map(|(id, city)| {
            let record = RecordId::derived(register::SOURCE, id);
            (record, register::grid_of(&data, city))
        })
        .collect();
    let mut work = Work::new(crew, shops, options.seed, options.overlay);
    work.begin(data.days.first().map_or(0, |day| day.midnight_ms));
    work.tally.days = 0;
    let morning = work.evening_ms();
    work.crew.last_evening(server.now_ms(), morning)?;
    say(&format!("{phones} phones have their grids"));

    let before = traffic(&work.crew);
    let cpu = cpu_seconds(server.pid());
    let begun = Instant::now();
    let days = options.days.unwrap_or(usize::MAX).min(data.days.len());
    for (number, day) in data.days.iter().take(days).enumerate() {
        work.begin(day.midnight_ms);
        for visit in &day.visits {
            work.visit(visit)?;
        }
        let evening = work.evening_ms();
        work.crew.evening(server.now_ms(), evening)?;
        pace(options.speed, begun, number + 1);
        if (number + 1) % TELL == 0 {
            let (day, changes) = (number + 1, work.crew.changes);
            say(&format!("day {day} of {days}: {changes} changes"));
        }
    }
    let evening = work.evening_ms() + 3_600_000;
    work.crew.last_evening(server.now_ms(), evening)?;
    let took = begun.elapsed();
    let used = cpu_seconds(server.pid()).zip(cpu);
    let peak = peak_mib(server.pid());
    let after = traffic(&work.crew);
    server.terminate()?;
    say("comparing every view");
    let found = check::check(&server, &work.crew)?;
    Ok(Outcome {
        phones,
        premises: data.premises.len(),
        orphans: data.orphans,
        import,
        imported_twice_alike: unchanged(&first, &again, data.premises.len()),
        tally: work.tally,
        made: work.crew.changes,
        cut_short: work.crew.cut_short,
        traffic: after.less(before),
        took,
        server_cpu: used.map(|(after, before)| after - before),
        server_peak_mib: peak,
        found,
    })
}

/// Whether the second import left everything as it was.
fn unchanged(first: &str, again: &str, premises: usize) -> bool {
    let count = |report: &str, name: &str| {
        let line = report.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.trim().parse::<usize>().ok())
    };
    count(first, "new ") == Some(premises) && count(again, "unchanged ") == Some(premises)
}

/// Waits where a speed was asked for.
fn pace(speed: u32, begun: Instant, days: usize) {
    if speed == 0 {
        return;
    }
    let due = Duration::from_secs(days as u64) / speed;
    if let Some(left) = due.checked_sub(begun.elapsed()) {
        std::thread::sleep(left);
    }
}

/// Sums of what the phones' lines carried.
fn traffic(crew: &Crew) -> Traffic {
    let mut sum = Traffic::default();
    for counts in crew.phones.iter().map(crate::server::HttpPhone::counts) {
        sum.requests += counts.requests;
        sum.broken += counts.broken;
        sum.refused += counts.refused;
        sum.up += counts.up;
        sum.down += counts.down;
        sum.heads += counts.heads;
    }
    sum
}

/// What lines carried.
use crate::server::Counts as Traffic;

trait Less {
    fn less(self, other: Self) -> Self;
}

impl Less for Traffic {
    fn less(self, other: Self) -> Self {
        Self {
            requests: self.requests - other.requests,
            broken: self.broken - other.broken,
            refused: self.refused - other.refused,
            up: self.up - other.up,
            down: self.down - other.down,
            heads: self.heads - other.heads,
        }
    }
}
