//! Single values by name.

use rusqlite::OptionalExtension as _;

use super::Store;
use crate::{cbor, fieldbook::error::Result};

impl Store {
    pub(in crate::fieldbook) fn meta(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    pub(in crate::fieldbook) fn set_meta(&self, name: &str, value: &[u8]) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?;
        statement.execute((name, value))?;
        Ok(())
    }

    /// A value in CBOR; the default where there is none.
    pub(in crate::fieldbook) fn meta_cbor<T>(&self, name: &str) -> Result<T>
    where
        T: for<'b> minicbor::Decode<'b, ()> + Default,
    {
        match self.meta(name)? {
            Some(bytes) => Ok(cbor::from_slice(&bytes)?),
            None => Ok(T::default()),
        }
    }

    pub(in crate::fieldbook) fn set_meta_cbor<T: minicbor::Encode<()>>(
        &self,
        name: &str,
        value: &T,
    ) -> Result<()> {
        self.set_meta(name, &cbor::to_vec(value))
    }
}
