//! `make bench`: the numbers of Gridbook on this machine, each beside a baseline of the same run.
//!
//! One file per group; `measure` times, `table` prints, `machine` says where, `child` is what a
//! fresh process of this program measures about itself. docs/BENCHMARKS.md says what each row is.

mod admission;
mod book;
mod changes;
mod child;
mod floor;
mod machine;
mod measure;
mod phone;
mod server;
mod sessions;
mod table;
mod today;
mod wire;

use std::{
    error::Error,
    io::{Write as _, stdout},
    path::PathBuf,
};

use table::Row;

/// Whatever may go wrong: a benchmark that cannot do its work has no figure.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

const HELP: &str = "\
Measures Gridbook on this machine, each figure beside a baseline of the same run.

Options:
  --markdown FILE  write the table there as well
  --only GROUP     one of: changes admission wire phone sessions server
                   (server-append server-verify server-install server-lists)
  --seed N         other records, edits and times (1)
  --help           this text
";

/// What the groups need to know.
struct Setting {
    /// Everything random follows from it.
    seed: u64,
    /// A folder on a disk.
    folder: PathBuf,
}

type Group = fn(&Setting) -> Result<Vec<Row>>;

const GROUPS: [(&str, Group); 9] = [
    ("changes", changes::rows),
    ("admission", admission::rows),
    ("wire", wire::rows),
    ("phone", phone::rows),
    ("sessions", sessions::rows),
    ("server-append", server::append),
    ("server-verify", server::verify),
    ("server-install", server::install),
    ("server-lists", server::lists),
];

fn main() -> Result<()> {
    // Before anything else is in memory.
    let empty = child::Memory::now();
    let mut given = std::env::args().skip(1);
    let (mut markdown, mut only, mut seed) = (None, None, 1);
    while let Some(name) = given.next() {
        let value = given.next();
        match (name.as_str(), value) {
            (child::OPEN, Some(path)) => return child::open(&empty?, &path),
            (child::RESIDENT, Some(path)) => return child::resident(&empty?, &path),
            ("--markdown", Some(file)) => markdown = Some(PathBuf::from(file)),
            ("--only", Some(group)) => only = Some(group),
            ("--seed", Some(number)) => seed = number.parse()?,
            ("--help", _) => return Ok(stdout().lock().write_all(HELP.as_bytes())?),
            (other, _) => return Err(format!("{other}: unknown, or without its value").into()),
        }
    }
    let folder = machine::disk_folder()?.join(format!("gridbook-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let setting = Setting { seed, folder };
    let result = run(&setting, only.as_deref(), markdown.as_deref());
    std::fs::remove_dir_all(&setting.folder)?;
    result
}

fn run(setting: &Setting, only: Option<&str>, markdown: Option<&std::path::Path>) -> Result<()> {
    let mut out = stdout().lock();
    let machine = machine::describe(&setting.folder);
    writeln!(out, "{machine}")?;
    let mut rows = Vec::new();
    for (name, group) in GROUPS {
        let part = |only: &str| name == only || name.starts_with(&format!("{only}-"));
        if only.is_none_or(part) {
            writeln!(out, "measuring: {name} …")?;
            out.flush()?;
            rows.extend(group(setting).map_err(|error| format!("{name}: {error}"))?);
        }
    }
    if rows.is_empty() {
        return Err("no such group".into());
    }
    writeln!(out, "\n{}", table::aligned(&rows))?;
    writeln!(out, "load average now: {}", machine::load())?;
    if let Some(file) = markdown {
        std::fs::write(file, format!("{machine}\n{}", table::markdown(&rows)))?;
    }
    Ok(())
}
