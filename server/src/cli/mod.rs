//! The command line: one file a subcommand.

mod account;
mod backup;
mod check;
mod confirm;
mod demo;
mod enrol;
mod erase;
mod import;
mod nightly;
mod once;
mod rebuild;
mod restore;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Settings, SettingsError};
use once::once;

/// Gridbook's server: phones collect offline, it merges, finds conflicts and dispatches.
#[derive(Debug, Parser)]
#[command(name = "gridbook", version, arg_required_else_help = true)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Serve(serve::Serve),
    Enrol(enrol::Enrol),
    Confirm(confirm::Confirm),
    Account(account::Account),
    Import(import::Import),
    Demo(demo::Demo),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Rebuild(rebuild::Rebuild),
    Verify(check::Check),
    Erase(erase::Erase),
    Nightly(nightly::Nightly),
}

/// Where the settings come from: flags, then environment, then the file, then defaults.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// File of settings (TOML): the same names as the flags, with _ for -
    #[arg(long, short, env = "GRIDBOOK_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Everything that can be set.
    #[command(flatten)]
    pub settings: Settings,
}

/// Why a command failed, for the person who gave it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The settings file.
    #[error("the settings file: {0}")]
    Settings(#[from] SettingsError),
    /// What the server's parts say.
    #[error("{0}")]
    Server(#[from] crate::Error),
    /// Files and sockets.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// An import that did nothing.
    #[error("{0}")]
    Import(#[from] crate::import::ImportError),
    /// An import that left rows out.
    #[error("{0} rows were left out")]
    Rejected(u64),
    /// The demo.
    #[error("{0}")]
    Demo(#[from] crate::demo::DemoError),
}

impl Common {
    /// The configuration they make.
    pub fn config(self) -> Result<Config, Failure> {
        let file = match &self.config {
            Some(path) => Settings::read(path)?,
            None => Settings::default(),
        };
        Ok(Config::from_settings(file, self.settings)?)
    }

    /// The same for a command over data that must be there: a mistyped folder is not made.
    pub fn of_data(self) -> Result<Config, Failure> {
        let config = self.config()?;
        if config.data.join("main.db").exists() {
            Ok(config)
        } else {
            Err(crate::Error::NotFound("database in the data folder").into())
        }
    }
}

impl Command {
    /// Does what was asked. Failures go to standard error in one line.
    pub fn run(self) -> ExitCode {
        let done = match self.what {
            What::Serve(serve) => serve.run(),
            What::Enrol(enrol) => enrol.run(),
            What::Confirm(confirm) => confirm.run(),
            What::Account(account) => account.run(),
            What::Import(import) => import.run(),
            What::Demo(demo) => demo.run(),
            What::Backup(backup) => backup.run(),
            What::Restore(restore) => restore.run(),
            What::Rebuild(rebuild) => rebuild.run(),
            What::Verify(check) => check.run(),
            What::Erase(erase) => erase.run(),
            What::Nightly(nightly) => nightly.run(),
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                say_error(&failure);
                ExitCode::FAILURE
            }
        }
    }
}

#[expect(clippy::print_stderr, reason = "a command speaks to its terminal")]
fn say_error(failure: &Failure) {
    eprintln!("gridbook: {failure}");
}

/// Writes a line to standard output.
#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
pub fn say(line: &str) {
    println!("{line}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Command::command().debug_assert();
    }
}
