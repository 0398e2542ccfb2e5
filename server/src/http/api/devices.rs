//! Phones: what is known of them, and confirming, revoking, setting back.

use axum::{Extension, Json, extract::State, http::StatusCode};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sync_core::DeviceId;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    edits::ReasonGiven,
    extract::{At, Body, Params, device_id, reason},
    paging::{Ask, Page},
};
use crate::{
    App,
    core::Core,
    devices,
    devices::lists::{self, DeviceFilter},
    devices::roster::{self, DeviceOut},
    error::{Error, Result},
    identity::{Principal, audit},
    review::{self, By, Reverted},
    store::Tx,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(confirm))
        .routes(routes!(revoke))
        .routes(routes!(recover))
        .routes(routes!(revert_preview, revert))
}

/// Phones of one's areas.
#[utoipa::path(get, path = "/devices", tag = "field", params(DeviceFilter),
    responses((status = 200, body = Page<DeviceOut>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<DeviceFilter>,
) -> Result<Json<Page<DeviceOut>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let core = app.core().clone();
    let page = app.read(move |conn| lists::devices(conn, &core, &who, &filter, &ask));
    Ok(Json(page.await?))
}

/// One phone.
#[utoipa::path(get, path = "/devices/{id}", tag = "field", params(("id" = String, Path)),
    responses((status = 200, body = DeviceOut)))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
) -> Result<Json<DeviceOut>> {
    let id = device_id(&id)?;
    let core = app.core().clone();
    let found = app.read(move |conn| roster::find_device(conn, &core, &who, id));
    Ok(Json(found.await?))
}

/// The phone, if the person may do something to it.
fn in_hand(tx: &Tx<'_>, who: &Principal, id: DeviceId) -> Result<DeviceOut> {
    may_act(tx.conn(), tx.core(), who, id)
}

/// The same outside of a change.
fn may_act(conn: &Connection, core: &Core, who: &Principal, id: DeviceId) -> Result<DeviceOut> {
    let found = roster::find_device(conn, core, who, id)?;
    roster::need_all(conn, who, found.inspector)?;
    Ok(found)
}

/// What the person read on the phone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeyWords {
    /// The words that the phone shows.
    words: Vec<String>,
}

/// Says that the phone shows these words: from now on it gets its grids.
#[utoipa::path(post, path = "/devices/{id}/confirm", tag = "field", request_body = KeyWords,
    params(("id" = String, Path)), responses((status = 204), (status = 409)))]
async fn confirm(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    Body(given): Body<KeyWords>,
) -> Result<StatusCode> {
    let id = device_id(&id)?;
    app.write(move |tx| {
        let found = in_hand(tx, &who, id)?;
        if found.confirmed_ms.is_some() || found.revoked_ms.is_some() {
            return Err(Error::Conflict("it was confirmed or revoked before"));
        }
        let said = given.words.iter().map(|word| word.trim().to_lowercase());
        if !said.eq(found.words.iter().cloned()) {
            return Err(Error::invalid(
                "words",
                "these are not the words of its key",
            ));
        }
        devices::confirm(tx, id, &who.login)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revokes a phone: what it still sends is held, and then it is wiped.
#[utoipa::path(post, path = "/devices/{id}/revoke", tag = "field", request_body = ReasonGiven,
    params(("id" = String, Path)), responses((status = 204), (status = 409)))]
async fn revoke(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    Body(given): Body<ReasonGiven>,
) -> Result<StatusCode> {
    let id = device_id(&id)?;
    let why = reason(&given.reason)?;
    app.write(move |tx| {
        if in_hand(tx, &who, id)?.revoked_ms.is_some() {
            return Err(Error::Conflict("it was revoked before"));
        }
        devices::revoke(tx, id, &who.login)?;
        let object = format!("{{\"device\":\"{id}\"}}");
        audit::note(tx, &who, "device.revoke.reason", &object, None, &why)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a phone gets its data key back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Recovery {
    /// Whether it does.
    approve: bool,
    /// Why: how the person knows who asks.
    reason: String,
}

/// Decides on a phone that asks for its data key because its secret was forgotten. Who approves has
/// made sure who holds the phone.
#[utoipa::path(post, path = "/devices/{id}/recovery", tag = "field", request_body = Recovery,
    params(("id" = String, Path)), responses((status = 204), (status = 404), (status = 409)))]
async fn recover(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    Body(given): Body<Recovery>,
) -> Result<StatusCode> {
    let id = device_id(&id)?;
    let why = reason(&given.reason)?;
    app.write(move |tx| {
        if in_hand(tx, &who, id)?.revoked_ms.is_some() {
            return Err(Error::Conflict("it was revoked"));
        }
        devices::recovery::decide(tx, id, given.approve)?;
        let act = if given.approve {
            "device.recovery.approve"
        } else {
            "device.recovery.refuse"
        };
        let object = format!("{{\"device\":\"{id}\"}}");
        audit::note(tx, &who, act, &object, None, &why)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What to set back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Revert {
    /// Everything that the phone wrote since, by the server's time, ms.
    since_ms: i64,
    /// Why.
    reason: String,
}

/// What was, or would be, set back.
#[derive(Serialize, ToSchema)]
struct RevertedOut {
    /// Records of which something was set back.
    records: u32,
    /// Registers set back.
    registers: u32,
    /// Registers left alone, because somebody wrote them since.
    kept: u32,
}

impl From<Reverted> for RevertedOut {
    fn from(done: Reverted) -> Self {
        Self {
            records: done.records,
            registers: done.registers,
            kept: done.kept,
        }
    }
}

/// Since when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Since {
    /// Everything that the phone wrote since, by the server's time, ms; all of it unless said.
    #[serde(default)]
    since_ms: i64,
}

/// Refuses a time that has not been.
fn been(since_ms: i64, now_ms: i64) -> Result<()> {
    if (0..=now_ms).contains(&since_ms) {
        Ok(())
    } else {
        Err(Error::invalid("since_ms", "a time that has been"))
    }
}

/// What setting back would do as things stand: nothing is written.
#[utoipa::path(get, path = "/devices/{id}/revert", tag = "review",
    params(("id" = String, Path), Since), responses((status = 200, body = RevertedOut)))]
async fn revert_preview(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    Params(Since { since_ms }): Params<Since>,
) -> Result<Json<RevertedOut>> {
    let id = device_id(&id)?;
    let core = app.core().clone();
    been(since_ms, core.now_ms())?;
    let found = app.read(move |conn| {
        may_act(conn, &core, &who, id)?;
        review::preview(conn, &core, id, since_ms)
    });
    Ok(Json(found.await?.into()))
}

/// Sets back what a phone wrote since a time, where nobody has written since. New changes, which
/// can be reviewed as any other.
#[utoipa::path(post, path = "/devices/{id}/revert", tag = "review", request_body = Revert,
    params(("id" = String, Path)), responses((status = 200, body = RevertedOut)))]
async fn revert(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    Body(given): Body<Revert>,
) -> Result<Json<RevertedOut>> {
    let id = device_id(&id)?;
    let why = reason(&given.reason)?;
    let done = app.write(move |tx| {
        in_hand(tx, &who, id)?;
        been(given.since_ms, tx.now_ms())?;
        let by = By {
            person: who.login,
            reason: why,
        };
        review::revert(tx, id, given.since_ms, &by)
    });
    Ok(Json(done.await?.into()))
}
