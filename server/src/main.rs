//! The program `gridbook`.

use std::process::ExitCode;

use clap::Parser as _;
use gridbook_server::cli::Command;

fn main() -> ExitCode {
    Command::parse().run()
}
