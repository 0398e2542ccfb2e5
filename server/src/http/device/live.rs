//! GET /v1/live: a stream that says "there is more", and nothing of what it is.
//!
//! Lines of JSON: `{"more":true}` when the device's stream or one of its grids went on, `{}` to
//! keep the way open. A phone that hears the former syncs.

use std::time::Duration;

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use tokio::{
    sync::{
        broadcast::error::RecvError,
        mpsc::{self, error::TrySendError},
    },
    time::{MissedTickBehavior, interval},
};

use super::{Caller, standing};
use crate::{
    app::{App, News},
    devices::Device,
    error::{Error, Result},
    http::{Edge, until_stop::Pieces},
};

const MORE: Bytes = Bytes::from_static(b"{\"more\":true}\n");
const NOTHING: Bytes = Bytes::from_static(b"{}\n");
/// Lines that a slow phone may be behind; one is enough to make it come.
const BEHIND: usize = 4;
/// Some networks forget a connection on which nothing was said for half a minute.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// A stream ends after this; the phone signs anew, and is asked anew whether it may.
const HEARTBEATS: u32 = 144;

pub(super) async fn live(
    State(app): State<App>,
    Extension(edge): Extension<Edge>,
    Extension(caller): Extension<Caller>,
) -> Result<Response> {
    let device = standing::need_good(&app, caller.device).await?;
    let place = edge.streams().clone().try_acquire_owned();
    let place = place.map_err(|_| Error::Busy {
        retry_after_ms: 30_000,
    })?;
    let (to, from) = mpsc::channel(BEHIND);
    // A first line makes the answer begin at once.
    let _ = to.try_send(NOTHING);
    tokio::spawn(async move {
        let _place = place;
        edge.metrics().live_streams.inc();
        tell(&app, &device, &to).await;
        edge.metrics().live_streams.dec();
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((kind, Body::new(Pieces(from))).into_response())
}

/// Tells until nobody listens, or it is time to sign anew.
async fn tell(app: &App, device: &Device, to: &mpsc::Sender<Bytes>) {
    let mut news = app.news();
    let mut beat = interval(HEARTBEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    beat.tick().await;
    let mut beats = 0;
    loop {
        let line = tokio::select! {
            () = to.closed() => return,
            _ = beat.tick() => {
                beats += 1;
                NOTHING
            }
            heard = news.recv() => match heard {
                Ok(news) if concerns(app, device, &news) => MORE,
                Ok(_) => continue,
                Err(RecvError::Lagged(_)) => MORE,
                Err(RecvError::Closed) => return,
            },
        };
        // What waits says the same.
        if let Err(TrySendError::Closed(_)) = to.try_send(line) {
            return;
        }
        if beats > HEARTBEATS {
            return;
        }
    }
}

fn concerns(app: &App, device: &Device, news: &News) -> bool {
    match news {
        News::Grid(grid) => device.certificate.opens(grid, app.core().now_ms()),
        News::Device(id) => *id == device.id,
        News::Office(_) | News::Review(_) => false,
    }
}
