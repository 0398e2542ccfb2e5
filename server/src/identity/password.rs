//! Passwords: argon2id, a few at a time, never on a thread that serves.

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Characters of a password at least.
pub const MIN_CHARS: usize = 10;
/// Bytes of a password at most.
pub const MAX_BYTES: usize = 256;
/// Hashes computed at the same time: each takes 19 MiB.
const AT_ONCE: usize = 2;
/// Those that wait for a turn at most.
const WAITING: usize = 32;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);
static QUEUE: Semaphore = Semaphore::const_new(AT_ONCE + WAITING);

/// What a wrong login is compared with, so that it takes as long as a wrong password.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash_now("nobody has this password").map_or_else(|_| String::new(), |h| h.0));

/// An argon2id hash as PHC string.
#[derive(Clone, PartialEq, Eq)]
pub struct Hash(pub(super) String);

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hash")
    }
}

/// Checks a new password against the rules: long enough, not the login.
pub fn check(login: &str, password: &str) -> Result<()> {
    let wrong = |reason| Err(Error::invalid("password", reason));
    if password.chars().take(MIN_CHARS).count() < MIN_CHARS {
        return wrong("a password has at least 10 characters");
    }
    if password.len() > MAX_BYTES {
        return wrong("a password has at most 256 bytes");
    }
    let plain = password.to_lowercase();
    if plain.contains(&login.to_lowercase()) && login.len() * 2 > plain.len() {
        return wrong("the password is hardly more than the login");
    }
    let mut chars = password.chars();
    let first = chars.next();
    if chars.all(|c| Some(c) == first) {
        return wrong("a password is more than one character again and again");
    }
    Ok(())
}

/// Hashes on the calling thread: for the command line and for demos.
pub fn hash_now(password: &str) -> Result<Hash> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| Hash(hash.to_string()))
        .map_err(|_| Error::Internal("a password cannot be hashed"))
}

/// Hashes when it is its turn.
pub async fn hash(password: String) -> Result<Hash> {
    in_turn(move || hash_now(&password)).await?
}

/// Whether the password is the one of `hash`; without one (no such account) it takes as long and
/// is wrong.
pub async fn verify(password: String, hash: Option<Hash>) -> Result<bool> {
    in_turn(move || {
        let known = hash.is_some();
        let text = hash.map_or_else(|| NOBODY.clone(), |hash| hash.0);
        let parsed =
            PasswordHash::new(&text).map_err(|_| Error::Internal("a password hash is damaged"))?;
        let right = Argon2::default().verify_password(password.as_bytes(), &parsed);
        Ok(right.is_ok() && known)
    })
    .await?
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _place = QUEUE.try_acquire().map_err(|_| Error::Busy {
        retry_after_ms: 2_000,
    })?;
    let turn = TURNS
        .acquire()
        .await
        .map_err(|_| Error::Internal("shutting down"))?;
    // The turn lasts as long as the thread works, also when the asker has gone.
    let work = move || {
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Internal("a password could not be looked at"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_or_obvious_passwords_are_refused() {
        for bad in [
            "short",
            "九个汉字不够长啊",
            "aaaaaaaaaaaaaaa",
            "wang.fang1",
            "WANG.FANG99",
        ] {
            assert!(check("wang.fang", bad).is_err(), "{bad}");
        }
        assert!(check("wang.fang", "晴天 with clouds").is_ok());
        assert!(check("wang.fang", &"长".repeat(100)).is_err());
    }

    #[tokio::test]
    async fn a_password_is_right_for_its_own_hash_and_never_for_none() {
        let hash = hash("right and long".to_owned()).await.unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let right = |hash| verify("right and long".to_owned(), hash);
        assert!(right(Some(hash.clone())).await.unwrap());
        assert!(!right(None).await.unwrap());
        let wrong = verify("wrong and long".to_owned(), Some(hash)).await;
        assert!(!wrong.unwrap());
    }
}
