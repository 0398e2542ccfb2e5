//! Accounts: who may sign in, as what, for which areas.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use schemas::{access::Role, area::Level};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Principal, password::Hash};
use crate::{
    error::{Error, OrNotFound as _, Result},
    lists::{Ask, Key, Order, Page, Source, Where},
    store::Tx,
};

/// Areas of one account at most.
const MAX_AREAS: usize = 32;

/// An account to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// Sign-in name: lower-case letters, digits, `.`, `-`, `_`.
    pub login: String,
    /// Name as people know it.
    pub name: String,
    /// Any role but inspector: inspectors work on phones.
    pub role: Role,
    /// The office, for the two office roles and no other.
    pub office: Option<String>,
    /// Codes of areas, at least one.
    pub areas: Vec<String>,
    /// From [`super::password::hash`].
    pub hash: Hash,
    /// Whether the password was given by somebody else and has to be changed first.
    pub must_change: bool,
}

/// What may be changed of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Name as people know it.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Office.
    pub office: Option<String>,
    /// Codes of areas.
    pub areas: Vec<String>,
    /// Whether it may sign in.
    pub active: bool,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The person.
    pub principal: Principal,
    /// Whether it may sign in.
    pub active: bool,
    /// Whether the password has to be changed first.
    pub must_change: bool,
    /// Whether a second factor is in force.
    pub second_factor: bool,
    /// Made when, ms.
    pub created_ms: i64,
    /// Rises with every change.
    pub version: u64,
}

const COLUMNS: &str = "id, login, name, role, office, areas, state, must_change,
                       totp IS NOT NULL, created_ms, version";

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    let (role, areas, state): (String, String, String) = (row.get(3)?, row.get(5)?, row.get(6)?);
    Ok(Account {
        principal: Principal {
            account: row.get(0)?,
            login: row.get(1)?,
            name: row.get(2)?,
            // A role that this version does not know may do the least.
            role: Role::parse(&role).unwrap_or(Role::Inspector),
            office: row.get(4)?,
            areas: areas.split_whitespace().map(str::to_owned).collect(),
        },
        active: state == "active",
        must_change: row.get(7)?,
        second_factor: row.get(8)?,
        created_ms: row.get(9)?,
        version: row.get(10)?,
    })
}

/// The account of that number.
pub fn get(conn: &Connection, id: i64) -> Result<Account> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM account WHERE id = ?1"))?
        .query_row(params![id], read)
        .or_not_found("account")
}

/// The account of that login.
pub fn by_login(conn: &Connection, login: &str) -> Result<Option<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE login = ?1");
    let mut select = conn.prepare_cached(&sql)?;
    Ok(select.query_row(params![login], read).optional()?)
}

/// What a list of accounts is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct AccountFilter {
    /// Part of the login or the name.
    pub text: Option<String>,
    /// Role.
    pub role: Option<String>,
    /// Office.
    pub office: Option<String>,
    /// An area, or one above it.
    pub area: Option<String>,
    /// `active` or `disabled`.
    pub state: Option<String>,
    /// Only those with a second factor in force, or only the others.
    pub factor: Option<bool>,
    /// `login` (usual), `name`, `role`, `created`; with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const ORDER: Order = Order {
    keys: &[
        Key {
            name: "login",
            sql: "login",
        },
        Key {
            name: "name",
            sql: "name",
        },
        Key {
            name: "role",
            sql: "role",
        },
        Key {
            name: "created",
            sql: "created_ms",
        },
    ],
    id: "login",
    down: false,
};

/// An account's areas, one row each.
const AREAS: &str = "json_each('[\"' || replace(account.areas, ' ', '\",\"') || '\"]') AS area";

/// Accounts all of whose areas lie in those of the reader.
pub fn list(
    conn: &Connection,
    reader: &Principal,
    filter: &AccountFilter,
    ask: &Ask,
) -> Result<Page<Account>> {
    let mut list = Where::default();
    let mut values = Vec::new();
    let own = reader.scope_sql("area.value", &mut values);
    list.with_all(
        &format!("NOT EXISTS (SELECT 1 FROM {AREAS} WHERE NOT {own})"),
        values,
    );
    if filter.area.is_some() {
        let mut within = Where::default();
        within.grid("area.value", filter.area.as_deref())?;
        let any = format!("EXISTS (SELECT 1 FROM {AREAS} WHERE {})", within.sql());
        list.with_all(&any, within.values);
    }
    list.text(&["login", "name"], filter.text.as_deref())?;
    list.maybe("role = ?", filter.role.clone());
    list.maybe("office = ?", filter.office.clone());
    list.maybe("state = ?", filter.state.clone());
    list.maybe("(totp IS NOT NULL) = ?", filter.factor);
    let source = Source {
        columns: COLUMNS,
        from: "account",
        beside: "",
        order: &ORDER,
    };
    source.page(conn, &list, ask, read)
}

