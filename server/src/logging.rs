//! Logs on standard error: JSON or text, without personal data.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    config::LogFormat,
    error::{Error, Result},
};

/// Starts logging. A second call does nothing.
pub fn start(filter: &str, format: LogFormat) -> Result<()> {
    let filter =
        EnvFilter::try_new(filter).map_err(|_| Error::invalid("log", "no filter for logs"))?;
    let registry = tracing_subscriber::registry().with(filter);
    let plain = fmt::layer().with_ansi(false).with_writer(std::io::stderr);
    let _ = match format {
        LogFormat::Text => registry.with(plain).try_init(),
        LogFormat::Json => registry
            .with(plain.json().flatten_event(true).with_current_span(false))
            .try_init(),
    };
    Ok(())
}
