//! How cases come to be: from a rule, from an item that is filed, from what is reported otherwise.

use rusqlite::params;
use schemas::{rule::Form, value::Scalar};
use serde::Deserialize;
use sync_core::{AuthorClass, RecordId, Sha256, record::View};

use super::{
    act::{Around, StepInput, check_reason, perform},
    due,
    items::{self, ItemRow},
    ledger::{self, Line},
    object::{Object, Person},
    state::{CaseType, State, Step},
    store::{self, NewCase},
    table::CENTRE,
};
use crate::{
    app::News,
    error::{Error, Result},
    hex::{hex, unhex},
    identity::Principal,
    records,
    store::Tx,
};

/// Told by dispatch of items that it has just made, in the same transaction and after their
/// record, of which `view` is, was stored: what a rule says is a case becomes one at once.
pub fn on_items(tx: &Tx<'_>, items: &[i64], view: &View) -> Result<()> {
    for id in items {
        let item = items::get(tx.conn(), *id)?;
        let known = shown(&item, view);
        let schemas = tx.core().schemas();
        let (due_ms, due_state) = due::of_item(&schemas, &item.rule, &item.grid, item.created_ms);
        tx.conn()
            .prepare_cached(
                "INSERT OR IGNORE INTO item_ref (item, uid, class, severity, shop, due_ms, due_state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                id,
                uid(&item),
                known.class,
                known.severity,
                known.shop.map(|shop| shop.0),
                due_ms,
                due_state.as_str(),
            ])?;
        if item.kind == "finding" {
            // A correction changes what lists of its earlier items are filtered by.
            tx.conn()
                .prepare_cached(
                    "UPDATE item_ref SET class = ?2, severity = ?3
                     WHERE item IN (SELECT id FROM item WHERE record = ?1)",
                )?
                .execute(params![item.record.0, known.class, known.severity])?;
        }
        if item.form == "case" {
            let rule = item.rule.clone();
            open(tx, &item, &known, (CaseType::Business, rule), None)?;
        }
    }
    Ok(())
}

