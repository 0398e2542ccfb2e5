//! A server's life: open, listen, serve, stop.

use std::{net::SocketAddr, sync::Arc};

use schemas::SchemaSet;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    App,
    clock::{Clock, ShiftedClock, SystemClock},
    config::Config,
    error::{Error, Result},
    http::{self, Edge},
    logging,
};

/// Runs a server until SIGTERM or SIGINT.
pub fn run(config: Config) -> Result<()> {
    logging::start(&config.log, config.log_format)?;
    let schemas = SchemaSet::builtin().map_err(|_| Error::Internal("the schemas do not parse"))?;
    let clock = clock(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("gridbook-http")
        .build()?;
    runtime.block_on(async move {
        let stop = stop_signal()?;
        let app = App::open(config, schemas, clock)?;
        let listener = TcpListener::bind(app.config().listen).await?;
        announce(listener.local_addr()?, &app);
        let edge = Edge::new(app.config().limits.clone(), app.metrics().clone());
        http::serve(listener, http::service_with(app.clone(), &edge), edge, stop).await;
        // What waits is written before the program ends.
        tokio::task::spawn_blocking(move || app.close())
            .await
            .map_err(|_| Error::Internal("the store did not close"))?;
        tracing::info!("stopped");
        Ok(())
    })
}

/// The clock that the settings ask for.
pub fn clock(config: &Config) -> Arc<dyn Clock> {
    match config.clock_offset_ms {
        0 => Arc::new(SystemClock),
        offset_ms => Arc::new(ShiftedClock { offset_ms }),
    }
}

/// Says where it listens, for people and for programs that started it with port 0.
fn announce(address: SocketAddr, app: &App) {
    crate::cli::say(&format!("listening on http://{address}"));
    let data = app.config().data.display();
    tracing::info!(%address, %data, version = env!("CARGO_PKG_VERSION"), "listening");
    if app.config().clock_offset_ms != 0 {
        tracing::warn!("the clock is shifted: for tests alone");
    }
}

fn stop_signal() -> Result<impl Future<Output = ()> + Send> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: requests under way are finished");
    })
}
