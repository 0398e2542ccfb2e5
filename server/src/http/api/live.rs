//! Server-sent events: what a console page may want to fetch again. Events name grids, devices and
//! offices within one's scope, never what changed in them.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use hyper::body::Frame;
use schemas::access::Role;
use serde_json::json;
use tokio::sync::{broadcast::error::RecvError, mpsc};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App,
    app::News,
    devices::roster,
    error::{Error, Result},
    http::Edge,
    identity::{
        Principal,
        sessions::{self, Session},
    },
};

/// Events that a slow page may be behind; past it its stream ends and it comes again.
const BEHIND: usize = 64;
/// A line without meaning now and then keeps the way open, and tells when nobody listens.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(live))
}

/// News as they happen: `grid`, `device`, `office`, `review`, or `refresh` where some were missed.
/// The stream ends with the session.
#[utoipa::path(get, path = "/live", tag = "places",
    responses((status = 200, content_type = "text/event-stream", body = String)))]
async fn live(
    State(app): State<App>,
    Extension(edge): Extension<Edge>,
    Extension(session): Extension<Session>,
) -> Result<Response> {
    let busy = Error::Busy {
        retry_after_ms: 30_000,
    };
    let place = edge.streams().clone().try_acquire_owned();
    let place = place.map_err(|_| busy)?;
    let (to, from) = mpsc::channel(BEHIND);
    // A first line makes the answer begin at once.
    let _ = to.try_send(Bytes::from_static(b": open\n\nretry: 3000\n\n"));
    tokio::spawn(async move {
        let _place = place;
        let mut stopping = edge.stopping();
        tokio::select! {
            () = tell(&app, &session, &to) => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    });
    let kind = HeaderValue::from_static("text/event-stream");
    let fresh = HeaderValue::from_static("no-store");
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, fresh)];
    Ok((headers, Body::new(Events(from))).into_response())
}

/// The body of a stream.
struct Events(mpsc::Receiver<Bytes>);

impl axum::body::HttpBody for Events {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let next = self.0.poll_recv(context);
        next.map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}

/// Tells until nobody listens, the listener is too slow, or the session is over.
async fn tell(app: &App, session: &Session, to: &mpsc::Sender<Bytes>) {
    let mut news = app.news();
    let mut beat = tokio::time::interval(HEARTBEAT);
    beat.tick().await;
    loop {
        let event = tokio::select! {
            happened = news.recv() => match happened {
                Ok(news) => match event(app, &session.principal, news).await {
                    Some(event) => event,
                    None => continue,
                },
                Err(RecvError::Lagged(_)) => "event: refresh\ndata: {}\n\n".to_owned(),
                Err(RecvError::Closed) => return,
            },
            _ = beat.tick() => {
                if !still_in(app, session).await {
                    return;
                }
                ": beat\n\n".to_owned()
            }
            () = to.closed() => return,
        };
        if to.try_send(event.into()).is_err() {
            return;
        }
    }
}

async fn still_in(app: &App, session: &Session) -> bool {
    let (digest, now_ms) = (session.digest, app.core().now_ms());
    let found = app.read(move |conn| sessions::in_force(conn, digest, now_ms));
    found.await.unwrap_or(false)
}

/// The event of news, if the person may know of it.
async fn event(app: &App, who: &Principal, news: News) -> Option<String> {
    let reads = matches!(
        who.role,
        Role::Supervisor | Role::OfficeClerk | Role::OfficeHead
    );
    let (name, data) = match news {
        News::Grid(grid) => {
            if !reads || !who.covers(&grid) {
                return None;
            }
            ("grid", json!({ "grid": grid }))
        }
        News::Review(grid) => {
            if who.role != Role::Supervisor || !who.covers(&grid) {
                return None;
            }
            ("review", json!({ "grid": grid }))
        }
        News::Office(office) => {
            if who.office.as_deref() != Some(office.as_str()) {
                return None;
            }
            ("office", json!({ "office": office }))
        }
        News::Device(device) => {
            if !matches!(who.role, Role::Supervisor | Role::Administrator) {
                return None;
            }
            let who = who.clone();
            let core = app.core().clone();
            let seen = app.read(move |conn| roster::find_device(conn, &core, &who, device));
            seen.await.ok()?;
            ("device", json!({ "device": device.to_string() }))
        }
    };
    Some(format!("event: {name}\ndata: {data}\n\n"))
}
