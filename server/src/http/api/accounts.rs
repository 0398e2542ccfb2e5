//! Accounts, for administrators of their areas; and the trace of who looked at what, for auditors.

use axum::{Extension, Json, extract::State, http::StatusCode};
use schemas::access::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body, Params, reason},
    paging::{Ask, Page},
};
use crate::{
    App,
    error::{Error, Result},
    http::etag::{IfMatch, Versioned},
    identity::{
        Principal,
        accounts::{self, Account, AccountFilter, NewAccount, Settings},
        audit, password,
    },
    store::Tx,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change))
        .routes(routes!(recover))
}

/// An account.
#[derive(Serialize, ToSchema)]
struct AccountView {
    /// Its number.
    id: i64,
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
    /// Whether it may sign in.
    active: bool,
    /// Whether the password has to be changed first.
    must_change_password: bool,
    /// Whether a second factor is in force.
    second_factor: bool,
    /// Made when, ms.
    created_ms: i64,
    /// Rises with every change.
    version: u64,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        let who = account.principal;
        Self {
            id: who.account,
            login: who.login,
            name: who.name,
            role: who.role.as_str(),
            office: who.office,
            areas: who.areas,
            active: account.active,
            must_change_password: account.must_change,
            second_factor: account.second_factor,
            created_ms: account.created_ms,
            version: account.version,
        }
    }
}

/// Whether all of these areas lie in those of the person.
fn within(who: &Principal, areas: &[String]) -> bool {
    areas.iter().all(|area| who.covers(area))
}

fn account(conn: &rusqlite::Connection, who: &Principal, id: i64) -> Result<Account> {
    let account = accounts::get(conn, id)?;
    if within(who, &account.principal.areas) {
        Ok(account)
    } else {
        Err(Error::NotFound("account"))
    }
}

fn note(tx: &mut Tx<'_>, who: &Principal, act: &str, id: i64, reason: &str) -> Result<()> {
    let object = format!("{{\"account\":{id}}}");
    audit::note(tx, who, act, &object, None, reason)
}

/// Accounts of one's areas, by login.
#[utoipa::path(get, path = "/accounts", tag = "accounts", params(AccountFilter),
    responses((status = 200, body = Page<AccountView>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<AccountFilter>,
) -> Result<Json<Page<AccountView>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let page = app.read(move |conn| accounts::list(conn, &who, &filter, &ask));
    let page = page.await?.with(|account| Ok(Some(account.into())))?;
    Ok(Json(page))
}

/// One account.
#[utoipa::path(get, path = "/accounts/{id}", tag = "accounts", params(("id" = i64, Path)),
    responses((status = 200, body = AccountView)))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
) -> Result<Versioned<Json<AccountView>>> {
    let account = app.read(move |conn| account(conn, &who, id)).await?;
    Ok(Versioned(account.version, Json(account.into())))
}

/// An account to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountNew {
    /// Login: 2 to 40 of a-z, 0-9, dot, hyphen, underscore.
    login: String,
    /// Name.
    name: String,
    /// Role: supervisor, `office_clerk`, `office_head`, administrator or auditor.
    role: String,
    /// Office, for office roles.
    office: Option<String>,
    /// Codes of areas, within one's own.
    areas: Vec<String>,
    /// First password; the person has to change it.
    password: String,
}

fn role(text: &str) -> Result<Role> {
    Role::parse(text).ok_or_else(|| Error::invalid("role", "there is no such role"))
}

fn need_within(who: &Principal, areas: &[String]) -> Result<()> {
    if within(who, areas) {
        Ok(())
    } else {
        Err(Error::invalid("areas", "an area that is not within yours"))
    }
}

/// Makes an account.
#[utoipa::path(post, path = "/accounts", tag = "accounts", request_body = AccountNew,
    responses((status = 201, body = AccountView)))]
async fn create(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Body(given): Body<AccountNew>,
) -> Result<(StatusCode, Versioned<Json<AccountView>>)> {
    let role = role(&given.role)?;
    need_within(&who, &given.areas)?;
    password::check(&given.login, &given.password)?;
    let new = NewAccount {
        login: given.login,
        name: given.name,
        role,
        office: given.office,
        areas: given.areas,
        hash: password::hash(given.password).await?,
        must_change: true,
    };
    let made = app
        .write(move |tx| {
            let id = accounts::create(tx, &new)?;
            note(tx, &who, "account.create", id, "")?;
            accounts::get(tx.conn(), id)
        })
        .await?;
    let version = made.version;
    Ok((StatusCode::CREATED, Versioned(version, Json(made.into()))))
}

/// What an account is from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountChange {
    /// Name.
    name: String,
    /// Role.
    role: String,
    /// Office, for office roles.
    office: Option<String>,
    /// Codes of areas, within one's own.
    areas: Vec<String>,
    /// Whether it may sign in.
    active: bool,
}

/// Changes an account; its sessions end.
#[utoipa::path(put, path = "/accounts/{id}", tag = "accounts", request_body = AccountChange,
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = AccountView), (status = 412), (status = 428)))]
async fn change(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    IfMatch(version): IfMatch,
    Body(given): Body<AccountChange>,
) -> Result<Versioned<Json<AccountView>>> {
    let settings = Settings {
        role: role(&given.role)?,
        name: given.name,
        office: given.office,
        areas: given.areas,
        active: given.active,
    };
    need_within(&who, &settings.areas)?;
    let own = id == who.account;
    if own && (!settings.active || settings.role != who.role) {
        return Err(Error::Conflict("nobody takes their own rights away"));
    }
    let changed = app
        .write(move |tx| {
            account(tx.conn(), &who, id)?;
            accounts::change(tx, id, version, &settings)?;
            note(tx, &who, "account.change", id, "")?;
            accounts::get(tx.conn(), id)
        })
        .await?;
    Ok(Versioned(changed.version, Json(changed.into())))
}

/// A way back in for someone who lost password or second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Recover {
    /// New first password; the person has to change it.
    password: String,
    /// How the administrator knows that it is the person.
    reason: String,
}

/// Gives a first password, takes the second factor away and ends the sessions.
#[utoipa::path(post, path = "/accounts/{id}/recovery", tag = "accounts", request_body = Recover,
    params(("id" = i64, Path)), responses((status = 204)))]
async fn recover(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    Body(given): Body<Recover>,
) -> Result<StatusCode> {
    let why = reason(&given.reason)?;
    let reader = who.clone();
    let found = app.read(move |conn| account(conn, &reader, id)).await?;
    password::check(&found.principal.login, &given.password)?;
    let hash = password::hash(given.password).await?;
    app.write(move |tx| {
        account(tx.conn(), &who, id)?;
        accounts::set_password(tx, id, &hash, true)?;
        note(tx, &who, "account.recover", id, &why)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
