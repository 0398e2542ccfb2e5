//! The queue of conflicts, and what a supervisor does about them.

use axum::{Extension, Json, extract::State, http::StatusCode};
use schemas::{RegisterKey, Scalar};
use serde::{Deserialize, Serialize};
use sync_core::RecordId;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    edits::ReasonGiven,
    extract::{At, Body, Params, reason, record_id},
    paging::{Ask, Page},
    reading::{read, within},
};
use crate::{
    App,
    error::{Error, Result},
    hex::unhex,
    http::{
        etag::{IfMatch, Versioned},
        problem::Problem,
    },
    identity::Principal,
    records::{Stored, history, values},
    review::{
        self, By,
        queue::{self, ConflictFilter, ConflictOut},
    },
    store::Tx,
};

/// Decisions of one request at most.
const MAX_DECISIONS: usize = 100;

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(decide))
        .routes(routes!(decide_many))
        .routes(routes!(confirm))
        .routes(routes!(reopen))
}

/// Conflicts, the longest waiting first; or what was decided lately.
#[utoipa::path(get, path = "/conflicts", tag = "review", params(ConflictFilter),
    responses((status = 200, body = Page<ConflictOut>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<ConflictFilter>,
) -> Result<Json<Page<ConflictOut>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let states = ["open", "contested", "settled", queue::DECIDED];
    if filter
        .state
        .as_deref()
        .is_some_and(|state| !states.contains(&state))
    {
        return Err(Error::invalid(
            "state",
            "open, contested, settled or decided",
        ));
    }
    let listed = read(&app, who, move |reader| {
        queue::conflicts(reader, &filter, &ask)
    });
    Ok(Json(listed.await?))
}

/// One conflict: every value, who wrote it when, and what each had seen.
#[utoipa::path(get, path = "/conflicts/{record}/{key}", tag = "review",
    params(("record" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = ConflictOut)))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At((record, key)): At<(String, String)>,
) -> Result<Versioned<Json<ConflictOut>>> {
    let record = record_id(&record)?;
    let found = read(&app, who, move |reader| {
        queue::conflict(reader, &record, &key)
    });
    let found = found.await?;
    Ok(Versioned(found.version, Json(found)))
}

/// What is decided: the value of one of the changes, or another one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// The change whose value stands.
    change: Option<String>,
    /// Or the value that stands, as it is shown; of a presence true (keep) or null (remove).
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<serde_json::Value>)]
    value: Option<serde_json::Value>,
    /// Why, 1 to 200 characters.
    reason: String,
}

/// A null that is there is a value.
fn present<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(from).map(Some)
}

/// The change that a decision became.
#[derive(Serialize, ToSchema)]
struct Decided {
    /// The change.
    change: String,
}

/// What stands in the end, from a change among those in conflict or from a value.
fn choose(
    tx: &Tx<'_>,
    stored: &Stored,
    key: &RegisterKey,
    change: Option<&str>,
    value: Option<&serde_json::Value>,
) -> Result<Scalar> {
    let schemas = tx.core().schemas();
    let kind = schemas.kind(&stored.header.kind);
    let kind = kind.ok_or(Error::NotFound("conflict"))?;
    match (change, value) {
        (Some(change), None) => {
            let visible = stored.registers.visible(&key.to_string());
            let hash = unhex::<32>(change);
            // Of what was decided also those that the decision was made over.
            let before = history::decided_over(tx.conn(), stored, &key.to_string())?;
            let mut all = visible.iter().chain(&before);
            all.find(|value| Some(value.change.0) == hash)
                .map(|chosen| chosen.value.clone())
                .ok_or_else(|| Error::invalid("change", "its value is not among those here"))
        }
        (None, Some(json)) if key.is_presence() => match json {
            serde_json::Value::Null => Ok(Scalar::Null),
            serde_json::Value::Bool(true) => Ok(Scalar::Int(tx.now_ms())),
            _ => Err(Error::invalid("value", "true to keep, null to remove")),
        },
        (None, Some(json)) => values::from_json(kind, key, json),
        _ => Err(Error::invalid("value", "either a change or a value")),
    }
}

/// Decides one conflict as it stands at this version.
fn decide_one(
    tx: &mut Tx<'_>,
    who: &Principal,
    record: RecordId,
    key: &str,
    version: u64,
    what: (Option<&str>, Option<&serde_json::Value>),
    reason: &str,
) -> Result<Decided> {
    let (stored, now, state) = within(tx, who, |reader| {
        let stored = reader.find(&record)?;
        let (version, state) = queue::version(reader, &stored, key)?;
        Ok((stored, version, state))
    })?;
    IfMatch(version).check(now)?;
    if state == "settled" {
        return Err(Error::Conflict("it is settled: reopen it first"));
    }
    let parsed = RegisterKey::parse(key).map_err(|_| Error::NotFound("conflict"))?;
    let value = choose(tx, &stored, &parsed, what.0, what.1)?;
    let by = By {
        person: who.login.clone(),
        reason: reason.to_owned(),
    };
    let change = review::decide(tx, record, &[review::edit_of(parsed, value)], &by)?;
    Ok(Decided {
        change: change.to_string(),
    })
}

