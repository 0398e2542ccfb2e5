//! The program, built once a test process, in the profile of the tests themselves.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::OnceLock,
};

use super::ServerError;

/// The program's path. `GRIDBOOK_BIN` names one that is built already.
pub(super) fn gridbook() -> Result<PathBuf, ServerError> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    BUILT
        .get_or_init(|| match std::env::var_os("GRIDBOOK_BIN") {
            Some(path) => Some(path.into()),
            None => build(),
        })
        .clone()
        .ok_or(ServerError::Build)
}

fn build() -> Option<PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--locked", "--quiet", "--message-format=json"])
        // The whole workspace is chosen, with a small test of it, so that shared packages have the
        // features that they have in `cargo test --workspace`, and are compiled once.
        .args(["--workspace", "--bin", "gridbook", "--test", "builtin"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit());
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    // What cargo told this process about its own package. Build scripts that watch some of it
    // would run again, and everything behind them be compiled again, each time.
    for (name, _) in std::env::vars_os() {
        let told = name.to_str().is_some_and(|name| {
            [
                "CARGO_PKG_",
                "CARGO_MANIFEST_",
                "CARGO_BIN_",
                "CARGO_CRATE_",
            ]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        });
        if told {
            cargo.env_remove(name);
        }
    }
    let output = cargo.output().ok()?;
    let messages = String::from_utf8(output.stdout).ok()?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| {
            message
                .pointer("/target/name")
                .is_some_and(|name| name == "gridbook")
        })
        .find_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
        .filter(|_| output.status.success())
}
