//! `POST /v1/sync`: bundles in, what is ready out.

use std::{sync::Arc, time::Duration};

use sync_core::{
    DeviceId,
    bundle::{Bundle, OutboxFile},
    sync::{BundleProblem, PROTOCOL, SyncRequest, SyncResponse},
};

use super::{
    gap,
    prepare::{Desk, Prepared},
};
use crate::{
    App,
    devices::{self, Device},
    error::{Error, Result},
    feed, journal, own,
};

/// How long an answer waits for what it brought to be verified.
const PATIENCE: Duration = Duration::from_millis(150);
/// Changes that may be ahead of what a request brought for the answer to wait. Where many send at
/// once each is acknowledged as soon as its bundles are on disk, and told the rest next time.
const AHEAD: usize = 64;

/// Answers a device's request.
pub async fn answer(app: &App, device: DeviceId, body: Vec<u8>) -> Result<Vec<u8>> {
    let request = SyncRequest::from_bytes(&body)
        .map_err(|_| Error::Malformed("the request is not a sync request of this protocol"))?;
    drop(body);
    if request.device != device {
        return Err(Error::Forbidden("the request names another device"));
    }
    let request = Arc::new(request);
    let known = app.device(device).await?;
    for file in request.carried.iter().flatten() {
        carry(app, file).await?;
    }
    let leaves_out = gap::knows_the_epoch(&request, app.core().epoch());
    let Taken { problem, soon } = take(app, &known, request.bundles.clone(), leaves_out).await?;
    if let Some(returned) = request.returned.clone()
        && !returned.is_empty()
    {
        app.write(move |tx| own::take_back(tx, &returned)).await?;
    }
    if let Some(position) = soon {
        let _ = tokio::time::timeout(PATIENCE, app.backlog().wait(position)).await;
    }
    if !known.revoked && known.certificate.has_ended(app.core().now_ms()) {
        app.write(move |tx| devices::end_cover(tx, device)).await?;
    }
    devices::seen(app, device, &request);
    respond(app, request, problem).await
}

/// What became of the bundles of a request.
#[derive(Default)]
struct Taken {
    /// The first that is not acknowledged.
    problem: Option<BundleProblem>,
    /// The position of the last, if its verdict is to be waited for.
    soon: Option<u64>,
}

/// Takes bundles of one device in.
async fn take(app: &App, device: &Device, bundles: Vec<Bundle>, leaves_out: bool) -> Result<Taken> {
    if bundles.is_empty() {
        return Ok(Taken::default());
    }
    // One request of a device at a time: its chain has one end.
    let _lane = app.lane(device.id).lock_owned().await;
    let prepared = prepare(app, device.clone(), bundles, leaves_out).await?;
    let Prepared {
        appends,
        mut work,
        problem,
        gap,
        fork,
    } = prepared;
    let mut soon = None;
    if let Some(gap) = gap {
        // In the journal ahead of the bundle behind it.
        app.write(move |tx| gap.note(tx)).await?;
    }
    if !appends.is_empty() {
        let positions = app.journal().append(appends).await?;
        for (work, position) in work.iter_mut().zip(positions) {
            work.position = position;
            soon = Some(position);
        }
        let ahead = app.backlog().push(work);
        soon = soon.filter(|_| ahead <= AHEAD || app.backlog().is_half_full(device.id));
        app.writer().wake();
    }
    if let Some(fork) = fork {
        app.write(move |tx| devices::forked(tx, &fork)).await?;
    }
    Ok(Taken { problem, soon })
}

async fn prepare(
    app: &App,
    device: Device,
    bundles: Vec<Bundle>,
    leaves_out: bool,
) -> Result<Prepared> {
    let inner = app.clone();
    app.read(move |main| {
        inner.journal().readers().read_now(|journal| {
            let desk = Desk {
                main,
                journal,
                core: inner.core(),
                backlog: inner.backlog(),
                leaves_out,
            };
            desk.prepare(&device, &bundles)
        })
    })
    .await
}

/// An outbox file that this phone carries for another: its author is answered in the author's own
/// stream, never the carrier.
async fn carry(app: &App, file: &[u8]) -> Result<()> {
    let Ok(file) = OutboxFile::from_bytes(file) else {
        return Ok(());
    };
    let Some(author) = file.bundles.first().map(|bundle| bundle.device) else {
        return Ok(());
    };
    let Ok(device) = app.device(author).await else {
        return Ok(());
    };
    // What a carrier leaves out its author may have.
    take(app, &device, file.bundles, false).await.map(|_| ())
}

async fn respond(
    app: &App,
    request: Arc<SyncRequest>,
    problem: Option<BundleProblem>,
) -> Result<Vec<u8>> {
    let device = request.device;
    let acknowledged = app
        .journal()
        .readers()
        .read(move |conn| Ok(journal::chain_head(conn, device)?.number))
        .await?;
    let inner = app.clone();
    app.read(move |conn| {
        let core = inner.core();
        let down = feed::downstream(conn, &inner, &request)?;
        let response = SyncResponse {
            protocol: PROTOCOL,
            epoch: core.epoch(),
            server_ms: core.now_ms(),
            acknowledged,
            backed_up: down.backed_up.min(acknowledged),
            problem,
            items: down.items,
            feeds: down.feeds,
            packs: down.packs,
            more: down.more,
            retry_after_ms: None,
            wants_returned: own::wants_returned(conn)?.then_some(true),
            server_backed_up: Some(own::backed_up(conn)?),
        };
        Ok(response.to_bytes())
    })
    .await
}
