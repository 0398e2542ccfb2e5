//! A grid from one inspector to another, in one act.

use axum::{Extension, Json, extract::State};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body, reason},
    inspectors::{self, MAX_GRIDS},
};
use crate::{
    App,
    devices::roster::{self, Inspector},
    error::{Error, Result},
    http::etag::IfMatch,
    identity::{Principal, audit},
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(hand_over))
}

/// Who hands a grid over to whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Handover {
    /// The inspector who has it; their version goes in `If-Match`.
    from: i64,
    /// The inspector who gets it.
    to: i64,
    /// The version of who gets it.
    to_version: u64,
    /// The end of a cover, ms: until then both walk it. Null: for good, and the first has it no
    /// more.
    until_ms: Option<i64>,
    /// Why, 1 to 200 characters.
    reason: String,
}

/// Both, as they are now.
#[derive(Serialize, ToSchema)]
struct HandedOver {
    /// Who had it.
    from: Inspector,
    /// Who has it.
    to: Inspector,
}

/// Hands a grid over, for good or as a cover; the phones of both get new certificates.
#[utoipa::path(post, path = "/grids/{grid}/handover", tag = "field", request_body = Handover,
    params(("grid" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = HandedOver),
              (status = 409, description = "The first does not have it, or has no other")))]
async fn hand_over(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(grid): At<String>,
    version: IfMatch,
    Body(given): Body<Handover>,
) -> Result<Json<HandedOver>> {
    let why = reason(&given.reason)?;
    inspectors::need_grid(&who, &grid).map_err(|_| Error::NotFound("grid"))?;
    let (from, to) = (given.from, given.to);
    if from == to {
        return Err(Error::invalid("to", "two different inspectors"));
    }
    let done = app.write(move |tx| {
        let had = inspectors::in_hand(tx, &who, from, version)?;
        let gets = inspectors::in_hand(tx, &who, to, IfMatch(given.to_version))?;
        if given.until_ms.is_some_and(|until| until <= tx.now_ms()) {
            return Err(Error::invalid("until_ms", "a time to come"));
        }
        if gets.state != "active" {
            return Err(Error::Conflict("the inspector is inactive"));
        }
        if !had.grids.iter().any(|duty| duty.grid == grid) {
            return Err(Error::Conflict("the inspector does not walk the grid"));
        }
        let own = gets.grids.iter().find(|duty| duty.grid == grid);
        if own.is_some_and(|duty| duty.until_ms.is_none()) && given.until_ms.is_some() {
            return Err(Error::Conflict(
                "the grid is the other's own: there is nothing to cover",
            ));
        }
        if own.is_none() && gets.grids.len() >= MAX_GRIDS {
            return Err(Error::Conflict("an inspector has at most 32 grids"));
        }
        if given.until_ms.is_none() && had.grids.len() == 1 {
            return Err(Error::Conflict(inspectors::LAST_GRID));
        }
        roster::grant(tx, to, &grid, given.until_ms, &who.login)?;
        if given.until_ms.is_none() {
            roster::withdraw(tx, from, &grid, &who.login)?;
        }
        let object = json!({
            "grid": grid,
            "from": from,
            "to": to,
            "until_ms": given.until_ms,
        });
        audit::note(
            tx,
            &who,
            "grid.handover",
            &object.to_string(),
            Some(&grid),
            &why,
        )?;
        Ok(HandedOver {
            from: roster::find(tx.conn(), &who, from)?,
            to: roster::find(tx.conn(), &who, to)?,
        })
    });
    Ok(Json(done.await?))
}
