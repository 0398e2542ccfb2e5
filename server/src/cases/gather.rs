//! 联合检查: several offices on one case. Those that are gathered see it and say what they found;
//! whose case it is does not change.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::{
    act::{self, FileRef, Files, check_reason},
    ledger::{self, Line},
    object::{Object, Person, UNREADABLE},
    store::{self, CaseRow},
};
use crate::{
    app::News,
    error::{Error, Result},
    hex::{hex, unhex},
    identity::Principal,
    store::Tx,
};

/// Offices on one case at most, beside the one that has it.
const MAX_OFFICES: usize = 8;
/// Characters of a 检查码.
const CODE_MAX: u32 = 40;

/// Offices to gather.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GatherInput {
    /// Names of offices.
    pub offices: Vec<String>,
    /// 检查码 of the joint inspection, where there is one.
    pub code: Option<String>,
    /// What they are asked for.
    pub reason: String,
}

/// What a gathered office found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpinionInput {
    /// In words.
    pub reason: String,
    /// Photos of the site.
    #[serde(default)]
    pub attachments: Vec<FileRef>,
}

/// An office that was gathered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Gathered {
    /// Its name.
    pub office: String,
    /// 检查码.
    pub code: Option<String>,
    /// When it was asked, ms.
    pub at_ms: i64,
    /// When it last said something, ms.
    pub opinion_ms: Option<i64>,
}

/// Gathers offices on a case; its version now.
pub fn gather(
    tx: &mut Tx<'_>,
    uid: &str,
    version: u64,
    input: &GatherInput,
    who: &Principal,
) -> Result<u64> {
    let case = act::in_hand(tx.conn(), uid, version, who)?;
    if !who.role.is_office() || who.office.as_deref() != Some(case.case.lead()) {
        return Err(Error::Forbidden(
            "the office that leads the case gathers others",
        ));
    }
    check_reason(&input.reason)?;
    let code = input.code.as_deref();
    let wrong = |code: &str| schemas::checks::text::check_line(code, CODE_MAX).is_err();
    if code.is_some_and(wrong) {
        return Err(Error::invalid("code", "one line of at most 40 characters"));
    }
    let known = gathered(tx.conn(), case.id)?;
    let schemas = tx.core().schemas();
    let good = |office: &String| {
        let there = schemas.office(office).is_some_and(|office| !office.retired);
        there && *office != case.office && known.iter().all(|other| other.office != *office)
    };
    let mut offices = input.offices.clone();
    offices.sort_unstable();
    offices.dedup();
    if offices.is_empty() || !offices.iter().all(good) || offices.len() != input.offices.len() {
        let wanted = "offices that are there and not on the case yet, each once";
        return Err(Error::invalid("offices", wanted));
    }
    if known.len() + offices.len() > MAX_OFFICES {
        return Err(Error::invalid("offices", "at most 8 offices on one case"));
    }
    let person = Person::from(who);
    let object = Object {
        case: Some(hex(&case.uid)),
        offices,
        code: input.code.clone(),
        ..Object::by(&person)
    };
    done(tx, "case.gather", &case, &object, &input.reason, &person)
}

/// A gathered office says what it found; the case's version now.
pub fn opinion(
    tx: &mut Tx<'_>,
    uid: &str,
    version: u64,
    input: &OpinionInput,
    who: &Principal,
) -> Result<u64> {
    let case = act::in_hand(tx.conn(), uid, version, who)?;
    let office = who.office.as_deref().unwrap_or_default();
    let all = gathered(tx.conn(), case.id)?;
    if !who.role.is_office() || all.iter().all(|one| one.office != office) {
        return Err(Error::Forbidden("only an office that was gathered says so"));
    }
    check_reason(&input.reason)?;
    if input.reason.trim().is_empty() {
        return Err(Error::invalid("reason", "say what was found"));
    }
    let files = act::files(tx, &case, &input.attachments, who)?;
    let person = Person::from(who);
    let object = Object {
        case: Some(hex(&case.uid)),
        files: act::named(&files),
        ..Object::by(&person)
    };
    done(tx, "case.opinion", &case, &object, &input.reason, &person)
}

fn done(
    tx: &mut Tx<'_>,
    act: &str,
    case: &CaseRow,
    object: &Object,
    reason: &str,
    who: &Person,
) -> Result<u64> {
    if case.state.is_final() {
        return Err(Error::Conflict("the case has ended"));
    }
    again(tx, act, object, reason, who)?;
    tx.journal_act(&who.login, act, &object.text()?, reason)?;
    tx.announce(News::Office(case.office.clone()));
    for office in &object.offices {
        tx.announce(News::Office(office.clone()));
    }
    Ok(store::get(tx.conn(), case.id)?.version)
}

/// Does an act again, or for the first time.
pub(super) fn again(
    tx: &Tx<'_>,
    act: &str,
    object: &Object,
    reason: &str,
    who: &Person,
) -> Result<()> {
    let uid = object.case.as_deref().and_then(unhex).ok_or(UNREADABLE)?;
    let conn = tx.conn();
    let case = store::find(conn, &uid)?;
    let line = |step, to_office| Line {
        step,
        from: Some(case.state),
        person: Some(who),
        to_office,
        reason,
        ..Line::default()
    };
    if act == "case.gather" {
        for office in &object.offices {
            conn.execute(
                "INSERT INTO case_gathered (case_id, office, code, at_ms) VALUES (?1, ?2, ?3, ?4)",
                params![case.id, office, object.code, tx.now_ms()],
            )?;
            let line = line("gather", Some(office.as_str()));
            ledger::add(conn, case.id, case.state, &line, tx.now_ms())?;
        }
    } else {
        conn.execute(
            "UPDATE case_gathered SET opinion_ms = ?3 WHERE case_id = ?1 AND office = ?2",
            params![case.id, who.author.office, tx.now_ms()],
        )?;
        let line = line("opinion", None);
        let ord = ledger::add(conn, case.id, case.state, &line, tx.now_ms())?;
        let files: Files = act::unnamed(&object.files)?;
        for file in files {
            ledger::attach(conn, case.id, ord, file)?;
        }
    }
    store::touch(conn, case.id)
}

/// The offices that were gathered on a case.
pub(super) fn gathered(conn: &Connection, case: i64) -> Result<Vec<Gathered>> {
    let mut select = conn.prepare_cached(
        "SELECT office, code, at_ms, opinion_ms FROM case_gathered WHERE case_id = ?1
         ORDER BY at_ms, office",
    )?;
    let rows = select.query_map(params![case], |row| {
        Ok(Gathered {
            office: row.get(0)?,
            code: row.get(1)?,
            at_ms: row.get(2)?,
            opinion_ms: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether an office was gathered on a case.
pub(super) fn is_gathered(conn: &Connection, case: i64, office: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM case_gathered WHERE case_id = ?1 AND office = ?2";
    Ok(conn.prepare_cached(sql)?.exists(params![case, office])?)
}
