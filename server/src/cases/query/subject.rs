//! What an item or a case is about: the record's title and its shop, as far as the asker may read
//! them. Rows keep references alone; this is looked up when they are shown.

use rusqlite::{OptionalExtension as _, params};
use schemas::FieldPath;
use serde::Serialize;
use sync_core::{RecordId, record::View};
use utoipa::ToSchema;

use crate::{
    error::{Error, Result},
    records::{
        detail::{self, Reader},
        values::Words,
    },
};

/// What something is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Subject {
    /// The parts of the record's title; empty where it is not for the person, or gone.
    pub title: Vec<Words>,
    /// The shop's sign.
    pub shop: Option<String>,
    /// The shop's door number.
    pub door: Option<String>,
}

impl Subject {
    /// That of a record and its shop.
    pub(super) fn of(
        reader: &Reader<'_>,
        record: Option<&RecordId>,
        shop: Option<&RecordId>,
    ) -> Result<Self> {
        let title = match record.map(|record| reader.find(record)).transpose() {
            Ok(Some(stored)) => detail::title(reader.kind(&stored)?, &View::of(&stored.registers)),
            Ok(None) | Err(Error::NotFound(_) | Error::Gone(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(Self {
            title,
            shop: shop_value(reader, shop, "sign_name")?,
            door: shop_value(reader, shop, "door_no")?,
        })
    }
}

/// A shown value of a shop: an open kind, whose values stand beside its record.
fn shop_value(reader: &Reader<'_>, shop: Option<&RecordId>, key: &str) -> Result<Option<String>> {
    let kind = reader.schemas.kind("shop");
    let path = FieldPath::parse(key).map_err(|_| Error::Internal("no such field"))?;
    let (Some(kind), Some(shop)) = (kind, shop) else {
        return Ok(None);
    };
    if !kind.may_read(&path, &reader.who.author()) {
        return Ok(None);
    }
    let found: Option<(String, String)> = reader
        .conn
        .prepare_cached(
            "SELECT r.grid, f.value FROM record r JOIN field_value f ON f.n = r.n
             WHERE r.id = ?1 AND r.kind = 'shop' AND f.key = ?2",
        )?
        .query_row(params![shop.0, key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found
        .filter(|(grid, _)| reader.who.covers(grid))
        .map(|(_, value)| value))
}
