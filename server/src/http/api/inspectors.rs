//! Inspectors: who they are, which grids they walk, tickets for their phones.

use axum::{Extension, Json, extract::State, http::StatusCode};
use schemas::area::Level;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body, Params},
    paging::{Ask, Page},
};
use crate::{
    App, devices,
    devices::lists::{self, InspectorFilter},
    devices::roster::{self, Inspector},
    error::{Error, Result},
    http::etag::{IfMatch, Versioned},
    identity::{Principal, audit},
    store::Tx,
};

/// Grids of one inspector at most.
pub(super) const MAX_GRIDS: usize = 32;
/// Why the last grid stays.
pub(super) const LAST_GRID: &str =
    "the last grid: give another one first, or set the inspector inactive";
/// How long a ticket shown as QR code is good, ms.
const QR_MS: i64 = 10 * 60 * 1_000;
/// How long a ticket sent as link is good, ms.
const LINK_MS: i64 = 24 * 60 * 60 * 1_000;

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change))
        .routes(routes!(ticket))
        .routes(routes!(grant, withdraw))
}

/// Inspectors of one's areas, by staff number.
#[utoipa::path(get, path = "/inspectors", tag = "field", params(InspectorFilter),
    responses((status = 200, body = Page<Inspector>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<InspectorFilter>,
) -> Result<Json<Page<Inspector>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let now = app.core().now_ms();
    let page = app.read(move |conn| lists::inspectors(conn, now, &who, &filter, &ask));
    Ok(Json(page.await?))
}

fn versioned(inspector: Inspector) -> Versioned<Json<Inspector>> {
    Versioned(inspector.version, Json(inspector))
}

/// One inspector.
#[utoipa::path(get, path = "/inspectors/{id}", tag = "field", params(("id" = i64, Path)),
    responses((status = 200, body = Inspector)))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
) -> Result<Versioned<Json<Inspector>>> {
    let found = app.read(move |conn| roster::find(conn, &who, id)).await?;
    Ok(versioned(found))
}

/// An inspector to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InspectorNew {
    /// Staff number.
    code: String,
    /// Name.
    name: String,
    /// Codes of the grids they walk, at least one.
    grids: Vec<String>,
}

pub(super) fn need_grid(who: &Principal, grid: &str) -> Result<()> {
    if Level::of_code(grid) == Some(Level::Grid) && who.covers(grid) {
        Ok(())
    } else {
        let reason = "the code of a grid in one of your areas";
        Err(Error::invalid("grids", reason))
    }
}

/// Makes an inspector.
#[utoipa::path(post, path = "/inspectors", tag = "field", request_body = InspectorNew,
    responses((status = 201, body = Inspector)))]
async fn create(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Body(given): Body<InspectorNew>,
) -> Result<(StatusCode, Versioned<Json<Inspector>>)> {
    if given.grids.is_empty() || given.grids.len() > MAX_GRIDS {
        return Err(Error::invalid("grids", "1 to 32 grids"));
    }
    for grid in &given.grids {
        need_grid(&who, grid)?;
    }
    let made = app
        .write(move |tx| {
            let id = roster::create(tx, &given.code, &given.name, &given.grids)?;
            let object = json!({ "inspector": id, "code": given.code, "grids": given.grids });
            note(tx, &who, "inspector.create", &object, &given.name)?;
            roster::find(tx.conn(), &who, id)
        })
        .await?;
    Ok((StatusCode::CREATED, versioned(made)))
}

fn note(
    tx: &mut Tx<'_>,
    who: &Principal,
    act: &str,
    object: &serde_json::Value,
    reason: &str,
) -> Result<()> {
    audit::note(tx, who, act, &object.to_string(), None, reason)
}

/// What an inspector is from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InspectorChange {
    /// Name.
    name: String,
    /// Whether they work; the phones of one who does not are revoked by hand.
    active: bool,
}

/// Changes an inspector.
#[utoipa::path(put, path = "/inspectors/{id}", tag = "field", request_body = InspectorChange,
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Inspector)))]
async fn change(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    version: IfMatch,
    Body(given): Body<InspectorChange>,
) -> Result<Versioned<Json<Inspector>>> {
    let changed = app.write(move |tx| {
        in_hand(tx, &who, id, version)?;
        roster::change(tx, id, &given.name, given.active)?;
        let object = json!({ "inspector": id, "active": given.active });
        note(tx, &who, "inspector.change", &object, &given.name)?;
        roster::find(tx.conn(), &who, id)
    });
    Ok(versioned(changed.await?))
}

