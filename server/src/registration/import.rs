//! Reading a list from a file.

use std::collections::BTreeSet;

use schemas::area::Level;
use serde::{Deserialize, Serialize};
use sync_core::RecordId;
use utoipa::{IntoParams, ToSchema};

use super::{
    act::{Act, list_id, put_rows},
    matching::compare,
    query::{Entry, ListOut, list_of, need_office},
};
use crate::{
    error::{Error, Result},
    identity::Principal,
    import::Table,
    store::Tx,
};

/// Bytes of a file at most.
pub const MAX_FILE_BYTES: usize = 4 * 1024 * 1024;
/// Rows of a list at most.
const MAX_ROWS: usize = 20_000;
/// Rows of one entry of the journal.
const ROWS: usize = 500;
/// Rows that are told to be wrong at most.
const MAX_REJECTED: usize = 100;
/// What a row is sealed as.
pub(super) const SEALED_AS: &[u8] = b"registration";

/// Names that a column may have.
const CODE: [&str; 4] = ["uscc", "credit_code", "统一社会信用代码", "信用代码"];
const NAME: [&str; 4] = ["name", "名称", "企业名称", "字号名称"];
const ADDRESS: [&str; 4] = ["address", "住所", "经营场所", "地址"];
const TRADE: [&str; 3] = ["business_type", "行业代码", "业态代码"];

/// A list to take in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NewList {
    /// What people call it, such as the office and month.
    pub name: String,
    /// Code of the area that it covers: what we have there and it lacks is a row too.
    pub area: String,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RejectedEntry {
    /// Its row in the file; the header is row 1.
    pub row: u64,
    /// What is wrong: `code`, `name` or `twice`.
    pub why: String,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Imported {
    /// The list.
    pub list: ListOut,
    /// Rows that were left out, the first 100 of them.
    pub rejected: Vec<RejectedEntry>,
    /// How many were left out.
    pub rejected_count: usize,
}

/// Takes a list in and compares it with our records.
pub fn import(tx: &mut Tx<'_>, new: &NewList, table: &Table, who: &Principal) -> Result<Imported> {
    need_office(who)?;
    let name = new.name.trim();
    if schemas::checks::text::check_line(name, 60).is_err() {
        return Err(Error::invalid("name", "one line of at most 60 characters"));
    }
    if Level::of_code(&new.area).is_none() || !who.covers(&new.area) {
        return Err(Error::invalid("area", "the code of one of your areas"));
    }
    let (entries, rejected) = read(table)?;
    if entries.is_empty() {
        return Err(Error::invalid("file", "no row of it can be used"));
    }
    let mut uid = RecordId::default();
    tx.core().keys().fill(&mut uid.0)?;
    let key = tx.core().keys().get_or_make(&uid)?;
    let begin = Act::Import {
        list: uid,
        name: name.to_owned(),
        area: new.area.clone(),
    };
    begin.done(tx, who, "", &new.area)?;
    let mut first = 0;
    for entries in entries.chunks(ROWS) {
        let mut sealed = Vec::with_capacity(entries.len());
        for entry in entries {
            let plain = serde_json::to_vec(entry)
                .map_err(|_| Error::Internal("a row cannot be written"))?;
            sealed.push(key.seal(SEALED_AS, &plain)?);
        }
        let next = first + u32::try_from(sealed.len()).unwrap_or(u32::MAX);
        put_rows(tx, uid, first, sealed, &who.login)?;
        first = next;
    }
    for rows in compare(tx, &new.area, &entries)?.chunks(ROWS) {
        let act = Act::Match {
            list: uid,
            rows: rows.to_vec(),
        };
        act.done(tx, who, "", &new.area)?;
    }
    let id = list_id(tx, &uid)?;
    Ok(Imported {
        list: list_of(tx.conn(), id, who)?,
        rejected_count: rejected.len(),
        rejected: rejected.into_iter().take(MAX_REJECTED).collect(),
    })
}

fn read(table: &Table) -> Result<(Vec<Entry>, Vec<RejectedEntry>)> {
    let column = |names: &[&str]| {
        let named = |header: &String| names.contains(&header.to_lowercase().as_str());
        table.headers.iter().position(named)
    };
    let missing = |at: &str| Error::invalid(at, "the list has no such column");
    let code_at = column(&CODE).ok_or_else(|| missing("uscc"))?;
    let name_at = column(&NAME).ok_or_else(|| missing("name"))?;
    let (address_at, trade_at) = (column(&ADDRESS), column(&TRADE));
    if table.rows.len() > MAX_ROWS {
        return Err(Error::TooLarge("20,000 rows of a list"));
    }
    let mut known = BTreeSet::new();
    let (mut entries, mut rejected) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let cell = |at: usize| {
            row.cells
                .get(at)
                .map(|cell| cell.trim())
                .unwrap_or_default()
        };
        let other = |at: Option<usize>| {
            let text = at.map(cell).filter(|text| !text.is_empty())?;
            Some(text.chars().take(200).collect::<String>())
        };
        let code = cell(code_at).to_uppercase();
        let name = cell(name_at);
        let why = if schemas::checks::uscc::check(&code).is_err() {
            "code"
        } else if schemas::checks::text::check_line(name, 120).is_err() {
            "name"
        } else if !known.insert(code.clone()) {
            "twice"
        } else {
            entries.push(Entry {
                code,
                name: name.to_owned(),
                address: other(address_at),
                business_type: other(trade_at),
            });
            continue;
        };
        rejected.push(RejectedEntry {
            row: row.number,
            why: why.to_owned(),
        });
    }
    Ok((entries, rejected))
}
