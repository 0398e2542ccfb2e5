//! What stands before every handler: the table of routes, the session, the guard against forged
//! requests.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    PREFIX,
    access::{self, BEFORE_FACTOR, BEFORE_PASSWORD, Who},
    cookie,
};
use crate::{
    App,
    error::{Error, Result},
    http::problem::Problem,
    identity::{
        same_secret,
        sessions::{self, Session},
    },
};

/// Repeats the session's secret on every change.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// Lets a request through to its handler, with the [`Session`] and its principal in the extensions.
pub(super) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match pass(&app, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal,
    }
}

async fn pass(app: &App, request: &mut Request) -> Result<(), Response> {
    let refuse = |error: Error| error.into_response();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let path = matched
        .as_ref()
        .and_then(|path| path.as_str().strip_prefix(PREFIX))
        .unwrap_or_default();
    let Some(route) = access::find(request.method(), path) else {
        let allowed = access::methods(path);
        return Err(if allowed.is_empty() {
            refuse(Error::Forbidden("this route is closed"))
        } else {
            wrong_method(&allowed)
        });
    };
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes {
        same_site(request.headers(), request.uri()).map_err(refuse)?;
    }
    let roles = match route.who {
        Who::Anyone => return Ok(()),
        Who::Roles(roles) => roles,
    };
    let session = session(app, request.headers(), request.uri())
        .await
        .map_err(refuse)?;
    if changes {
        let given = request.headers().get(CSRF_HEADER);
        let given = given.map(HeaderValue::as_bytes).unwrap_or_default();
        if !same_secret(given, session.csrf.as_bytes()) {
            return Err(refuse(Error::Forbidden("the X-CSRF-Token is not right")));
        }
    }
    if session.must_change && !BEFORE_PASSWORD.contains(&path) {
        let title = "The password has to be changed first";
        return Err(Problem::new(StatusCode::FORBIDDEN, "password-change", title).into_response());
    }
    if app.config().wants_factor(&session) && !BEFORE_FACTOR.contains(&path) {
        let title = "A second factor has to be set up first";
        return Err(Problem::new(StatusCode::FORBIDDEN, "factor-wanted", title).into_response());
    }
    if !roles.contains(&session.principal.role) {
        return Err(refuse(Error::Forbidden("this is not for your role")));
    }
    if session.stale {
        let digest = session.digest;
        let touched = app.write(move |tx| sessions::touch(tx, digest)).await;
        if let Err(error) = touched {
            tracing::warn!(%error, "a session's last request was not remembered");
        }
    }
    request.extensions_mut().insert(session.principal.clone());
    request.extensions_mut().insert(session);
    Ok(())
}

async fn session(app: &App, headers: &HeaderMap, uri: &Uri) -> Result<Session> {
    let token = cookie::token(headers, uri).ok_or(Error::Unauthenticated("sign in first"))?;
    let now_ms = app.core().now_ms();
    let found = app.read(move |conn| sessions::find(conn, &token, now_ms));
    found
        .await?
        .ok_or(Error::Unauthenticated("the session is over"))
}

/// Refuses a change that another site's page has sent. Browsers say where a request comes from;
/// other clients say nothing, and hold no cookie that another site could use.
fn same_site(headers: &HeaderMap, uri: &Uri) -> Result<()> {
    const FORGED: Error = Error::Forbidden("the request comes from another site");
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return if matches!(site, "same-origin" | "none") {
            Ok(())
        } else {
            Err(FORGED)
        };
    }
    let Some(origin) = text("origin") else {
        return Ok(());
    };
    let origin = origin.split_once("://").map(|(_, authority)| authority);
    // Behind a proxy the name that the browser knows stands in X-Forwarded-Host, which no page of
    // another site can set.
    let ours = [cookie::host(headers, uri), text("x-forwarded-host")];
    if origin.is_some() && ours.contains(&origin) {
        Ok(())
    } else {
        Err(FORGED)
    }
}

/// 405 with `Allow` (RFC 9110, 15.5.6).
fn wrong_method(allowed: &str) -> Response {
    let title = "The path does not take this method";
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", title);
    let mut response = problem.into_response();
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}