/// Active accounts of an office, in the order of logins.
pub fn of_office(conn: &Connection, office: &str, limit: usize) -> Result<Vec<Account>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM account WHERE office = ?1 AND state = 'active'
         ORDER BY login LIMIT ?2"
    );
    let mut select = conn.prepare_cached(&sql)?;
    let rows = select.query_map(params![office, limit], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether there is any account.
pub fn any(conn: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM account)";
    Ok(conn.query_row(sql, [], |row| row.get(0))?)
}

/// Makes an account. The caller notes who did it.
pub fn create(tx: &mut Tx<'_>, new: &NewAccount) -> Result<i64> {
    check_login(&new.login)?;
    check(tx, &new.name, new.role, new.office.as_deref(), &new.areas)?;
    if by_login(tx.conn(), &new.login)?.is_some() {
        return Err(Error::Conflict("there is an account with this login"));
    }
    tx.conn().execute(
        "INSERT INTO account (login, name, role, office, areas, hash, must_change, totp_step,
                              state, created_ms, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 'active', ?8, 1)",
        params![
            new.login,
            new.name,
            new.role.as_str(),
            new.office,
            new.areas.join(" "),
            new.hash.0,
            new.must_change,
            tx.now_ms()
        ],
    )?;
    Ok(tx.conn().last_insert_rowid())
}

/// Changes an account made on `version`. Its sessions end: what they may do has changed.
pub fn change(tx: &mut Tx<'_>, id: i64, version: u64, settings: &Settings) -> Result<u64> {
    let Settings {
        name,
        role,
        office,
        areas,
        active,
    } = settings;
    check(tx, name, *role, office.as_deref(), areas)?;
    if get(tx.conn(), id)?.version != version {
        return Err(Error::Stale);
    }
    tx.conn().execute(
        "UPDATE account SET name = ?2, role = ?3, office = ?4, areas = ?5, state = ?6,
                            version = version + 1
         WHERE id = ?1",
        params![
            id,
            name,
            role.as_str(),
            office,
            areas.join(" "),
            if *active { "active" } else { "disabled" }
        ],
    )?;
    super::sessions::end_all(tx, id)?;
    Ok(version + 1)
}

/// Gives a new password, takes the second factor away where `recover`, and ends the sessions.
pub fn set_password(tx: &mut Tx<'_>, id: i64, hash: &Hash, recover: bool) -> Result<()> {
    tx.conn().execute(
        "UPDATE account SET hash = ?2, must_change = ?3, version = version + 1,
                totp = CASE WHEN ?3 THEN NULL ELSE totp END,
                totp_next = NULL
         WHERE id = ?1",
        params![id, hash.0, recover],
    )?;
    super::sessions::end_all(tx, id)
}

/// The password's hash.
pub(super) fn hash_of(conn: &Connection, id: i64) -> Result<Hash> {
    conn.prepare_cached("SELECT hash FROM account WHERE id = ?1")?
        .query_row(params![id], |row| row.get(0).map(Hash))
        .or_not_found("account")
}

fn check_login(login: &str) -> Result<()> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    if (2..=40).contains(&login.len()) && login.bytes().all(allowed) {
        return Ok(());
    }
    let reason = "2 to 40 of a-z, 0-9, dot, hyphen and underscore";
    Err(Error::invalid("login", reason))
}

fn check(
    tx: &Tx<'_>,
    name: &str,
    role: Role,
    office: Option<&str>,
    areas: &[String],
) -> Result<()> {
    if schemas::checks::text::check_line(name, 60).is_err() {
        return Err(Error::invalid("name", "one line of at most 60 characters"));
    }
    if role == Role::Inspector {
        return Err(Error::invalid("role", "inspectors work on phones"));
    }
    match office {
        None if role.is_office() => {
            return Err(Error::invalid("office", "this role acts for an office"));
        }
        Some(_) if !role.is_office() => {
            return Err(Error::invalid("office", "this role acts for no office"));
        }
        Some(name) if tx.core().schemas().office(name).is_none() => {
            return Err(Error::invalid("office", "there is no such office"));
        }
        _ => {}
    }
    let codes = areas.iter().all(|area| Level::of_code(area).is_some());
    if areas.is_empty() || areas.len() > MAX_AREAS || !codes {
        let reason = "1 to 32 codes of areas, of 6, 9, 12 or 15 digits";
        return Err(Error::invalid("areas", reason));
    }
    Ok(())
}
