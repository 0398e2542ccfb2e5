//! A person takes a step.

use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::SchemaSet;
use serde::Deserialize;
use sync_core::{RecordId, Sha256};

use super::{
    apply::apply,
    effects,
    facts::{Ask, Target, Verifier},
    ledger::{self, Line},
    object::{Object, Person, UNREADABLE},
    query,
    state::Step,
    store::{self, CASE, CaseRow},
    tasks, told,
};
use crate::{
    app::News,
    devices,
    error::{Error, Result},
    hex::{hex, unhex},
    identity::{Principal, accounts},
    records::detail::Reader,
    store::Tx,
    uploads,
};

/// Characters of a reason.
const REASON_MAX: usize = 2_000;
/// Attachments of one step.
const ATTACHMENTS_MAX: usize = 20;
/// Characters of a sign-in name or staff number.
const LOGIN_MAX: usize = 64;

/// A photo: of which record, and its SHA-256, both as hex.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    /// The record that it belongs to; the case's id where an office sent it.
    pub record: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A step to take. What a step does not need is not looked at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepInput {
    /// The step.
    pub step: Step,
    /// Why, or what was done.
    #[serde(default)]
    pub reason: String,
    /// `assign`: the office that is to handle it, the class's usual one if none is given;
    /// `return`: straight to another office that handles such cases.
    pub to_office: Option<String>,
    /// `handle`, `guide`: sign-in name of whoever works on it.
    pub handler: Option<String>,
    /// `reach`, `request_extension`: name of the milestone; the last one if none is given.
    pub milestone: Option<String>,
    /// `request_extension`, `grant_extension`: hours or days more, as the milestone counts.
    pub amount: Option<u32>,
    /// `request_postponement`, `grant_postponement`: until when, if that is known.
    pub until_ms: Option<i64>,
    /// `verify_pass`, `verify_fail`: staff number of the inspector who went to see.
    pub verifier: Option<String>,
    /// `join`: the case that it goes on as.
    pub into: Option<String>,
    /// Photos of the site.
    #[serde(default)]
    pub attachments: Vec<FileRef>,
}

impl StepInput {
    /// A step with a reason and nothing else.
    pub fn of(step: Step, reason: &str) -> Self {
        Self {
            step,
            reason: reason.to_owned(),
            to_office: None,
            handler: None,
            milestone: None,
            amount: None,
            until_ms: None,
            verifier: None,
            into: None,
            attachments: Vec::new(),
        }
    }
}

/// Takes a step of the case with this id, if it still has this version; its new version.
pub fn step(
    tx: &mut Tx<'_>,
    uid: &str,
    version: u64,
    input: &StepInput,
    who: &Principal,
) -> Result<u64> {
    let case = in_hand(tx.conn(), uid, version, who)?;
    check(&tx.core().schemas(), input)?;
    let files = files(tx, &case, &input.attachments, who)?;
    if matches!(input.step, Step::Handle | Step::Guide)
        && let Some(handler) = &input.handler
    {
        need_handler(tx.conn(), &case, handler)?;
    }
    let code = input.verifier.as_deref();
    let into = input.into.as_deref();
    let around = Around {
        verifier: code.map(|code| verifier_of(tx, &case, code)).transpose()?,
        target: into
            .map(|uid| target(tx.conn(), &case, uid, Some(who)))
            .transpose()?,
        files,
        number: None,
    };
    let person = Person::from(who);
    let number = perform(tx, &case, input, &around, &person)?;
    let object = Object {
        case: Some(hex(&case.uid)),
        number,
        to_office: input.to_office.clone(),
        handler: input.handler.clone(),
        milestone: input.milestone.clone(),
        amount: input.amount,
        until_ms: input.until_ms,
        verifier: input.verifier.clone(),
        into: input.into.clone(),
        files: named(&around.files),
        ..Object::by(&person)
    };
    let act = format!("case.{}", input.step.as_str());
    tx.journal_act(&person.login, &act, &object.text()?, &input.reason)?;
    tx.announce(News::Office(case.office.clone()));
    let now = store::get(tx.conn(), case.id)?;
    tx.announce(News::Office(now.office));
    Ok(now.version)
}

/// Photos of a step: record and SHA-256.
pub(super) type Files = Vec<(RecordId, [u8; 32])>;

