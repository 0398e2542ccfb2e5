//! What was read out of records once, kept in memory until the record changes.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::error::Result;

/// Records of which something is kept, at most.
const KEPT: usize = 400_000;

/// By a record's number, with the changes that it had.
#[derive(Debug)]
pub(crate) struct Opened<T>(Mutex<HashMap<i64, (u64, T)>>);

impl<T> Default for Opened<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Opened<T> {
    /// What is kept of a record with so many changes, or else what is read of it now.
    pub(super) fn of(
        &self,
        n: i64,
        changes: u64,
        read: impl FnOnce() -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((then, known)) = kept().get(&n)
            && *then == changes
        {
            return Ok(Some(known.clone()));
        }
        let Some(found) = read()? else {
            return Ok(None);
        };
        let mut kept = kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(n, (changes, found.clone()));
        Ok(Some(found))
    }
}
