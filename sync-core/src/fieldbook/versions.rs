//! Which version of the schemas the book works with: the one that came with the app, or one that
//! the server announced and that was fetched since.
//!
//! What was fetched is only kept. The book goes on with the version that it has until it is told to
//! take the other, so that no form changes while it is filled in, or until it is opened again.

use std::sync::Arc;

use minicbor::{Decode, Encode};
use schemas::SchemaSet;

use super::{
    Fieldbook,
    error::{FieldbookError, Result},
    facts::Layouts,
    store::Store,
};
use crate::{ids::Sha256, sync::SchemaFiles};

const ANNOUNCED: &str = "announced_schema";
const IN_FORCE: &str = "schema_in_force";
const USED: &str = "schema_used";
const REFUSED: &str = "schema_refused";
/// What cannot be used by one app may be by the next.
const APP: &str = env!("CARGO_PKG_VERSION");

/// A version that the server announced to this phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Announced {
    /// Its number.
    #[n(0)]
    pub version: u32,
    /// Whether this phone tries it before others have it.
    #[n(1)]
    pub draft: bool,
    /// SHA-256 of what is served.
    #[n(2)]
    pub digest: Option<Sha256>,
}

/// A version that could not be used, and the app that could not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Refused {
    #[n(0)]
    announced: Announced,
    #[n(1)]
    app: String,
}

/// What the book is to work with.
enum Wanted {
    /// What came with the app.
    Own,
    /// What is kept.
    Kept(Announced, Sha256),
    /// What is still to be fetched.
    Missing(Announced),
}

impl Store {
    fn announced_schema(&self) -> Result<Option<Announced>> {
        let announced: Announced = self.meta_cbor(ANNOUNCED)?;
        Ok((announced.version > 0).then_some(announced))
    }

    /// Notes what the server said last.
    pub(super) fn announce_schema(&self, announced: &Announced) -> Result<()> {
        if !announced.draft {
            self.set_meta_cbor(IN_FORCE, &announced.version)?;
        }
        self.set_meta_cbor(ANNOUNCED, announced)
    }

    fn wanted_schema(&self, own: &SchemaSet) -> Result<Wanted> {
        let Some(announced) = self.announced_schema()? else {
            return Ok(Wanted::Own);
        };
        let is = |digest: Sha256| announced.digest.is_none_or(|named| named == digest);
        // An app that brings a higher version came from a server that has it in force.
        if announced.version < own.version() {
            return Ok(Wanted::Own);
        }
        if announced.version == own.version() {
            let files = SchemaFiles::builtin(own.version());
            if announced.digest.is_none() || is(Sha256::of(&files.to_bytes())) {
                return Ok(Wanted::Own);
            }
        }
        let kept = self.schema_digest(announced.version)?;
        Ok(match kept.filter(|kept| is(*kept)) {
            Some(kept) => Wanted::Kept(announced, kept),
            None => Wanted::Missing(announced),
        })
    }

    /// Reads what is kept. What cannot be read or used any more is forgotten, and fetched again.
    fn kept_schema(&self, version: u32) -> Result<Option<Arc<SchemaSet>>> {
        let read = self.schema(version).and_then(|bytes| {
            let bytes = bytes.ok_or(FieldbookError::Schema(version))?;
            usable(version, &bytes)
        });
        match read {
            Ok(set) => Ok(Some(Arc::new(set))),
            Err(FieldbookError::DiskFull | FieldbookError::Store(_)) => read.map(|_| None),
            Err(_) => self.drop_schema(version).map(|()| None),
        }
    }
}

/// The version in these bytes, if it is that one and can be used.
fn usable(version: u32, bytes: &[u8]) -> Result<SchemaSet> {
    let unusable = || FieldbookError::Schema(version);
    let files = SchemaFiles::from_bytes(bytes).map_err(|_| unusable())?;
    let set = files.parse().map_err(|_| unusable())?;
    if files.version() == version && set.version() == version {
        Ok(set)
    } else {
        Err(unusable())
    }
}

impl Fieldbook {
    /// The schemas that this book works with.
    pub fn schemas(&self) -> &SchemaSet {
        &self.schemas
    }

    /// The version that the server announced last.
    pub fn announced_schema(&self) -> Result<Option<Announced>> {
        self.store.announced_schema()
    }

    /// Whether the version that the book works with is one on trial.
    pub fn tries_schema(&self) -> Result<bool> {
        let tried = self.announced_schema()?.is_some_and(|announced| {
            announced.draft && self.using.is_some() && announced.version == self.schemas.version()
        });
        Ok(tried || self.schemas.is_draft())
    }

    /// The version that is to be fetched; none that this app could not use.
    pub fn missing_schema(&self) -> Result<Option<Announced>> {
        match self.store.wanted_schema(&self.own)? {
            Wanted::Missing(announced) if !self.is_refused(announced)? => Ok(Some(announced)),
            _ => Ok(None),
        }
    }

