//! The pages that are inside the binary: the phone app at /app. A server that was built without
//! them answers with a plain page that says how to build them.

mod answer;

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use rust_embed::Embed;

use crate::app::App;

/// What `make app` made of mobile-bindings/app.
#[derive(Embed)]
#[folder = "../mobile-bindings/app/dist"]
#[allow_missing = true]
struct PhoneApp;

/// What a page of the phone app may do: only its own origin; WebAssembly; pictures that it made.
const PHONE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; media-src 'self' blob:; \
    font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/app", get(|| async { Redirect::permanent("/app/") }))
        .route(
            "/app/",
            get(|headers| async move { phone_app("index.html", &headers) }),
        )
        .route(
            "/app/{*path}",
            get(|Path(path): Path<String>, headers: HeaderMap| async move {
                phone_app(&path, &headers)
            }),
        )
}

fn phone_app(path: &str, headers: &HeaderMap) -> Response {
    if PhoneApp::get("index.html").is_none() {
        return (
            StatusCode::NOT_FOUND,
            [("content-type", "text/html; charset=utf-8")],
            include_str!("not-built.html"),
        )
            .into_response();
    }
    answer::answer::<PhoneApp>(path, headers, PHONE_POLICY)
        .unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}
