//! `gridbook import`: a register from another system.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use schemas::SchemaSet;

use super::{Common, Failure, say};
use crate::{
    error::Error,
    import::{self, Desk, Options},
    review::By,
    serve::clock,
};

/// Take over a register of shops from a CSV or XLSX file.
///
/// A column map says which column is which field. Rows that are wrong are named with row and
/// column and left out; the others go on. The same file again changes nothing. A newer file
/// changes what it says anew, and never what somebody here has changed since. The server may be
/// running meanwhile.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  gridbook import --map shops.toml --dry-run shops.xlsx    what would be done
  gridbook import --map shops.toml shops.xlsx              do it
  gridbook import --map shops.toml --report look.csv shops.xlsx

Ends with 0 if every row was taken, with 1 if rows were left out or nothing could be done.")]
pub(super) struct Import {
    /// The file: .csv (UTF-8) or .xlsx
    file: PathBuf,
    /// The column map (TOML)
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// Change nothing: say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Write every line of the report to this CSV file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Who does it, for the journal
    #[arg(long, value_name = "NAME", default_value = "command line")]
    by: String,
    /// Why, for the journal
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    #[command(flatten)]
    common: Common,
}

impl Import {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.config()?;
        let schemas =
            SchemaSet::builtin().map_err(|_| Error::Internal("the schemas do not parse"))?;
        let mut desk = Desk::open(&config, schemas, clock(&config))?;
        let options = Options {
            file: self.file,
            map: self.map,
            dry_run: self.dry_run,
            by: By {
                person: self.by,
                reason: self.reason,
            },
        };
        // Drawn on standard error, and not at all where that is no terminal.
        let bar = ProgressBar::new(0).with_style(style());
        let report = import::run(&mut desk, &options, &mut |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        })?;
        bar.finish_and_clear();
        if let Some(path) = &self.report {
            std::fs::write(path, report.to_csv())?;
        }
        say(if self.dry_run {
            "dry run: nothing was changed"
        } else {
            "imported"
        });
        say(report.to_string().trim_end());
        match report.rejected {
            0 => Ok(()),
            rows => Err(Failure::Rejected(rows)),
        }
    }
}

fn style() -> ProgressStyle {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {per_sec}, {eta} left");
    style.unwrap_or_else(|_| ProgressStyle::default_bar())
}