    /// The announced version, if it could not be used.
    pub fn refused_schema(&self) -> Result<Option<u32>> {
        let announced = self.announced_schema()?.unwrap_or_default();
        let refused = self.is_refused(announced)?;
        Ok(refused.then_some(announced.version))
    }

    fn is_refused(&self, announced: Announced) -> Result<bool> {
        let refused: Refused = self.store.meta_cbor(REFUSED)?;
        Ok(announced.version > 0 && refused.announced == announced && refused.app == APP)
    }

    /// Keeps a version as the server served it, durably. What is not what was announced, or of a
    /// form that this app does not know, is an error, and not asked for again; the book goes on
    /// with what it has.
    pub fn keep_schema(&mut self, announced: Announced, bytes: &[u8]) -> Result<()> {
        let version = announced.version;
        let told = announced
            .digest
            .is_none_or(|told| told == Sha256::of(bytes));
        let usable = told && usable(version, bytes).is_ok();
        self.store.transaction(|| {
            if usable {
                self.store.put_schema(version, bytes)?;
                let in_force: u32 = self.store.meta_cbor(IN_FORCE)?;
                return self.store.keep_schemas(version, in_force);
            }
            let app = APP.to_owned();
            self.store
                .set_meta_cbor(REFUSED, &Refused { announced, app })
        })?;
        if usable {
            Ok(())
        } else {
            Err(FieldbookError::Schema(version))
        }
    }

    /// Another version that is here and not yet taken, and whether it is on trial.
    pub fn ready_schema(&self) -> Result<Option<(u32, bool)>> {
        Ok(match self.store.wanted_schema(&self.own)? {
            Wanted::Own if self.using.is_some() => Some((self.own.version(), false)),
            Wanted::Kept(announced, digest) if self.using != Some(digest) => {
                Some((announced.version, announced.draft))
            }
            _ => None,
        })
    }

    /// Takes the version that is ready: forms, rules, codes, lists and search follow it. Whether
    /// there was one.
    pub fn take_schema(&mut self) -> Result<bool> {
        if self.ready_schema()?.is_none() {
            return Ok(false);
        }
        let (schemas, using) = chosen(&self.store, &self.own)?;
        if using == self.using {
            return Ok(false);
        }
        note_used(&self.store, &schemas, using)?;
        self.using = using;
        self.set_schemas(schemas)?;
        Ok(true)
    }

    /// Works with these schemas from now on: lists and search are made of what they name.
    pub fn set_schemas(&mut self, schemas: Arc<SchemaSet>) -> Result<()> {
        self.layouts = Layouts::of(&schemas);
        self.schemas = schemas;
        self.summarise_if_needed()?;
        self.reload()
    }

    /// Tells versions of one number apart.
    pub(super) fn schema_tag(&self) -> u32 {
        let digest = self.using.map(|digest| digest.0);
        let first = digest.and_then(|digest| digest.first_chunk().copied());
        first.map_or(0, u32::from_be_bytes)
    }
}

/// The version of a fetched set that the book worked with last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Used {
    #[n(0)]
    version: u32,
    #[n(1)]
    digest: Option<Sha256>,
}

fn note_used(store: &Store, schemas: &SchemaSet, digest: Option<Sha256>) -> Result<()> {
    let used = Used {
        version: schemas.version(),
        digest,
    };
    if store.meta_cbor::<Used>(USED)? == used {
        return Ok(());
    }
    store.set_meta_cbor(USED, &used)
}

/// What an opened book works with: the schemas, and their digest where they were fetched. Until
/// what was announced is here that is what it worked with before.
fn chosen(store: &Store, own: &Arc<SchemaSet>) -> Result<(Arc<SchemaSet>, Option<Sha256>)> {
    let kept = match store.wanted_schema(own)? {
        Wanted::Kept(announced, digest) => Some((announced.version, digest)),
        Wanted::Missing(_) => {
            let used: Used = store.meta_cbor(USED)?;
            let kept = store.schema_digest(used.version)?;
            kept.filter(|kept| used.digest == Some(*kept))
                .map(|kept| (used.version, kept))
        }
        Wanted::Own => None,
    };
    let set = match kept {
        Some((version, digest)) => store.kept_schema(version)?.map(|set| (set, Some(digest))),
        None => None,
    };
    Ok(set.unwrap_or_else(|| (own.clone(), None)))
}

/// The same, noted for the next time.
pub(super) fn opened(
    store: &Store,
    own: &Arc<SchemaSet>,
) -> Result<(Arc<SchemaSet>, Option<Sha256>)> {
    let (schemas, using) = chosen(store, own)?;
    note_used(store, &schemas, using)?;
    Ok((schemas, using))
}

#[cfg(test)]
mod tests;
