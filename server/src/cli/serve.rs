//! `gridbook serve`.

use clap::Args;

use super::{Common, Failure, say};
use crate::{error::Error, serve};

/// Run the server until it is told to stop (Ctrl-C or SIGTERM).
///
/// Every setting can be given as a flag, as an environment variable or in a file; a flag goes
/// before the environment, the environment before the file.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  gridbook serve                            try it: data in ./gridbook-data, http://127.0.0.1:8080
  gridbook serve --config /etc/gridbook.toml
  gridbook serve --print-config             what the settings come to, as a file of settings

Put a web server with a certificate (TLS) before it: phones speak to https only.
Is it well?  GET /healthz (it lives), /readyz (it answers), /metrics (Prometheus).
Then: gridbook enrol --help")]
pub(super) struct Serve {
    #[command(flatten)]
    common: Common,
    /// Print the settings in force, as a settings file, and end
    #[arg(long)]
    print_config: bool,
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.config()?;
        if self.print_config {
            let text = toml::to_string(&config.to_settings())
                .map_err(|_| Error::Internal("settings cannot be written"))?;
            say(text.trim_end());
            return Ok(());
        }
        Ok(serve::run(config)?)
    }
}
