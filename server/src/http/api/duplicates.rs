//! Shops that may be one: suggested, and told apart.

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Body, Params, reason, record_id},
    paging::{Ask, Page},
    reading::{read, within},
};
use crate::{
    App,
    error::{Error, Result},
    identity::Principal,
    records::duplicates::{self, Pair, PairFilter, Why},
    review::{self, By},
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(dismiss))
}

/// Pairs of shops that may be one: the same credit code first, then by likeness of their names.
#[utoipa::path(get, path = "/duplicates", tag = "records", params(PairFilter),
    responses((status = 200, body = Page<Pair>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<PairFilter>,
) -> Result<Json<Page<Pair>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let pairs = read(&app, who, move |reader| {
        duplicates::suggest(reader, &filter, &ask)
    });
    Ok(Json(pairs.await?))
}

/// Two shops that are two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Dismissal {
    /// One of the pair.
    one: String,
    /// The other.
    other: String,
    /// Why they were suggested.
    why: Why,
    /// Why they are two, 1 to 200 characters.
    reason: String,
}

/// Says that a suggested pair is two shops: it is not suggested again for this cause or a weaker
/// one.
#[utoipa::path(post, path = "/duplicates/dismissals", tag = "records", request_body = Dismissal,
    responses((status = 204), (status = 409, description = "It was said before")))]
async fn dismiss(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Body(given): Body<Dismissal>,
) -> Result<StatusCode> {
    let why = reason(&given.reason)?;
    let no_such = |at: &'static str| move |_| Error::invalid(at, "there is no such shop");
    let one = record_id(&given.one).map_err(no_such("one"))?;
    let other = record_id(&given.other).map_err(no_such("other"))?;
    app.write(move |tx| {
        for (at, id) in [("one", one), ("other", other)] {
            let found = within(tx, &who, |reader| reader.find(&id)).map_err(no_such(at))?;
            if found.header.kind != "shop" {
                return Err(Error::invalid(at, "there is no such shop"));
            }
        }
        if one == other {
            return Err(Error::invalid(
                "other",
                "two different shops are told apart",
            ));
        }
        let by = By {
            person: who.login.clone(),
            reason: why,
        };
        review::tell_apart(tx, (one, other), given.why, &by)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
