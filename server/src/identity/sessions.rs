//! Sessions: a random token in a cookie, of which the server keeps the digest.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::Sha256;

use super::{
    Principal,
    accounts::{self, Account},
};
use crate::{core::Core, error::Result, store::Tx};

/// A session ends after this long without a request, ms.
pub const IDLE_MS: i64 = 30 * 60 * 1_000;
/// A session ends after this long, ms.
pub const LIFE_MS: i64 = 12 * 60 * 60 * 1_000;
/// Sessions of one account at most: the oldest makes room.
const PER_ACCOUNT: i64 = 8;
/// How exactly the last request is remembered, ms: not every request writes.
const SEEN_MS: i64 = 60 * 1_000;

/// A session in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token.
    pub digest: Sha256,
    /// The person.
    pub principal: Principal,
    /// What every change has to repeat in a header.
    pub csrf: String,
    /// Whether nothing but the password may be changed.
    pub must_change: bool,
    /// Whether a second factor is in force.
    pub second_factor: bool,
    /// When it ends at the latest, ms.
    pub ends_ms: i64,
    /// Whether it is time to remember this request.
    pub stale: bool,
}

/// What a person gets on signing in: the cookie's token.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// Begins a session of an account.
pub(super) fn begin(tx: &mut Tx<'_>, account: &Account) -> Result<(Token, Session)> {
    let token = random(tx.core())?;
    let csrf = random(tx.core())?;
    let digest = Sha256::of(token.as_bytes());
    let id = account.principal.account;
    let conn = tx.conn();
    // Sessions that are over leave with the next sign-in of anyone.
    conn.execute(
        "DELETE FROM session WHERE seen_ms < ?1 OR created_ms < ?2",
        params![tx.now_ms() - IDLE_MS - SEEN_MS, tx.now_ms() - LIFE_MS],
    )?;
    conn.execute(
        "DELETE FROM session WHERE account = ?1 AND digest NOT IN (
             SELECT digest FROM session WHERE account = ?1 ORDER BY created_ms DESC LIMIT ?2)",
        params![id, PER_ACCOUNT - 1],
    )?;
    conn.execute(
        "INSERT INTO session (digest, account, csrf, created_ms, seen_ms)
         VALUES (?1, ?2, ?3, ?4, ?4)",
        params![digest.0, id, csrf, tx.now_ms()],
    )?;
    let session = Session {
        digest,
        principal: account.principal.clone(),
        csrf,
        must_change: account.must_change,
        second_factor: account.second_factor,
        ends_ms: tx.now_ms() + LIFE_MS,
        stale: false,
    };
    Ok((Token(token), session))
}

/// The session of a token, if it is in force.
pub fn find(conn: &Connection, token: &str, now_ms: i64) -> Result<Option<Session>> {
    by_digest(conn, Sha256::of(token.as_bytes()), now_ms)
}

/// Whether a session is still in force.
pub fn in_force(conn: &Connection, digest: Sha256, now_ms: i64) -> Result<bool> {
    Ok(by_digest(conn, digest, now_ms)?.is_some())
}

fn by_digest(conn: &Connection, digest: Sha256, now_ms: i64) -> Result<Option<Session>> {
    let row: Option<(i64, String, i64, i64)> = conn
        .prepare_cached("SELECT account, csrf, created_ms, seen_ms FROM session WHERE digest = ?1")?
        .query_row(params![digest.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((account, csrf, created_ms, seen_ms)) = row else {
        return Ok(None);
    };
    // The last request is known to the minute, in favour of whoever works.
    if now_ms - seen_ms > IDLE_MS + SEEN_MS || now_ms - created_ms > LIFE_MS {
        return Ok(None);
    }
    let account = accounts::get(conn, account)?;
    Ok(account.active.then_some(Session {
        digest,
        principal: account.principal,
        csrf,
        must_change: account.must_change,
        second_factor: account.second_factor,
        ends_ms: created_ms + LIFE_MS,
        stale: now_ms - seen_ms > SEEN_MS,
    }))
}

/// Remembers a request.
pub fn touch(tx: &mut Tx<'_>, digest: Sha256) -> Result<()> {
    tx.conn()
        .prepare_cached("UPDATE session SET seen_ms = max(seen_ms, ?2) WHERE digest = ?1")?
        .execute(params![digest.0, tx.now_ms()])?;
    Ok(())
}

/// Ends a session.
pub fn end(tx: &mut Tx<'_>, digest: Sha256) -> Result<()> {
    let sql = "DELETE FROM session WHERE digest = ?1";
    tx.conn().execute(sql, params![digest.0])?;
    Ok(())
}

/// Ends all sessions of an account.
pub fn end_all(tx: &mut Tx<'_>, account: i64) -> Result<()> {
    let sql = "DELETE FROM session WHERE account = ?1";
    tx.conn().execute(sql, params![account])?;
    Ok(())
}

fn random(core: &Core) -> Result<String> {
    let mut bytes = [0; 32];
    core.keys().fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