/// What the journal calls an item, and the case that it becomes.
pub(super) fn uid(item: &ItemRow) -> [u8; 16] {
    let mut bytes = Vec::with_capacity(item.rule.len() + 50);
    bytes.extend_from_slice(item.rule.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(&item.record.0);
    bytes.extend_from_slice(&item.cause);
    let Sha256(digest) = Sha256::of(&bytes);
    let mut uid = [0; 16];
    uid.copy_from_slice(digest.split_at(16).0);
    uid
}

/// What lists and cases keep of a record: codes and references.
#[derive(Clone, Debug, Default)]
struct Known {
    class: Option<String>,
    severity: Option<String>,
    source: Option<String>,
    shop: Option<RecordId>,
}

fn known(tx: &Tx<'_>, item: &ItemRow) -> Result<Known> {
    let stored = match records::find(tx.conn(), tx.core().keys(), &item.record) {
        // Nothing is known of what was erased.
        Err(Error::Gone(_)) => None,
        found => found?,
    };
    let Some(stored) = stored else {
        return Ok(Known {
            shop: (item.kind == "shop").then_some(item.record),
            ..Known::default()
        });
    };
    Ok(shown(item, &View::of(&stored.registers)))
}

fn shown(item: &ItemRow, view: &View) -> Known {
    let shown = |key: &str| view.fields.get(key).map(|field| field.shown().clone());
    let code = |key: &str| shown(key).and_then(|value| value.as_text().map(str::to_owned));
    let shop = match (item.kind.as_str(), shown("shop")) {
        ("shop", _) => Some(item.record),
        (_, Some(Scalar::Bytes(bytes))) => bytes.try_into().ok().map(RecordId),
        _ => None,
    };
    let of_finding = |key| {
        if item.kind == "finding" {
            code(key)
        } else {
            None
        }
    };
    Known {
        class: of_finding("class"),
        severity: of_finding("severity"),
        source: of_finding("source"),
        shop,
    }
}

/// Opens the case that an item becomes; its number in the tables.
fn open(
    tx: &Tx<'_>,
    item: &ItemRow,
    known: &Known,
    (case, class): (CaseType, String),
    who: Option<&Person>,
) -> Result<i64> {
    let conn = tx.conn();
    // What a register brought was reported by another office.
    let by_phone = item.device.class() == AuthorClass::Device;
    let usual = if by_phone { "patrol" } else { "transfer" };
    let new = NewCase {
        uid: uid(item),
        case,
        class,
        severity: known.severity.clone(),
        grid: item.grid.clone(),
        record: Some(item.record),
        shop: known.shop,
        source: known.source.clone().unwrap_or_else(|| usual.to_owned()),
        received_ms: item.created_ms,
    };
    let id = store::insert(conn, &new)?;
    if by_phone {
        ledger::credit(conn, id, &item.device.0, &item.record.0, item.created_ms)?;
    }
    let line = Line {
        step: "open",
        person: who,
        ..Line::default()
    };
    ledger::add(conn, id, State::Pending, &line, tx.now_ms())?;
    conn.prepare_cached(
        "UPDATE item SET state = 'filed', case_id = ?2, version = version + 1 WHERE id = ?1",
    )?
    .execute(params![item.id, id])?;
    Ok(id)
}

/// 立案: the centre files an item as a case; the case's id.
pub fn file(
    tx: &mut Tx<'_>,
    id: i64,
    version: u64,
    class: Option<&str>,
    reason: &str,
    who: &Principal,
) -> Result<String> {
    let item = items::visible(tx.conn(), id, who)?;
    if item.version != version {
        return Err(Error::Stale);
    }
    check_reason(reason)?;
    let person = Person::from(who);
    let (uid, class, number) = file_as(tx, &item, class, reason, &person, None)?;
    let object = Object {
        item: Some(uid.clone()),
        class: Some(class),
        number,
        ..Object::by(&person)
    };
    tx.journal_act(&person.login, "item.file", &object.text()?, reason)?;
    tx.announce(News::Office(item.office));
    Ok(uid)
}

/// The same for a replay, too: the case's id, class and number.
pub(super) fn file_as(
    tx: &mut Tx<'_>,
    item: &ItemRow,
    class: Option<&str>,
    reason: &str,
    who: &Person,
    number: Option<&str>,
) -> Result<(String, String, Option<String>)> {
    if item.form != "item_then_case" {
        return Err(Error::Conflict("this item is not filed as a case"));
    }
    if item.state != "open" {
        return Err(Error::Conflict("this item was settled"));
    }
    let known = known(tx, item)?;
    let class = class.map(str::to_owned).or_else(|| known.class.clone());
    let class = class.ok_or(Error::invalid("class", "say which class of finding it is"))?;
    need_class(tx, &class)?;
    let opened = open(
        tx,
        item,
        &known,
        (CaseType::Finding, class.clone()),
        Some(who),
    )?;
    let case = store::get(tx.conn(), opened)?;
    let accept = StepInput::of(Step::Accept, reason);
    let around = Around {
        number: number.map(str::to_owned),
        ..Around::default()
    };
    let number = perform(tx, &case, &accept, &around, who)?;
    Ok((hex(&case.uid), class, number))
}

fn need_class(tx: &Tx<'_>, class: &str) -> Result<()> {
    let schemas = tx.core().schemas();
    if schemas.finding_class(class).is_none() {
        return Err(Error::invalid("class", "no such class of findings"));
    }
    Ok(())
}

/// A case that no phone reported: from the hotline, another office, a joint inspection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntakeInput {
    /// What it is about.
    #[serde(rename = "type")]
    pub case: CaseType,
    /// Class of finding; not needed for a business-type change.
    pub class: Option<String>,
    /// The grid, 15 digits.
    pub grid: String,
    /// The shop, if there is one.
    pub shop: Option<String>,
    /// `hotline`, `transfer` or `joint`.
    pub source: String,
    /// A code of the list `severity`.
    pub severity: Option<String>,
    /// What was said, without names.
    #[serde(default)]
    pub reason: String,
}

