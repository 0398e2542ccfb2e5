//! What stands around every handler.

use std::{any::Any, time::Instant};

use axum::{
    Extension, Router,
    extract::{MatchedPath, Request},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
};
use hyper::body::Body as _;
use sync_core::{DeviceId, limits::MAX_REQUEST_BYTES};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
    set_header::SetResponseHeaderLayer,
};

use super::{Edge, body, problem::Problem, refuse};
use crate::error::Error;

/// The device that signed, for the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignedBy(pub(super) DeviceId);

/// Puts around all routes what all have: security headers, log and counters, no panic.
pub(super) fn around<S>(routes: Router<S>, edge: &Edge) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let fixed = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    routes
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(observe))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
        .layer(fixed(header::CACHE_CONTROL, "no-store"))
        .layer(fixed(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ))
        .layer(fixed(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ))
        .layer(Extension(edge.clone()))
}

/// JSON of some length goes out compressed to those who ask; streams and pictures do not.
pub(super) fn gzip() -> CompressionLayer<impl Predicate> {
    let is_json = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
        let kind = headers.get(header::CONTENT_TYPE);
        kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
    };
    CompressionLayer::new().compress_when(SizeAbove::new(1_024).and(is_json))
}

/// One of a bounded number of turns, or the request is told to come again.
pub(super) async fn turn(
    Extension(edge): Extension<Edge>,
    request: Request,
    next: Next,
) -> Response {
    let Ok(_turn) = edge.requests().clone().try_acquire_owned() else {
        edge.metrics().shed.inc();
        return Error::Busy {
            retry_after_ms: 2_000,
        }
        .into_response();
    };
    next.run(request).await
}

/// An answer in the time that a request may take: reading its body included.
pub(super) async fn in_time(
    Extension(edge): Extension<Edge>,
    request: Request,
    next: Next,
) -> Response {
    let limits = edge.limits();
    let time = limits.request + limits.body;
    let Ok(response) = tokio::time::timeout(time, next.run(request)).await else {
        tracing::error!("a request took too long");
        return Error::Busy {
            retry_after_ms: 5_000,
        }
        .into_response();
    };
    response
}

/// The whole body, read in time, for handlers that do not watch the clock themselves.
pub(super) async fn gathered(
    Extension(edge): Extension<Edge>,
    request: Request,
    next: Next,
) -> Response {
    match body::gather(request, MAX_REQUEST_BYTES, edge.limits()).await {
        Ok(request) => next.run(request).await,
        Err(refused) => refused,
    }
}

/// Logs and counts a request: by its route's template, without query, names or bodies.
async fn observe(Extension(edge): Extension<Edge>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let method = method_name(request.method());
    let bytes_in = request.body().size_hint().lower();
    let response = next.run(request).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    let bytes_out = response.body().size_hint().lower();
    let metrics = edge.metrics();
    metrics.served(&route, method, status, took);
    let label = crate::metrics::Route {
        route: route.clone(),
    };
    metrics.bytes_in.get_or_create(&label).inc_by(bytes_in);
    metrics.bytes_out.get_or_create(&label).inc_by(bytes_out);
    let device = response.extensions().get::<SignedBy>().map(|by| by.0);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        target: "gridbook_server::request",
        method,
        route,
        status,
        ms,
        bytes_in,
        bytes_out,
        device = device.map(tracing::field::display),
        "answered"
    );
    response
}

/// A method's name, of which there are few: anybody can make one up.
fn method_name(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// A panic in a handler is this request's fault alone. What it said may hold a value: it is not
/// logged.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    refuse(Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "A fault of the server",
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::{body::to_bytes, routing::get};
    use tower::ServiceExt as _;

    use super::*;
    use crate::{config::Limits, metrics::Metrics};

    fn edge(request: Duration) -> Edge {
        let limits = Limits {
            request,
            body: Duration::ZERO,
            ..Limits::default()
        };
        Edge::new(limits, Metrics::default())
    }

    async fn ask(routes: Router, path: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::get(path).body(axum::body::Body::empty()).unwrap();
        let response = routes.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 65_536).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        (parts.status, parts.headers, text)
    }

    #[tokio::test]
    async fn a_panic_is_answered_without_what_it_said_and_the_next_request_is_served() {
        async fn panics() -> &'static str {
            panic!("of 310112199001011233")
        }
        let edge = edge(Duration::from_secs(9));
        let routes = Router::new()
            .route("/panics", get(panics))
            .route("/well", get(async || "well"));
        let routes = around(routes, &edge);
        let (status, headers, body) = ask(routes.clone(), "/panics").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(problem["type"], "/problems/internal");
        assert!(
            problem.get("detail").is_none() && !body.contains("3101"),
            "{body}"
        );
        let counted = "route=\"/panics\",method=\"GET\",status=\"500\"} 1";
        assert!(edge.metrics().text().unwrap().contains(counted));
        assert_eq!(ask(routes, "/well").await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_a_busy_server() {
        let edge = edge(Duration::from_millis(5));
        let routes = Router::new()
            .route("/never", get(std::future::pending::<&'static str>))
            .route("/well", get(async || "well"))
            .layer(from_fn(in_time))
            .layer(Extension(edge));
        let (status, headers, body) = ask(routes.clone(), "/never").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(headers[header::RETRY_AFTER], "5");
        assert!(body.contains("/problems/busy"), "{body}");
        assert_eq!(ask(routes, "/well").await.0, StatusCode::OK);
    }
}
