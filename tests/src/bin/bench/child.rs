//! What a fresh process measures about itself: memory before and after, and how long a book takes
//! to open.

use std::{
    fs::read_to_string,
    io::{Write as _, stdout},
    process::Command,
};

use automerge::Automerge;
use gridbook_tests::world::{Phone, Storage, schemas};
use sync_core::fieldbook::Filter;

use crate::{Result, book, measure::once};

/// Opens a book.
pub(crate) const OPEN: &str = "--child-open";
/// Keeps Automerge documents resident.
pub(crate) const RESIDENT: &str = "--child-resident";

/// Bytes of this process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// Resident, program text and all.
    resident: u64,
    /// The most it ever was.
    peak: u64,
}

impl Memory {
    pub(crate) fn now() -> Result<Self> {
        let status = read_to_string("/proc/self/status")?;
        let field = |name: &str| -> Result<u64> {
            let line = status
                .lines()
                .find(|line| line.starts_with(name))
                .ok_or("no such field")?;
            let kilobytes = line.split_whitespace().nth(1).ok_or("no value")?;
            Ok(kilobytes.parse::<u64>()? * 1024)
        };
        Ok(Self {
            resident: field("VmRSS:")?,
            peak: field("VmHWM:")?,
        })
    }
}

/// What a child found out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    /// Seconds that opening took, schemas parsed before.
    pub(crate) open: f64,
    /// Records in the book.
    pub(crate) records: usize,
    /// Bytes resident above the empty process, schemas and all.
    pub(crate) resident: usize,
    /// The most that was resident meanwhile, above the empty process.
    pub(crate) peak: usize,
}

/// In the child: opens the book and says so.
pub(crate) fn open(empty: &Memory, path: &str) -> Result<()> {
    schemas();
    let (phone, open) = once(|| {
        Ok(Phone::new(
            Storage::File(path.to_owned()),
            book::SEED,
            book::NOW,
        )?)
    })?;
    let records = phone.book.count(&Filter::default());
    report(empty, open, records)
}

/// In the child: loads every document of a file that [`book::write_snapshots`] wrote.
pub(crate) fn resident(empty: &Memory, path: &str) -> Result<()> {
    let mut rest = &std::fs::read(path)?[..];
    let mut documents = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length))?;
        let (snapshot, after) = after.split_at_checked(length).ok_or("a file cut short")?;
        documents.push(Automerge::load(snapshot)?);
        rest = after;
    }
    report(empty, 0.0, documents.len())
}

fn report(empty: &Memory, open: f64, records: usize) -> Result<()> {
    let now = Memory::now()?;
    let above = |bytes: u64| bytes.saturating_sub(empty.resident);
    let (resident, peak) = (above(now.resident), above(now.peak));
    Ok(writeln!(
        stdout().lock(),
        "{open} {records} {resident} {peak}"
    )?)
}

/// In the parent: runs a child and reads what it says.
pub(crate) fn run(what: &str, path: &str) -> Result<Found> {
    let output = Command::new(std::env::current_exe()?)
        .args([what, path])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let text = String::from_utf8(output.stdout)?;
    let mut words = text.split_whitespace();
    let mut word = || words.next().ok_or("the child said too little");
    Ok(Found {
        open: word()?.parse()?,
        records: word()?.parse()?,
        resident: word()?.parse()?,
        peak: word()?.parse()?,
    })
}