/// Decides a conflict, or decides again what was decided.
#[utoipa::path(post, path = "/conflicts/{record}/{key}/decision", tag = "review",
    request_body = Decision,
    params(("record" = String, Path), ("key" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Decided), (status = 412), (status = 428)))]
async fn decide(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At((record, key)): At<(String, String)>,
    IfMatch(version): IfMatch,
    Body(given): Body<Decision>,
) -> Result<Json<Decided>> {
    let record = record_id(&record)?;
    let why = reason(&given.reason)?;
    let decided = app.write(move |tx| {
        let what = (given.change.as_deref(), given.value.as_ref());
        decide_one(tx, &who, record, &key, version, what, &why)
    });
    Ok(Json(decided.await?))
}

/// A conflict of which one change's value is accepted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Accept {
    /// The record.
    record: String,
    /// The register.
    key: String,
    /// The version that the person saw.
    version: u64,
    /// The change whose value stands.
    change: String,
}

/// Many decisions with one reason.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Many {
    /// At most 100.
    decisions: Vec<Accept>,
    /// Why, 1 to 200 characters.
    reason: String,
}

/// What became of one of many.
#[derive(Serialize, ToSchema)]
struct OneOfMany {
    /// The record.
    record: String,
    /// The register.
    key: String,
    /// The change, where it was decided.
    change: Option<String>,
    /// Why not, where it was not.
    problem: Option<Problem>,
}

/// Decides many conflicts, each by itself: those that changed meanwhile are left and said so.
#[utoipa::path(post, path = "/conflicts/decisions", tag = "review", request_body = Many,
    responses((status = 200, body = Page<OneOfMany>)))]
async fn decide_many(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Body(given): Body<Many>,
) -> Result<Json<Page<OneOfMany>>> {
    let why = reason(&given.reason)?;
    if given.decisions.is_empty() || given.decisions.len() > MAX_DECISIONS {
        return Err(Error::invalid("decisions", "1 to 100 decisions"));
    }
    let mut rows = Vec::with_capacity(given.decisions.len());
    for one in given.decisions {
        let Accept {
            record,
            key,
            version,
            change,
        } = one;
        let done = match record_id(&record) {
            Ok(id) => {
                let (who, key, why) = (who.clone(), key.clone(), why.clone());
                let decided = app.write(move |tx| {
                    let what = (Some(change.as_str()), None);
                    decide_one(tx, &who, id, &key, version, what, &why)
                });
                decided.await
            }
            Err(error) => Err(error),
        };
        if let Err(busy @ Error::Busy { .. }) = done {
            // The rest would find it busy too.
            return Err(busy);
        }
        let (change, problem) = match done {
            Ok(decided) => (Some(decided.change), None),
            Err(error) => (None, Some(Problem::from(&error))),
        };
        rows.push(OneOfMany {
            record,
            key,
            change,
            problem,
        });
    }
    Ok(Json(Page::whole(rows)))
}

async fn look_again(
    app: App,
    who: Principal,
    (record, key): (String, String),
    version: IfMatch,
    given: ReasonGiven,
    open: bool,
) -> Result<StatusCode> {
    let record = record_id(&record)?;
    let why = reason(&given.reason)?;
    app.write(move |tx| {
        let (now, state) = within(tx, &who, |reader| {
            let stored = reader.find(&record)?;
            queue::version(reader, &stored, &key)
        })?;
        version.check(now)?;
        if state != "settled" {
            return Err(Error::Conflict("it was not settled in the field"));
        }
        let by = By {
            person: who.login,
            reason: why,
        };
        review::reopen(tx, record, &key, open, &by)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Confirms what was settled in the field.
#[utoipa::path(post, path = "/conflicts/{record}/{key}/confirm", tag = "review",
    request_body = ReasonGiven,
    params(("record" = String, Path), ("key" = String, Path), ("If-Match" = String, Header)),
    responses((status = 204)))]
async fn confirm(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(at): At<(String, String)>,
    version: IfMatch,
    Body(given): Body<ReasonGiven>,
) -> Result<StatusCode> {
    look_again(app, who, at, version, given, false).await
}

/// Opens again what was settled in the field.
#[utoipa::path(post, path = "/conflicts/{record}/{key}/reopen", tag = "review",
    request_body = ReasonGiven,
    params(("record" = String, Path), ("key" = String, Path), ("If-Match" = String, Header)),
    responses((status = 204)))]
async fn reopen(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(at): At<(String, String)>,
    version: IfMatch,
    Body(given): Body<ReasonGiven>,
) -> Result<StatusCode> {
    look_again(app, who, at, version, given, true).await
}