/// The inspector, if the person may change them and they have this version.
pub(super) fn in_hand(
    tx: &Tx<'_>,
    who: &Principal,
    id: i64,
    version: IfMatch,
) -> Result<Inspector> {
    let found = roster::find(tx.conn(), who, id)?;
    roster::need_all(tx.conn(), who, id)?;
    version.check(found.version)?;
    Ok(found)
}

/// Until when a grid is granted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Grant {
    /// End of a cover, ms; null for good.
    until_ms: Option<i64>,
}

/// Gives an inspector a grid; their phones get new certificates.
#[utoipa::path(put, path = "/inspectors/{id}/grids/{grid}", tag = "field", request_body = Grant,
    params(("id" = i64, Path), ("grid" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Inspector)))]
async fn grant(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At((id, grid)): At<(i64, String)>,
    version: IfMatch,
    Body(given): Body<Grant>,
) -> Result<Versioned<Json<Inspector>>> {
    need_grid(&who, &grid)?;
    let changed = app.write(move |tx| {
        let found = in_hand(tx, &who, id, version)?;
        if given.until_ms.is_some_and(|until| until <= tx.now_ms()) {
            return Err(Error::invalid("until_ms", "a time to come"));
        }
        let known = found.grids.iter().any(|duty| duty.grid == grid);
        if !known && found.grids.len() >= MAX_GRIDS {
            return Err(Error::Conflict("an inspector has at most 32 grids"));
        }
        roster::grant(tx, id, &grid, given.until_ms, &who.login)?;
        let object = json!({ "inspector": id, "grid": grid, "until_ms": given.until_ms });
        note(tx, &who, "inspector.grant", &object, "")?;
        roster::find(tx.conn(), &who, id)
    });
    Ok(versioned(changed.await?))
}

/// Takes a grid from an inspector; their phones get new certificates.
#[utoipa::path(delete, path = "/inspectors/{id}/grids/{grid}", tag = "field",
    params(("id" = i64, Path), ("grid" = String, Path), ("If-Match" = String, Header)),
    responses((status = 204)))]
async fn withdraw(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At((id, grid)): At<(i64, String)>,
    version: IfMatch,
) -> Result<StatusCode> {
    app.write(move |tx| {
        let found = in_hand(tx, &who, id, version)?;
        if found.grids.len() == 1 {
            return Err(Error::Conflict(LAST_GRID));
        }
        roster::withdraw(tx, id, &grid, &who.login)?;
        let object = json!({ "inspector": id, "grid": grid });
        note(tx, &who, "inspector.withdraw", &object, "")
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a ticket reaches the phone.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum How {
    /// Shown as QR code: good for 10 minutes.
    Qr,
    /// Sent as a link: good for 24 hours.
    Link,
}

/// A ticket to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTicket {
    /// How it reaches the phone.
    how: How,
}

/// A one-time ticket.
#[derive(Serialize, ToSchema)]
struct Ticket {
    /// The code, to type.
    code: String,
    /// The address to open on the phone; the code stands behind `#`, which no server logs.
    link: String,
    /// What a QR code for it holds.
    qr: String,
    /// Good until, ms.
    expires_ms: i64,
}

/// Makes a one-time ticket for an inspector's phone.
#[utoipa::path(post, path = "/inspectors/{id}/tickets", tag = "field", request_body = NewTicket,
    params(("id" = i64, Path)), responses((status = 201, body = Ticket)))]
async fn ticket(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    Body(given): Body<NewTicket>,
) -> Result<(StatusCode, Json<Ticket>)> {
    let life_ms = match given.how {
        How::Qr => QR_MS,
        How::Link => LINK_MS,
    };
    let base = app.config().public_url.clone();
    let made = app.write(move |tx| {
        let found = roster::find(tx.conn(), &who, id)?;
        roster::need_all(tx.conn(), &who, id)?;
        if found.state != "active" {
            return Err(Error::Conflict("the inspector is inactive"));
        }
        let code = devices::ticket(tx, id, life_ms, &who.login)?;
        let link = devices::enrol_link(&base, &code);
        Ok(Ticket {
            qr: link.clone(),
            link,
            code,
            expires_ms: tx.now_ms() + life_ms,
        })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}