/// What a step needs beside the case and what was asked.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// Who went to see.
    pub(super) verifier: Option<Verifier>,
    /// The case to go on as.
    pub(super) target: Option<Target>,
    /// Photos.
    pub(super) files: Files,
    /// In a replay: the number that the case got.
    pub(super) number: Option<String>,
}

/// Takes a step that was asked for now or stands in the journal; the number that the case got.
pub(super) fn perform(
    tx: &mut Tx<'_>,
    case: &CaseRow,
    input: &StepInput,
    around: &Around,
    who: &Person,
) -> Result<Option<String>> {
    let conn = tx.conn();
    let facts = store::facts(conn, &tx.core().schemas(), case)?;
    let other = around.target.as_ref().map(|target| target.id);
    let ask = Ask {
        step: input.step,
        reason: !input.reason.trim().is_empty(),
        to_office: input.to_office.clone(),
        handler: input.handler.clone(),
        milestone: input.milestone.clone(),
        amount: input.amount,
        until_ms: input.until_ms,
        verifier: around.verifier.clone(),
        target: around.target.clone(),
    };
    let next = apply(&facts, &ask, &who.author, tx.now_ms())?;
    let number = effects::write(tx, case, &next, who, around.number.as_deref())?;
    let moved = next.office != case.office;
    let verifies = matches!(input.step, Step::VerifyPass | Step::VerifyFail);
    let line = Line {
        step: input.step.as_str(),
        from: Some(case.state),
        person: Some(who),
        to_office: moved.then_some(next.office.as_str()),
        handler: input.handler.as_deref(),
        milestone: input.milestone.as_deref(),
        amount: input.amount,
        until_ms: input.until_ms,
        verifier: input.verifier.as_deref().filter(|_| verifies),
        other: other.filter(|_| input.step == Step::Join),
        reason: &input.reason,
    };
    let ord = ledger::add(conn, case.id, next.state, &line, tx.now_ms())?;
    for file in &around.files {
        ledger::attach(conn, case.id, ord, *file)?;
    }
    if input.step == Step::Report {
        tasks::verify(tx, case, &who.login)?;
    }
    if verifies {
        devices::withdraw_verify(tx, case.id)?;
    }
    match other.filter(|_| input.step == Step::Join) {
        // The finding goes on as another case: its reporters hear of that one from now on.
        Some(other) => told::tell(tx, other, None)?,
        None => told::tell(tx, case.id, Some(case))?,
    }
    Ok(number)
}

/// A case that a person may know of.
pub(super) fn visible(conn: &Connection, uid: &str, who: &Principal) -> Result<CaseRow> {
    let uid = unhex(uid).ok_or(Error::NotFound(CASE))?;
    let case = store::find(conn, &uid)?;
    query::need_case(conn, who, &case)?;
    Ok(case)
}

/// The same in the version that the person has seen.
pub(super) fn in_hand(
    conn: &Connection,
    uid: &str,
    version: u64,
    who: &Principal,
) -> Result<CaseRow> {
    let case = visible(conn, uid, who)?;
    if case.version == version {
        Ok(case)
    } else {
        Err(Error::Stale)
    }
}

/// The case that another is to go on as; in a replay, without an asker, it is there.
pub(super) fn target(
    conn: &Connection,
    case: &CaseRow,
    uid: &str,
    who: Option<&Principal>,
) -> Result<Target> {
    let found = match (unhex(uid), who) {
        (None, _) => Err(Error::NotFound(CASE)),
        (Some(_), Some(who)) => visible(conn, uid, who),
        (Some(uid), None) => store::find(conn, &uid),
    };
    let row = match found {
        Err(Error::NotFound(_)) => None,
        found => Some(found?),
    };
    let known = row.is_some();
    // What stands for one that is not known is refused before it is looked at.
    let row = row.as_ref().unwrap_or(case);
    Ok(Target {
        known,
        id: row.id,
        case: row.case,
        state: row.state,
        same: row.id == case.id,
    })
}

