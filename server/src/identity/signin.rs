//! Signing in: password, second factor, and a growing wait after failures.
//!
//! Whether there is an account with a login shows neither in the answer nor in its time: failures
//! are counted by login, known or not, and an unknown one is compared with a hash of nobody's.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    accounts, audit, password, secret,
    sessions::{self, Session, Token},
    totp,
};
use crate::{App, error::Result, store::Tx};

/// Failures before the first wait.
const FREE: u32 = 5;
/// The first wait, ms; each failure doubles it.
const FIRST_WAIT_MS: i64 = 30 * 1_000;
/// The longest wait, ms.
const LONGEST_WAIT_MS: i64 = 15 * 60 * 1_000;
/// Failures are forgotten after this long, ms.
const FORGET_MS: i64 = 24 * 60 * 60 * 1_000;
/// Logins whose failures are kept at most; the oldest make room.
const KEPT: i64 = 20_000;

/// What someone signs in with.
#[derive(Clone)]
pub struct Attempt {
    /// Login, as typed.
    pub login: String,
    /// Password.
    pub password: String,
    /// Code of the second factor, if asked for.
    pub code: Option<String>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Signed in.
    In(Token, Box<Session>),
    /// The login, the password or the code is wrong.
    Wrong,
    /// The password is right; the code of the second factor is asked for.
    CodeWanted,
    /// Too many failures: not looked at before this many ms.
    Wait(i64),
}

/// Signs in.
pub async fn sign_in(app: &App, attempt: Attempt) -> Result<Outcome> {
    let login = attempt.login.trim().to_lowercase();
    let mac = secret::login_mac(app.core(), &login);
    let now_ms = app.core().now_ms();
    let (mac_read, login_read) = (mac.clone(), login.clone());
    let (wait, hash) = app
        .read(move |conn| {
            let wait = waiting(conn, &mac_read, now_ms)?;
            let account = accounts::by_login(conn, &login_read)?.filter(|account| account.active);
            let hash = account.map(|account| accounts::hash_of(conn, account.principal.account));
            Ok((wait, hash.transpose()?))
        })
        .await?;
    if let Some(ms) = wait {
        return Ok(Outcome::Wait(ms));
    }
    let right = attempt.password.len() <= password::MAX_BYTES
        && password::verify(attempt.password, hash.clone()).await?;
    app.write(move |tx| {
        // What was read may have changed while the password was looked at.
        if let Some(ms) = waiting(tx.conn(), &mac, tx.now_ms())? {
            return Ok(Outcome::Wait(ms));
        }
        let account = accounts::by_login(tx.conn(), &login)?.filter(|account| account.active);
        let Some(account) = account.filter(|_| right) else {
            return fail(tx, &mac);
        };
        let id = account.principal.account;
        if Some(accounts::hash_of(tx.conn(), id)?) != hash {
            return Ok(Outcome::Wrong);
        }
        if account.second_factor {
            match attempt.code.as_deref() {
                None => return Ok(Outcome::CodeWanted),
                Some(code) if take_code(tx, id, &login, code)? => {}
                Some(_) => return fail(tx, &mac),
            }
        }
        let sql = "DELETE FROM sign_in_failure WHERE login = ?1";
        tx.conn().execute(sql, params![mac])?;
        let (token, session) = sessions::begin(tx, &account)?;
        let object = format!("{{\"account\":{id}}}");
        audit::note(tx, &account.principal, "session.begin", &object, None, "")?;
        Ok(Outcome::In(token, Box::new(session)))
    })
    .await
}

/// Whether the password is the account's; failures count as failed sign-ins.
pub async fn confirm(app: &App, session: &Session, password: String) -> Result<Outcome> {
    let (id, login) = (session.principal.account, session.principal.login.clone());
    let mac = secret::login_mac(app.core(), &login);
    let now_ms = app.core().now_ms();
    let mac_read = mac.clone();
    let (wait, hash) = app
        .read(move |conn| {
            Ok((
                waiting(conn, &mac_read, now_ms)?,
                accounts::hash_of(conn, id)?,
            ))
        })
        .await?;
    if let Some(ms) = wait {
        return Ok(Outcome::Wait(ms));
    }
    if password.len() <= password::MAX_BYTES && password::verify(password, Some(hash)).await? {
        return Ok(Outcome::In(Token(String::new()), Box::new(session.clone())));
    }
    app.write(move |tx| fail(tx, &mac)).await
}

