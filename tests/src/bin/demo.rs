//! `make run`: a street's working day with phones and a hub, all in this process.

use std::{
    error::Error,
    io::{Write as _, stdout},
    path::PathBuf,
    process::ExitCode,
};

use gridbook_tests::demo::{Options, run};

const HELP: &str = "\
A working day of a street that does not exist: inspectors record offline, sync over a lossy line,
disagree; a supervisor decides; a new phone joins. Phones keep their books in files, sealed, as
real ones do.

The hub lives in memory in this process: the HTTP server comes next.

Options:
  --seed N     another street, another day (1)
  --phones N   phones, at least 2 (24)
  --shops N    shops, at least 4 a grid (1500)
  --keep       leave the phones' books where they are
  --help       this text
";

struct Arguments {
    options: Options,
    keep: bool,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut out = stdout().lock();
    let Some(arguments) = arguments(std::env::args().skip(1))? else {
        out.write_all(HELP.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let options = arguments.options;
    std::fs::create_dir_all(&options.folder)?;
    writeln!(
        out,
        "Gridbook demo, in one process with a hub in memory; the HTTP server comes next."
    )?;
    let mut said = Ok(());
    let result = run(&options, &mut |line| {
        if said.is_ok() {
            said = writeln!(out, "{line}").and_then(|()| out.flush());
        }
    });
    if arguments.keep {
        writeln!(out, "The books are in {}", options.folder.display())?;
    } else {
        std::fs::remove_dir_all(&options.folder)?;
    }
    said?;
    let outcome = result?;
    writeln!(out, "\n{outcome}")?;
    let (equal, phones) = (outcome.equal, outcome.phones);
    if outcome.all_equal() {
        writeln!(
            out,
            "All {phones} phones see of their grids exactly what the hub sees."
        )?;
        Ok(ExitCode::SUCCESS)
    } else {
        writeln!(
            out,
            "FAILED: only {equal} of {phones} phones see what the hub sees."
        )?;
        Ok(ExitCode::FAILURE)
    }
}

/// What was asked for; none for help.
fn arguments(mut given: impl Iterator<Item = String>) -> Result<Option<Arguments>, String> {
    let folder: PathBuf =
        std::env::temp_dir().join(format!("gridbook-demo-{}", std::process::id()));
    let options = Options {
        seed: 1,
        phones: 24,
        shops: 1_500,
        folder,
    };
    let mut arguments = Arguments {
        options,
        keep: false,
    };
    while let Some(name) = given.next() {
        let mut number = || {
            let value = given
                .next()
                .ok_or_else(|| format!("{name} needs a number"))?;
            value
                .parse::<u32>()
                .map_err(|_| format!("{name}: {value} is not a number"))
        };
        match name.as_str() {
            "--help" | "-h" => return Ok(None),
            "--keep" => arguments.keep = true,
            "--seed" => arguments.options.seed = u64::from(number()?),
            "--phones" => arguments.options.phones = number()? as usize,
            "--shops" => arguments.options.shops = number()? as usize,
            other => return Err(format!("unknown option {other}; see --help")),
        }
    }
    Ok(Some(arguments))
}