/// Takes in a case that came otherwise; its id. It waits to be taken up.
pub fn intake(tx: &mut Tx<'_>, input: &IntakeInput, who: &Principal) -> Result<String> {
    if !who.role.is_office() || who.office.as_deref() != Some(input.case.lead()) {
        return Err(Error::Forbidden(
            "cases are taken in by the office that leads them",
        ));
    }
    check_reason(&input.reason)?;
    let digits = input.grid.bytes().all(|b| b.is_ascii_digit());
    if !digits || input.grid.len() != 15 || !who.covers(&input.grid) {
        return Err(Error::invalid("grid", "no such grid"));
    }
    if !["hotline", "transfer", "joint"].contains(&input.source.as_str()) {
        return Err(Error::invalid("source", "hotline, transfer or joint"));
    }
    let schemas = tx.core().schemas();
    let severities = schemas.codes("severity");
    let severity = input.severity.as_deref();
    let known = |code| severities.is_some_and(|list| list.get(code).is_some());
    if severity.is_some_and(|code| !known(code)) {
        return Err(Error::invalid("severity", "no such severity"));
    }
    let class = match input.case {
        CaseType::Finding => input.class.clone(),
        CaseType::Business => {
            let mut rules = schemas.rules().all().iter();
            let rule = rules.find(|rule| rule.form == Form::Case && !rule.retired);
            rule.map(|rule| rule.id.clone())
        }
    };
    let class = class.ok_or(Error::invalid("class", "say which class of finding it is"))?;
    if input.case == CaseType::Finding {
        need_class(tx, &class)?;
    }
    let shop = input.shop.as_deref();
    let shop = shop
        .map(|shop| shop_in(tx, shop, &input.grid))
        .transpose()?;
    let mut uid = [0; 16];
    tx.core().keys().fill(&mut uid)?;
    let person = Person::from(who);
    let object = Object {
        case: Some(hex(&uid)),
        case_type: Some(input.case),
        class: Some(class),
        severity: input.severity.clone(),
        grid: Some(input.grid.clone()),
        shop: shop.map(|shop| hex(&shop.0)),
        source: Some(input.source.clone()),
        ..Object::by(&person)
    };
    take_in(tx, &object, &input.reason, &person)?;
    tx.journal_act(&person.login, "case.open", &object.text()?, &input.reason)?;
    tx.announce(News::Office(input.case.lead().to_owned()));
    Ok(hex(&uid))
}

/// Writes a case that was taken in, from what the journal says of it.
pub(super) fn take_in(tx: &Tx<'_>, object: &Object, reason: &str, who: &Person) -> Result<()> {
    let read = || {
        Some(NewCase {
            uid: unhex(object.case.as_deref()?)?,
            case: object.case_type?,
            class: object.class.clone()?,
            severity: object.severity.clone(),
            grid: object.grid.clone()?,
            record: None,
            shop: object.shop.as_deref().and_then(unhex).map(RecordId),
            source: object.source.clone()?,
            received_ms: tx.now_ms(),
        })
    };
    let new = read().ok_or(super::object::UNREADABLE)?;
    let id = store::insert(tx.conn(), &new)?;
    let line = Line {
        step: "open",
        person: Some(who),
        reason,
        ..Line::default()
    };
    ledger::add(tx.conn(), id, State::Pending, &line, tx.now_ms())?;
    Ok(())
}

fn shop_in(tx: &Tx<'_>, shop: &str, grid: &str) -> Result<RecordId> {
    let missing = || Error::invalid("shop", "no such shop in this grid");
    let id: [u8; 16] = unhex(shop).ok_or_else(missing)?;
    let found = tx
        .conn()
        .prepare_cached("SELECT 1 FROM record WHERE id = ?1 AND kind = 'shop' AND grid = ?2")?
        .exists(params![id, grid])?;
    found.then_some(RecordId(id)).ok_or_else(missing)
}

/// Whether a person may know who reported and who verified: supervisors and the centre; nobody
/// else of an office.
pub(super) fn may_know(who: &Principal) -> bool {
    match who.role {
        schemas::access::Role::Supervisor => true,
        role => role.is_office() && who.office.as_deref() == Some(CENTRE),
    }
}
