//! Plays a scenario with phones in other processes:
//! `stage SCENARIO SEEN [PHONE=]COMMAND...`
//!
//! A command without a phone plays all that nobody else does. What the phones saw is compared with
//! the file SEEN.

use std::{env, fs, path::Path, process::ExitCode};

use gridbook_tests::stage::{Child, Scenario, Stage, StageError};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [scenario, golden, runners @ ..] = arguments.as_slice() else {
        eprintln!("usage: stage SCENARIO SEEN [PHONE=]COMMAND...");
        return ExitCode::FAILURE;
    };
    match play(Path::new(scenario), Path::new(golden), runners) {
        Ok(steps) => {
            eprintln!("{steps} steps, seen as expected");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn play(scenario: &Path, golden: &Path, runners: &[String]) -> Result<usize, StageError> {
    let scenario = Scenario::read(scenario)?;
    let mut stage = Stage::new()?;
    for (number, runner) in runners.iter().enumerate() {
        let folder = stage.folder().join(format!("books-{number}"));
        fs::create_dir_all(&folder)?;
        match runner.split_once('=') {
            Some((phone, command)) if phone.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                stage.cast(phone, Child::start(command, &folder)?);
            }
            _ => stage.cast_others(Child::start(runner, &folder)?),
        }
    }
    stage.play(&scenario, golden)?;
    Ok(scenario.steps.len())
}
