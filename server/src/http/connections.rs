//! Connections: a bounded number, a head in time, and an end when the server stops.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, extract::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tower::ServiceExt as _;

use super::{Edge, unread::Unread};

/// Bytes of a request's head that are always taken; at twice as many it is refused.
const HEAD_BYTES: usize = 32 * 1024;
/// Headers of a request at most.
const HEADERS: usize = 64;

/// Who is at the other end, as an extension of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Serves until `stop`, then finishes what is under way, for a bounded time.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    edge: Edge,
    stop: impl Future<Output = ()> + Send,
) {
    let open = edge.limits().connections;
    let turns = Arc::new(Semaphore::new(open));
    tokio::pin!(stop);
    loop {
        // A connection is taken off the system's queue only when there is a turn for it.
        let next = async {
            let turn = turns.clone().acquire_owned().await;
            (turn, listener.accept().await)
        };
        let (turn, accepted) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        let (Ok(turn), Ok((stream, peer))) = (turn, accepted) else {
            // Out of files, for one: connections that end give some back.
            sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        let (router, edge) = (router.clone(), edge.clone());
        tokio::spawn(async move {
            edge.metrics().connections.inc();
            connection(stream, peer, router, &edge).await;
            edge.metrics().connections.dec();
            drop(turn);
        });
    }
    drop(listener);
    edge.stop();
    let all = u32::try_from(open).unwrap_or(u32::MAX);
    if timeout(edge.limits().shutdown, turns.acquire_many(all))
        .await
        .is_err()
    {
        tracing::warn!("requests were cut off after the time for stopping");
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, edge: &Edge) {
    // Small answers are not held back to be joined with later ones.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Unread::new(stream, edge.limits().unread));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move { answer(router, request, peer).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(edge.limits().head)
        .keep_alive(true)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(io, service);
    tokio::pin!(connection);
    let mut stopping = edge.stopping();
    let stop = async move {
        // An error says that the edge is gone, which stops as well.
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    tokio::select! {
        // A connection that ends badly is the client's affair.
        _ = connection.as_mut() => return,
        () = stop => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer(
    router: Router,
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response, Infallible> {
    let mut request: Request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer));
    router.oneshot(request).await
}
