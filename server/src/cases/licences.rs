//! 协助办证: which licences a business that is being followed needs, has, and is helped to get,
//! beside 引导 → 调整 → 明确.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::{Deserialize, Serialize};
use sync_core::record::{FieldView, View};

use super::{
    act::{self, check_reason},
    ledger::{self, Line},
    object::{Object, Person, UNREADABLE},
    state::CaseType,
    store::{self, CaseRow},
};
use crate::{
    app::News,
    error::{Error, Result},
    hex::{hex, unhex},
    identity::Principal,
    records::{self, detail::Reader},
    store::Tx,
};

/// Where help with a licence can stand.
const STATES: [&str; 4] = ["helping", "applied", "granted", "not_needed"];

/// Where a licence stands now.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenceInput {
    /// A code of the list `licence-type`.
    pub licence: String,
    /// `helping`, `applied`, `granted` or `not_needed`.
    pub state: String,
    /// What was done.
    #[serde(default)]
    pub reason: String,
}

/// A licence of a business.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LicenceHelp {
    /// A code of the list `licence-type`.
    pub licence: String,
    /// Whether its business type needs it, by the table of the area.
    pub needed: bool,
    /// Whether its record has one.
    pub held: bool,
    /// Until when that is valid; null for one without an end, or none.
    pub expires: Option<String>,
    /// Where help with it stands; null where nobody has begun.
    pub state: Option<String>,
    /// Who said so.
    pub by: Option<String>,
    /// What was done.
    pub reason: Option<String>,
    /// When, ms.
    pub time_ms: Option<i64>,
}

/// Says where a licence stands; the case's version now.
pub fn help(
    tx: &mut Tx<'_>,
    uid: &str,
    version: u64,
    input: &LicenceInput,
    who: &Principal,
) -> Result<u64> {
    let case = act::in_hand(tx.conn(), uid, version, who)?;
    let office = who.office.as_deref().unwrap_or_default();
    let theirs = [case.office.as_str(), case.case.lead()].contains(&office);
    if !who.role.is_office() || !theirs {
        return Err(Error::Forbidden("the office that has the case helps"));
    }
    if case.case != CaseType::Business {
        return Err(Error::Conflict(
            "licences are helped with on business-type changes",
        ));
    }
    if case.state.is_final() || case.assigned_ms.is_none() {
        return Err(Error::Conflict("help begins once an office has the case"));
    }
    check_reason(&input.reason)?;
    let schemas = tx.core().schemas();
    let list = schemas.codes("licence-type");
    if list.is_none_or(|list| list.get(&input.licence).is_none()) {
        return Err(Error::invalid("licence", "no such licence"));
    }
    if !STATES.contains(&input.state.as_str()) {
        return Err(Error::invalid(
            "state",
            "helping, applied, granted or not_needed",
        ));
    }
    let person = Person::from(who);
    let object = Object {
        case: Some(hex(&case.uid)),
        licence: Some(input.licence.clone()),
        mark: Some(input.state.clone()),
        ..Object::by(&person)
    };
    again(tx, &object, &input.reason, &person)?;
    tx.journal_act(
        &person.login,
        "case.licence",
        &object.text()?,
        &input.reason,
    )?;
    tx.announce(News::Office(case.office.clone()));
    Ok(store::get(tx.conn(), case.id)?.version)
}

/// Does it again, or for the first time.
pub(super) fn again(tx: &Tx<'_>, object: &Object, reason: &str, who: &Person) -> Result<()> {
    let uid = object.case.as_deref().and_then(unhex).ok_or(UNREADABLE)?;
    let (Some(licence), Some(state)) = (&object.licence, &object.mark) else {
        return Err(UNREADABLE);
    };
    let conn = tx.conn();
    let case = store::find(conn, &uid)?;
    conn.execute(
        "INSERT INTO case_licence (case_id, licence, state, actor, reason, time_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (case_id, licence) DO UPDATE SET state = excluded.state,
           actor = excluded.actor, reason = excluded.reason, time_ms = excluded.time_ms",
        params![case.id, licence, state, who.login, reason, tx.now_ms()],
    )?;
    let line = Line {
        step: "licence",
        from: Some(case.state),
        person: Some(who),
        milestone: Some(licence),
        reason,
        ..Line::default()
    };
    ledger::add(conn, case.id, case.state, &line, tx.now_ms())?;
    store::touch(conn, case.id)
}

/// The licences of the business that a case is about: needed, held or helped with.
pub(super) fn of_case(reader: &Reader<'_>, case: &CaseRow) -> Result<Vec<LicenceHelp>> {
    let (conn, schemas) = (reader.conn, reader.schemas);
    let mut found: BTreeMap<String, LicenceHelp> = BTreeMap::new();
    if case.case != CaseType::Business {
        return Ok(Vec::new());
    }
    let shop = match case.shop {
        Some(shop) => match records::find(conn, reader.core.keys(), &shop) {
            Err(Error::Gone(_)) => None,
            shop => shop?,
        },
        None => None,
    };
    if let Some(view) = shop.map(|shop| View::of(&shop.registers)) {
        let text = |fields: &BTreeMap<String, FieldView>, key: &str| {
            let shown = fields.get(key).map(FieldView::shown)?;
            shown.as_text().map(str::to_owned)
        };
        let trade = text(&view.fields, "business_type").unwrap_or_default();
        let settings = schemas.settings(&case.grid);
        if let (Some(settings), Some(types)) = (settings, schemas.codes("business-type")) {
            for code in settings.needed_licences(types, &trade) {
                found.entry(code.as_str().to_owned()).or_default().needed = true;
            }
        }
        let entries = view.entries.get("licences").map(Vec::as_slice);
        for entry in entries.unwrap_or_default() {
            if !entry.presence.is_shown() {
                continue;
            }
            let Some(name) = text(&entry.fields, "type") else {
                continue;
            };
            let licence = found.entry(name).or_default();
            licence.held = true;
            let expires = match entry.fields.get("expires").map(FieldView::shown) {
                Some(value) => schemas::json::to_json(None, value)
                    .as_str()
                    .map(str::to_owned),
                None => None,
            };
            licence.expires = licence.expires.take().max(expires);
        }
    }
    let mut select = conn.prepare_cached(
        "SELECT licence, state, actor, reason, time_ms FROM case_licence WHERE case_id = ?1",
    )?;
    let mut rows = select.query(params![case.id])?;
    while let Some(row) = rows.next()? {
        let licence = found.entry(row.get(0)?).or_default();
        licence.state = row.get(1)?;
        licence.by = row.get(2)?;
        licence.reason = row.get(3)?;
        licence.time_ms = row.get(4)?;
    }
    let named = found.into_iter().map(|(code, help)| LicenceHelp {
        licence: code,
        ..help
    });
    Ok(named.collect())
}