/// The inspector with this staff number, as far as the rules for verifying care.
fn verifier_of(tx: &Tx<'_>, case: &CaseRow, code: &str) -> Result<Verifier> {
    let conn = tx.conn();
    let inspector: Option<i64> = conn
        .prepare_cached("SELECT id FROM inspector WHERE code = ?1 AND state = 'active'")?
        .query_row(params![code], |row| row.get(0))
        .optional()?;
    let known = inspector.is_some();
    let reported = conn
        .prepare_cached(
            "SELECT 1 FROM case_reporter JOIN device ON device.id = case_reporter.device
             WHERE case_id = ?1 AND inspector = ?2",
        )?
        .exists(params![case.id, inspector])?;
    let of_grid = conn
        .prepare_cached(
            "SELECT 1 FROM duty WHERE inspector = ?1 AND grid = ?2
                AND (until_ms IS NULL OR until_ms > ?3)",
        )?
        .exists(params![inspector, case.grid, tx.now_ms()])?;
    Ok(Verifier {
        known,
        reported,
        of_grid,
    })
}

/// Whoever works on a case is of the office that has it.
fn need_handler(conn: &Connection, case: &CaseRow, handler: &str) -> Result<()> {
    let account = accounts::by_login(conn, handler)?;
    let of_office = account.is_some_and(|account| {
        let who = account.principal;
        account.active && who.office.as_ref() == Some(&case.office) && who.covers(&case.grid)
    });
    let nobody = Error::invalid("handler", "nobody of this office");
    of_office.then_some(()).ok_or(nobody)
}

/// Checks what was typed or picked, before anything looks at the case.
fn check(schemas: &SchemaSet, input: &StepInput) -> Result<()> {
    check_reason(&input.reason)?;
    if let Some(office) = &input.to_office {
        let known = schemas.office(office).is_some_and(|office| !office.retired);
        if !known {
            return Err(Error::invalid("to_office", "no such office"));
        }
    }
    for (at, login) in [("handler", &input.handler), ("verifier", &input.verifier)] {
        if login.as_ref().is_some_and(|login| !is_login(login)) {
            return Err(Error::invalid(at, "not a sign-in name or staff number"));
        }
    }
    let name = |name: &String| {
        name.len() <= 32 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
    };
    if input.milestone.as_ref().is_some_and(|text| !name(text)) {
        return Err(Error::invalid("milestone", "no such milestone"));
    }
    Ok(())
}

pub(super) fn check_reason(reason: &str) -> Result<()> {
    if reason.chars().count() > REASON_MAX {
        return Err(Error::invalid("reason", "longer than 2,000 characters"));
    }
    Ok(())
}

fn is_login(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._-@".contains(&b);
    (1..=LOGIN_MAX).contains(&text.len()) && text.bytes().all(allowed)
}

/// Pictures as they are named in the journal.
pub(super) fn named(files: &[(RecordId, [u8; 32])]) -> Vec<(String, String)> {
    let names = files.iter();
    names
        .map(|(record, hash)| (hex(&record.0), hex(hash)))
        .collect()
}

/// The same back.
pub(super) fn unnamed(files: &[(String, String)]) -> Result<Files> {
    let file =
        |(record, sha256): &(String, String)| Some((RecordId(unhex(record)?), unhex(sha256)?));
    let files: Option<Files> = files.iter().map(file).collect();
    files.ok_or(UNREADABLE)
}

/// The pictures that somebody names: those of the case itself have to be there, those of records
/// other than the ones it is about have to be for whoever names them.
pub(super) fn files(
    tx: &Tx<'_>,
    case: &CaseRow,
    attachments: &[FileRef],
    who: &Principal,
) -> Result<Files> {
    let (conn, schemas) = (tx.conn(), tx.core().schemas());
    let reader = Reader {
        conn,
        core: tx.core(),
        schemas: &schemas,
        who,
    };
    if attachments.len() > ATTACHMENTS_MAX {
        return Err(Error::invalid("attachments", "more than 20"));
    }
    let file = |file: &FileRef| {
        let ids = unhex(&file.record).zip(unhex(&file.sha256));
        let (record, sha256) = ids.ok_or(Error::invalid("attachments", "not hex of an id"))?;
        let record = RecordId(record);
        if record.0 == case.uid && uploads::find_file(conn, &record, &Sha256(sha256))?.is_none() {
            return Err(Error::invalid(
                "attachments",
                "the case has no such picture",
            ));
        }
        let about = [Some(RecordId(case.uid)), case.record, case.shop];
        if !about.contains(&Some(record)) {
            let unknown = |_| Error::invalid("attachments", "there is no such picture for you");
            reader.find(&record).map_err(unknown)?;
        }
        Ok((record, sha256))
    };
    attachments.iter().map(file).collect()
}
