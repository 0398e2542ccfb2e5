//! For operators and what watches over the server.

use axum::{Extension, Router, extract::State, http::header, response::IntoResponse, routing::get};

use super::Edge;
use crate::{
    app::App,
    error::{Error, Result},
    journal,
    records::reproject,
    store::marks,
    uploads,
};

const NOT_READY: Error = Error::Busy {
    retry_after_ms: 10_000,
};
/// Bundles that wait to be verified from which the server is not ready for more.
const FAR_BEHIND: usize = 20_000;
/// A file of the data folder that is written and removed again.
const PROBE: &str = "ready.probe";

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/healthz", get(lives))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

/// The process lives.
async fn lives() -> &'static str {
    "ok\n"
}

/// The stores answer, the disk takes something, and verification is not far behind. Why not is for the log.
async fn ready(State(app): State<App>) -> Result<&'static str> {
    if let Err(error) = answers(&app).await {
        tracing::error!(%error, "not ready: a store does not answer");
        return Err(NOT_READY);
    }
    if app.backlog().len() > FAR_BEHIND {
        return Err(NOT_READY);
    }
    Ok("ready\n")
}

/// Reads each store, and looks whether its file is still the one that new connections would open.
async fn answers(app: &App) -> Result<()> {
    app.read(|conn| Ok(conn.query_row("SELECT count(*) FROM meta", [], |_| Ok(()))?))
        .await?;
    app.journal().readers().read(journal::last_position).await?;
    // A disk that is full or was mounted read-only answers every read.
    let probe = app.config().data.join(PROBE);
    tokio::fs::write(&probe, [0; 4_096]).await?;
    match tokio::fs::remove_file(&probe).await {
        // Somebody else asked at the same time.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        removed => removed?,
    }
    for name in ["main.db", "journal.db", "keys.db"] {
        tokio::fs::metadata(app.config().data.join(name)).await?;
    }
    Ok(())
}

async fn metrics(
    State(app): State<App>,
    Extension(edge): Extension<Edge>,
) -> Result<impl IntoResponse> {
    look(&app).await?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], edge.metrics().text()?))
}

/// Looks up what is not counted as it happens.
async fn look(app: &App) -> Result<()> {
    let metrics = app.metrics();
    let position = app.journal().readers().read(journal::last_position).await?;
    metrics.journal_position.set(gauge(position));
    metrics.backlog.set(gauge(app.backlog().len() as u64));
    let (verified, held, refused, left, files) = app
        .read(|conn| {
            let one = |sql: &str| -> Result<u64> { Ok(conn.query_row(sql, [], |row| row.get(0))?) };
            Ok((
                marks::verified_through(conn)?,
                one("SELECT count(*) FROM held WHERE state = 'held'")?,
                one("SELECT count(*) FROM held WHERE state = 'refused'")?,
                reproject::left(conn)?,
                uploads::totals(conn)?,
            ))
        })
        .await?;
    metrics.verified_position.set(gauge(verified));
    metrics.held.set(gauge(held));
    metrics.refused.set(gauge(refused));
    metrics.reproject_left.set(gauge(left));
    metrics.files_bytes.set(gauge(files.0));
    metrics.uploads_open.set(gauge(files.1));
    Ok(())
}

fn gauge(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
