//! `make replay DATA=folder`: a county's inspection record through the real server.

use std::{
    error::Error,
    io::{Write as _, stdout},
    path::PathBuf,
    process::ExitCode,
};

use gridbook_tests::replay::{Options, run};

const HELP: &str = "\
Replays a record of inspections: premises are imported, 24 phones work offline day by day and sync
in the evening over a bad line with the real server; then every view, every edit and every rule is
looked at. Ends with 1 if anything is not as it must be.

  replay FOLDER        a folder with premises.csv, inspections.csv and findings.csv

Options:
  --days N      only the first N days with inspections
  --seed N      another overlay, other failures of the lines (1)
  --overlay N   so many times the usual overlay of people, trades and meetings (1)
  --speed N     at most N days a second
  --help        this text
";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut out = stdout().lock();
    let Some(options) = arguments(std::env::args().skip(1))? else {
        out.write_all(HELP.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let mut said = Ok(());
    let outcome = run(&options, &mut |line| {
        if said.is_ok() {
            said = writeln!(out, "{line}").and_then(|()| out.flush());
        }
    })?;
    said?;
    writeln!(out, "\n{outcome}")?;
    let faults = outcome.faults();
    if faults.is_empty() {
        writeln!(
            out,
            "All is well: every phone sees what the server sees, and no edit is missing."
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    for fault in faults {
        writeln!(out, "FAILED: {fault}")?;
    }
    Ok(ExitCode::FAILURE)
}

/// What was asked for; none for help.
fn arguments(mut given: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options::of(PathBuf::new());
    while let Some(name) = given.next() {
        let mut number = || {
            let value = given
                .next()
                .ok_or_else(|| format!("{name} needs a number"))?;
            let number: Result<u32, _> = value.parse();
            number.map_err(|_| format!("{name}: {value} is not a number"))
        };
        match name.as_str() {
            "--help" | "-h" => return Ok(None),
            "--days" => options.days = Some(number()? as usize),
            "--seed" => options.seed = u64::from(number()?),
            "--overlay" => options.overlay = number()? as usize,
            "--speed" => options.speed = number()?,
            folder if !folder.starts_with('-') => options.data = PathBuf::from(folder),
            other => return Err(format!("unknown option {other}; see --help")),
        }
    }
    if options.data.as_os_str().is_empty() {
        return Err("a folder is needed; see --help".to_owned());
    }
    Ok(Some(options))
}
