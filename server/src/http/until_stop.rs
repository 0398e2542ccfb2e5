//! Answers that last end when the server stops.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Extension,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use hyper::body::Frame;
use tokio::sync::mpsc;

use super::Edge;

/// Types of answers that last.
const LASTING: [&str; 2] = ["text/event-stream", "application/x-ndjson"];

/// Ends an answer that lasts when the server stops.
pub(super) async fn until_stop(
    Extension(edge): Extension<Edge>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| LASTING.iter().any(|lasting| kind == lasting)) {
        return response;
    }
    let mut stopping = edge.stopping();
    response.map(|body| {
        Body::new(UntilStop {
            body,
            stop: Box::pin(async move {
                // An error says that the edge is gone, which stops as well.
                let _ = stopping.wait_for(|stop| *stop).await;
            }),
        })
    })
}

struct UntilStop {
    body: Body,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl HttpBody for UntilStop {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.stop.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }
}

/// A body of pieces that somebody else sends.
pub(super) struct Pieces(pub(super) mpsc::Receiver<Bytes>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let next = self.0.poll_recv(cx);
        next.map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}
