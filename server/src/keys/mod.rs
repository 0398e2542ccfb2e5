//! keys.db: a key for each personal record, and the server's own keys, all wrapped by the master
//! key, which lies in a file of its own.
//!
//! A record's key is made when the record is first seen, and is on disk before anything that it
//! seals ([`Keys::flush`]). Erasing it erases the record from registers, history, journal, photos
//! and backups.

mod master;
mod seal;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ring::{
    hmac,
    rand::{SecureRandom as _, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{RecordId, bundle::ServerOpenKey};

use crate::{
    error::{Error, Result},
    store::{KEYS, Place, migrate, open},
};

pub use master::MasterKey;
pub use seal::{RecordKey, seal_with};

/// Keys that are kept unwrapped at most.
const CACHED: usize = 65_536;

/// The key store.
pub struct Keys {
    inner: Mutex<Inner>,
    own: OwnKeys,
    random: SystemRandom,
}

struct Inner {
    conn: Connection,
    master: MasterKey,
    cache: HashMap<RecordId, Option<RecordKey>>,
    /// Made and not yet on disk.
    staged: Vec<RecordId>,
}

struct OwnKeys {
    sign: Ed25519KeyPair,
    sign_public: [u8; 32],
    open: ServerOpenKey,
    seal_public: [u8; 32],
    blind: hmac::Key,
    session: hmac::Key,
}

impl Keys {
    /// Opens keys.db, and makes the server's own keys the first time.
    pub fn open(place: &Place, master: MasterKey) -> Result<Self> {
        let mut conn = open(place, "keys.db", false)?;
        migrate(&mut conn, KEYS)?;
        // A key that was destroyed must not linger in its page.
        conn.pragma_update(None, "secure_delete", true)?;
        let random = SystemRandom::new();
        let own = |name| own_key(&conn, &master, &random, name);
        let sign_seed = own("sign")?;
        let sign = Ed25519KeyPair::from_seed_unchecked(&sign_seed)
            .map_err(|_| Error::Internal("the signing key cannot be used"))?;
        let mut sign_public = [0; 32];
        sign_public.copy_from_slice(sign.public_key().as_ref());
        let (open_key, seal_public) = ServerOpenKey::derive(&own("seal")?);
        let own = OwnKeys {
            sign,
            sign_public,
            open: open_key,
            seal_public,
            blind: hmac::Key::new(hmac::HMAC_SHA256, &own("blind")?),
            session: hmac::Key::new(hmac::HMAC_SHA256, &own("session")?),
        };
        Ok(Self {
            inner: Mutex::new(Inner {
                conn,
                master,
                cache: HashMap::new(),
                staged: Vec::new(),
            }),
            own,
            random,
        })
    }

    /// The key of a record, if it has one. An error if it was erased.
    pub fn get(&self, record: &RecordId) -> Result<Option<RecordKey>> {
        self.inner().get(record)
    }

    /// The key of a record, made now if it has none; on disk after the next [`Keys::flush`].
    pub fn get_or_make(&self, record: &RecordId) -> Result<RecordKey> {
        let mut inner = self.inner();
        if let Some(key) = inner.get(record)? {
            return Ok(key);
        }
        let mut bytes = [0; 32];
        self.fill(&mut bytes)?;
        let key = RecordKey::new(&bytes)?;
        inner.staged.push(*record);
        inner.cache.insert(*record, Some(key.clone()));
        Ok(key)
    }

    /// Puts the keys made since on disk. To be called before anything they seal is committed.
    pub fn flush(&self) -> Result<()> {
        let mut inner = self.inner();
        if inner.staged.is_empty() {
            return Ok(());
        }
        let staged = std::mem::take(&mut inner.staged);
        let done = inner.store(&staged, &self.random);
        if done.is_err() {
            inner.staged.extend(staged);
        }
        done
    }

    /// Destroys a record's key for good. Whether there was one.
    pub fn erase(&self, record: &RecordId) -> Result<bool> {
        let mut inner = self.inner();
        inner.cache.insert(*record, None);
        inner.staged.retain(|staged| staged != record);
        let changed = inner.conn.execute(
            "INSERT INTO record_key (record, wrapped) VALUES (?1, NULL)
             ON CONFLICT (record) DO UPDATE SET wrapped = NULL",
            params![record.0],
        )?;
        // The old page must not linger in the log.
        inner
            .conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(changed > 0)
    }

    /// The records whose keys were destroyed.
    pub fn erased(&self) -> Result<Vec<RecordId>> {
        let inner = self.inner();
        let mut select = inner
            .conn
            .prepare("SELECT record FROM record_key WHERE wrapped IS NULL ORDER BY record")?;
        let rows = select.query_map([], |row| Ok(RecordId(row.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Signs as the server.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.own.sign.sign(message).as_ref());
        signature
    }

    /// The key that signs certificates and server bundles.
    pub const fn server_key(&self) -> [u8; 32] {
        self.own.sign_public
    }

    /// The key to which phones seal their outbox.
    pub const fn seal_key(&self) -> [u8; 32] {
        self.own.seal_public
    }

    /// Opens what phones sealed.
    pub const fn open_key(&self) -> &ServerOpenKey {
        &self.own.open
    }

    /// An HMAC that stands for a personal value where equality is asked for.
    pub fn blind(&self, field: &str, value: &str) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.own.blind);
        context.update(field.as_bytes());
        context.update(&[0]);
        context.update(value.as_bytes());
        context.sign().as_ref().to_vec()
    }

    /// The key that seals small secrets of accounts and signs what the console hands out.
    pub const fn session_key(&self) -> &hmac::Key {
        &self.own.session
    }

    /// Random bytes.
    pub fn fill(&self, bytes: &mut [u8]) -> Result<()> {
        self.random
            .fill(bytes)
            .map_err(|_| Error::Internal("no randomness"))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn get(&mut self, record: &RecordId) -> Result<Option<RecordKey>> {
        if let Some(cached) = self.cache.get(record) {
            return cached.clone().map(Some).ok_or(Error::Gone("erased"));
        }
        let found: Option<Option<Vec<u8>>> = self
            .conn
            .prepare_cached("SELECT wrapped FROM record_key WHERE record = ?1")?
            .query_row(params![record.0], |row| row.get(0))
            .optional()?;
        let Some(wrapped) = found else {
            return Ok(None);
        };
        let key = match wrapped {
            None => None,
            Some(wrapped) => Some(RecordKey::new(&self.master.unwrap(&record.0, &wrapped)?)?),
        };
        if self.cache.len() >= CACHED {
            let staged = &self.staged;
            self.cache.retain(|id, _| staged.contains(id));
        }
        self.cache.insert(*record, key.clone());
        key.map(Some).ok_or(Error::Gone("erased"))
    }

    fn store(&mut self, staged: &[RecordId], random: &SystemRandom) -> Result<()> {
        let tx = self.conn.transaction()?;
        {
            let mut insert = tx.prepare_cached(
                "INSERT INTO record_key (record, wrapped) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?;
            for record in staged {
                if let Some(Some(key)) = self.cache.get(record) {
                    let wrapped = self.master.wrap(&record.0, key.bytes(), random)?;
                    insert.execute(params![record.0, wrapped])?;
                }
            }
        }
        tx.commit()?;
        Ok(())
    }
}

fn own_key(
    conn: &Connection,
    master: &MasterKey,
    random: &SystemRandom,
    name: &str,
) -> Result<[u8; 32]> {
    let found: Option<Vec<u8>> = conn
        .query_row(
            "SELECT wrapped FROM server_key WHERE name = ?1",
            params![name],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(wrapped) = found {
        return master.unwrap(name.as_bytes(), &wrapped);
    }
    let mut key = [0; 32];
    random
        .fill(&mut key)
        .map_err(|_| Error::Internal("no randomness"))?;
    let wrapped = master.wrap(name.as_bytes(), &key, random)?;
    conn.execute(
        "INSERT INTO server_key (name, wrapped) VALUES (?1, ?2)",
        params![name, wrapped],
    )?;
    Ok(key)
}