/// Makes a new second factor that waits for its first code: its secret.
pub fn offer_factor(tx: &mut Tx<'_>, account: i64, login: &str) -> Result<Vec<u8>> {
    let mut bytes = vec![0; totp::SECRET_LEN];
    tx.core().keys().fill(&mut bytes)?;
    let sealed = secret::seal(tx.core(), login, &bytes)?;
    tx.conn().execute(
        "UPDATE account SET totp_next = ?2 WHERE id = ?1",
        params![account, sealed],
    )?;
    Ok(bytes)
}

/// Puts the waiting second factor in force if the code is its; whether it is.
pub fn accept_factor(tx: &mut Tx<'_>, account: i64, login: &str, code: &str) -> Result<bool> {
    let sql = "SELECT totp_next FROM account WHERE id = ?1";
    let sealed: Option<Vec<u8>> = tx
        .conn()
        .query_row(sql, params![account], |row| row.get(0))?;
    let Some(sealed) = sealed else {
        return Ok(false);
    };
    let secret = secret::open(tx.core(), login, &sealed)?;
    let Some(step) = totp::accept(&secret, code, tx.now_ms(), 0) else {
        return Ok(false);
    };
    tx.conn().execute(
        "UPDATE account SET totp = totp_next, totp_next = NULL, totp_step = ?2,
                            version = version + 1
         WHERE id = ?1",
        params![account, step],
    )?;
    Ok(true)
}

/// Takes a code of the second factor in force, once.
fn take_code(tx: &mut Tx<'_>, account: i64, login: &str, code: &str) -> Result<bool> {
    let sql = "SELECT totp, totp_step FROM account WHERE id = ?1";
    let (sealed, last): (Vec<u8>, i64) = tx
        .conn()
        .query_row(sql, params![account], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let secret = secret::open(tx.core(), login, &sealed)?;
    let Some(step) = totp::accept(&secret, code.trim(), tx.now_ms(), last) else {
        return Ok(false);
    };
    tx.conn().execute(
        "UPDATE account SET totp_step = ?2 WHERE id = ?1",
        params![account, step],
    )?;
    Ok(true)
}

/// How long attempts with this login are not looked at.
fn waiting(conn: &Connection, mac: &[u8], now_ms: i64) -> Result<Option<i64>> {
    let until: Option<i64> = conn
        .prepare_cached("SELECT until_ms FROM sign_in_failure WHERE login = ?1")?
        .query_row(params![mac], |row| row.get(0))
        .optional()?;
    Ok(until.map(|until| until - now_ms).filter(|wait| *wait > 0))
}

/// Counts a failure.
fn fail(tx: &mut Tx<'_>, mac: &[u8]) -> Result<Outcome> {
    let (conn, now_ms) = (tx.conn(), tx.now_ms());
    conn.execute(
        "DELETE FROM sign_in_failure WHERE last_ms < ?1 OR login IN (
             SELECT login FROM sign_in_failure ORDER BY last_ms DESC LIMIT -1 OFFSET ?2)",
        params![now_ms - FORGET_MS, KEPT],
    )?;
    let failed: Option<u32> = conn
        .prepare_cached("SELECT failed FROM sign_in_failure WHERE login = ?1")?
        .query_row(params![mac], |row| row.get(0))
        .optional()?;
    let failed = failed.unwrap_or(0).saturating_add(1);
    let wait = wait_ms(failed);
    conn.execute(
        "INSERT INTO sign_in_failure (login, failed, until_ms, last_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (login) DO UPDATE SET failed = ?2, until_ms = ?3, last_ms = ?4",
        params![mac, failed, now_ms + wait, now_ms],
    )?;
    Ok(Outcome::Wrong)
}

fn wait_ms(failed: u32) -> i64 {
    match failed.checked_sub(FREE) {
        None => 0,
        Some(over) => (FIRST_WAIT_MS << over.min(10)).min(LONGEST_WAIT_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_begins_with_the_fifth_failure_doubles_and_has_an_end() {
        let waits: Vec<i64> = (1..=11).map(|failed| wait_ms(failed) / 1_000).collect();
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]);
        assert_eq!(wait_ms(u32::MAX), LONGEST_WAIT_MS);
    }
}
