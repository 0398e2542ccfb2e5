//! What imports said: table `import_base`. Only of open kinds, so it stands in clear.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, params};
use schemas::{RegisterKey, Scalar};
use serde::Deserialize;
use sync_core::RecordId;

use crate::{
    error::{Error, Result},
    hex::hex,
    review::By,
    store::Tx,
};

/// The journal's name for what an import said.
pub(super) const ACT: &str = "import-base";

/// What the last import of the source said of a record.
pub(super) fn load(
    conn: &Connection,
    source: &str,
    record: &RecordId,
) -> Result<BTreeMap<RegisterKey, Scalar>> {
    let mut select = conn
        .prepare_cached("SELECT key, value FROM import_base WHERE source = ?1 AND record = ?2")?;
    let rows = select.query_map(params![source, record.0], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut base = BTreeMap::new();
    for row in rows {
        let (key, value) = row?;
        if let Ok(key) = RegisterKey::parse(&key) {
            base.insert(key, decode(&value)?);
        }
    }
    Ok(base)
}

/// One thing that an import said of a record and had not said before.
pub(super) type Said = (RecordId, String, String);

/// What this import says that the last one did not.
pub(super) fn news<'a>(
    record: &'a RecordId,
    before: &'a BTreeMap<RegisterKey, Scalar>,
    values: &'a BTreeMap<RegisterKey, Scalar>,
) -> impl Iterator<Item = Said> + 'a {
    values
        .iter()
        .filter(|(key, value)| before.get(key) != Some(value))
        .map(|(key, value)| (*record, key.to_string(), encode(value)))
}

/// Notes what was said, in the journal too: nothing else would bring it back in a rebuild.
pub(super) fn store(tx: &mut Tx<'_>, source: &str, by: &By, said: &[Said]) -> Result<()> {
    if said.is_empty() {
        return Ok(());
    }
    put(tx.conn(), source, said)?;
    let said: Vec<_> = said
        .iter()
        .map(|(record, key, value)| (record.to_string(), key, value))
        .collect();
    let object = serde_json::json!({ "source": source, "said": said });
    tx.journal_act(&by.person, ACT, &object.to_string(), &by.reason)
}

/// Does again what an entry of the journal says.
pub(super) fn replay(conn: &Connection, object: &str) -> Result<()> {
    #[derive(Deserialize)]
    struct Object {
        source: String,
        said: Vec<(String, String, String)>,
    }
    let bad = Error::Internal("an import's entry cannot be read");
    let Ok(object) = serde_json::from_str::<Object>(object) else {
        return Err(bad);
    };
    let said: Option<Vec<Said>> = object
        .said
        .into_iter()
        .map(|(record, key, value)| {
            let record = u128::from_str_radix(&record, 16).ok()?;
            Some((RecordId(record.to_be_bytes()), key, value))
        })
        .collect();
    put(conn, &object.source, &said.ok_or(bad)?)
}

fn put(conn: &Connection, source: &str, said: &[Said]) -> Result<()> {
    let mut put = conn.prepare_cached(
        "INSERT INTO import_base (source, record, key, value) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (source, record, key) DO UPDATE SET value = excluded.value",
    )?;
    for (record, key, value) in said {
        put.execute(params![source, record.0, key, value])?;
    }
    Ok(())
}

/// Records that the source named before and does not name now.
pub(super) fn vanished(
    conn: &Connection,
    source: &str,
    named: &HashSet<RecordId>,
) -> Result<Vec<RecordId>> {
    let mut select =
        conn.prepare_cached("SELECT DISTINCT record FROM import_base WHERE source = ?1")?;
    let rows = select.query_map(params![source], |row| row.get::<_, [u8; 16]>(0))?;
    let mut vanished = Vec::new();
    for row in rows {
        let record = RecordId(row?);
        if !named.contains(&record) {
            vanished.push(record);
        }
    }
    Ok(vanished)
}

/// A value as text, with a letter for its type.
fn encode(value: &Scalar) -> String {
    match value {
        Scalar::Null => "n".to_owned(),
        Scalar::Bool(flag) => format!("b{}", u8::from(*flag)),
        Scalar::Int(number) => format!("i{number}"),
        Scalar::Text(text) => format!("t{text}"),
        Scalar::Bytes(bytes) => format!("x{}", hex(bytes)),
    }
}

fn decode(text: &str) -> Result<Scalar> {
    let bad = Error::Internal("an import's base cannot be read");
    let mut chars = text.chars();
    let kind = chars.next();
    let rest = chars.as_str();
    let bytes = || -> Option<Vec<u8>> {
        let at = |at| u8::from_str_radix(rest.get(at..at + 2)?, 16).ok();
        (0..rest.len()).step_by(2).map(at).collect()
    };
    let value = match kind {
        Some('n') => Some(Scalar::Null),
        Some('b') => Some(Scalar::Bool(rest == "1")),
        Some('i') => rest.parse().ok().map(Scalar::Int),
        Some('t') => Some(Scalar::text(rest)),
        Some('x') => bytes().map(Scalar::Bytes),
        _ => None,
    };
    value.ok_or(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were() {
        for value in [
            Scalar::Null,
            Scalar::Bool(true),
            Scalar::Bool(false),
            Scalar::Int(-7),
            Scalar::text("顾戴路 1 号"),
            Scalar::text(""),
            Scalar::Bytes(vec![0, 255, 16]),
        ] {
            assert_eq!(decode(&encode(&value)).unwrap(), value);
        }
        for bad in ["", "q", "ix", "x0", "xzz"] {
            assert!(decode(bad).is_err(), "{bad}");
        }
    }
}
