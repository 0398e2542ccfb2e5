//! Signing in and out, one's own password and second factor.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{cookie, extract::Body};
use crate::{
    App,
    error::{Error, Result},
    http::problem::Problem,
    identity::{
        accounts, audit, password,
        sessions::{self, Session},
        signin::{self, Attempt, Outcome},
        totp,
    },
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(begin, show, end))
        .routes(routes!(change_password))
        .routes(routes!(offer_factor, accept_factor))
}

/// What someone signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// Login.
    login: String,
    /// Password.
    password: String,
    /// Code of the second factor, if the answer asked for it.
    code: Option<String>,
}

/// The person behind a session.
#[derive(Serialize, ToSchema)]
struct SessionView {
    /// Login.
    login: String,
    /// Name.
    name: String,
    /// Role.
    role: &'static str,
    /// Office, for office roles.
    office: Option<String>,
    /// Codes of areas.
    areas: Vec<String>,
    /// To be sent as `X-CSRF-Token` with every change.
    csrf: String,
    /// When the session ends at the latest, ms.
    ends_ms: i64,
    /// Whether it ends earlier without requests: after this many ms.
    idle_ms: i64,
    /// Whether the password has to be changed before anything else.
    must_change_password: bool,
    /// Whether a second factor is in force.
    second_factor: bool,
    /// Whether one has to be set up before anything else.
    factor_wanted: bool,
}

impl SessionView {
    fn of(app: &App, session: &Session) -> Self {
        let who = &session.principal;
        Self {
            login: who.login.clone(),
            name: who.name.clone(),
            role: who.role.as_str(),
            office: who.office.clone(),
            areas: who.areas.clone(),
            csrf: session.csrf.clone(),
            ends_ms: session.ends_ms,
            idle_ms: sessions::IDLE_MS,
            must_change_password: session.must_change,
            second_factor: session.second_factor,
            factor_wanted: app.config().wants_factor(session),
        }
    }
}

/// Signs in.
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn,
    responses((status = 200, body = SessionView), (status = 401, body = Problem),
              (status = 429, body = Problem)))]
async fn begin(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Body(given): Body<SignIn>,
) -> Result<Response> {
    let way = cookie::way(&headers, &uri);
    // Said before the password is looked at, not after.
    cookie::set(None, way)?;
    let attempt = Attempt {
        login: given.login,
        password: given.password,
        code: given.code,
    };
    Ok(match signin::sign_in(&app, attempt).await? {
        Outcome::In(token, session) => {
            let mut response = Json(SessionView::of(&app, &session)).into_response();
            let cookie = cookie::set(Some(&token.0), way)?;
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            response
        }
        refused => not_in(&refused),
    })
}

fn not_in(outcome: &Outcome) -> Response {
    let unauthorized = |name, title| Problem::new(StatusCode::UNAUTHORIZED, name, title);
    match outcome {
        Outcome::Wait(ms) => {
            let title = "Too many attempts";
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", title);
            let mut response = problem.into_response();
            let seconds = HeaderValue::from((ms / 1_000).max(0) + 1);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            response
        }
        Outcome::CodeWanted => {
            unauthorized("code-wanted", "The code of the second factor is needed").into_response()
        }
        Outcome::Wrong | Outcome::In(..) => {
            unauthorized("wrong-sign-in", "The login, password or code is wrong").into_response()
        }
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session",
    responses((status = 200, body = SessionView)))]
async fn show(State(app): State<App>, Extension(session): Extension<Session>) -> Json<SessionView> {
    Json(SessionView::of(&app, &session))
}

/// Signs out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
async fn end(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response> {
    app.write(move |tx| sessions::end(tx, session.digest))
        .await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    let cookie = cookie::set(None, cookie::way(&headers, &uri))?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    /// The present one.
    old: String,
    /// At least 10 characters.
    new: String,
}

/// Changes one's own password; all one's sessions end.
#[utoipa::path(post, path = "/session/password", tag = "session", request_body = NewPassword,
    responses((status = 204), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn change_password(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Body(given): Body<NewPassword>,
) -> Result<Response> {
    let who = session.principal.clone();
    password::check(&who.login, &given.new)?;
    if given.old == given.new {
        let reason = "the new password is the old one";
        return Err(Error::invalid("password", reason));
    }
    let outcome = signin::confirm(&app, &session, given.old).await?;
    let Outcome::In(..) = outcome else {
        return Ok(not_in(&outcome));
    };
    let hash = password::hash(given.new).await?;
    app.write(move |tx| {
        accounts::set_password(tx, who.account, &hash, false)?;
        let object = format!("{{\"account\":{}}}", who.account);
        audit::note(tx, &who, "account.password", &object, None, "")
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Proof that it is the person: their password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnPassword {
    /// The present password.
    password: String,
}

/// A second factor to put into an authenticator.
#[derive(Serialize, ToSchema)]
struct Factor {
    /// The secret in base32, to type.
    secret: String,
    /// The same as an otpauth address, for a QR code.
    uri: String,
}

/// Makes a new second factor; it is in force once its first code is given.
#[utoipa::path(post, path = "/session/factor", tag = "session", request_body = OwnPassword,
    responses((status = 200, body = Factor), (status = 401, body = Problem)))]
async fn offer_factor(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Body(given): Body<OwnPassword>,
) -> Result<Response> {
    let outcome = signin::confirm(&app, &session, given.password).await?;
    let Outcome::In(..) = outcome else {
        return Ok(not_in(&outcome));
    };
    let (id, login) = (session.principal.account, session.principal.login);
    let for_uri = login.clone();
    let secret = app
        .write(move |tx| signin::offer_factor(tx, id, &login))
        .await?;
    let factor = Factor {
        secret: totp::base32(&secret),
        uri: totp::uri(&for_uri, &secret),
    };
    Ok(Json(factor).into_response())
}

/// The first code of a new second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Code {
    /// Six digits.
    code: String,
}

/// Puts the new second factor in force.
#[utoipa::path(put, path = "/session/factor", tag = "session", request_body = Code,
    responses((status = 204), (status = 422, body = Problem)))]
async fn accept_factor(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Body(given): Body<Code>,
) -> Result<StatusCode> {
    let who = session.principal;
    let done = app
        .write(move |tx| {
            let code = given.code.trim();
            let done = signin::accept_factor(tx, who.account, &who.login, code)?;
            if done {
                let object = format!("{{\"account\":{}}}", who.account);
                audit::note(tx, &who, "account.factor", &object, None, "")?;
            }
            Ok(done)
        })
        .await?;
    if done {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::invalid("code", "this is not the code now"))
    }
}
