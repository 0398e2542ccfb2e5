//! The pages that are inside the binary: the console at /, the phone app at /app. A server that was
//! built without them answers with a plain page that says how to build them.

mod answer;

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse as _, Redirect, Response},
    routing::get,
};
use rust_embed::Embed;

use crate::app::App;

/// What `make console` made of server/console.
#[derive(Embed)]
#[folder = "console/dist"]
#[allow_missing = true]
struct Console;

/// What `make app` made of mobile-bindings/app.
#[derive(Embed)]
#[folder = "../mobile-bindings/app/dist"]
#[allow_missing = true]
struct PhoneApp;

/// What a page of the console may do: only its own origin; pictures that it made.
const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self'; \
    connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// What a page of the phone app may do: only its own origin; WebAssembly; pictures that it made.
const PHONE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; media-src 'self' blob:; \
    font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// What is said where pages are missing.
const NOT_BUILT: &str = include_str!("not-built.html");

pub(super) fn router() -> Router<App> {
    let console = |path: &'static str| {
        get(
            move |headers: HeaderMap| async move { file::<Console>(path, &headers, CONSOLE_POLICY) },
        )
    };
    Router::new()
        .route("/", console("index.html"))
        .route("/icon.svg", console("icon.svg"))
        .route(
            "/assets/{*path}",
            get(|Path(path): Path<String>, headers: HeaderMap| async move {
                file::<Console>(&format!("assets/{path}"), &headers, CONSOLE_POLICY)
            }),
        )
        .route("/app", get(|| async { Redirect::permanent("/app/") }))
        .route(
            "/app/",
            get(|headers: HeaderMap| async move {
                file::<PhoneApp>("index.html", &headers, PHONE_POLICY)
            }),
        )
        .route(
            "/app/{*path}",
            get(|Path(path): Path<String>, headers: HeaderMap| async move {
                file::<PhoneApp>(&path, &headers, PHONE_POLICY)
            }),
        )
}

fn file<F: Embed>(path: &str, headers: &HeaderMap, policy: &str) -> Response {
    if F::get("index.html").is_none() {
        return (StatusCode::NOT_FOUND, Html(NOT_BUILT)).into_response();
    }
    answer::answer::<F>(path, headers, policy)
        .unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}
