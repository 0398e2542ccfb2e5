//! A visit: one tap, with what this phone changed since the last one filled in by itself.

use std::collections::BTreeSet;

use schemas::{Code, FieldPath, Name, RegisterKey, Scalar};
use serde::Deserialize;
use sync_core::{
    RecordId,
    fieldbook::{Fieldbook, FieldbookError, Filter, Listed, Place},
    limits::MAX_PAGE,
    record::{Edit, HistoryEntry},
};

use super::save::Saved;
use crate::phone::{Phone, Problem, call::record_id};

const KIND: &str = "visit";
const CHANGED: &str = "changed";
/// Without an earlier visit, what was changed within this time counts to this one.
const A_DAY_MS: i64 = 24 * 60 * 60 * 1_000;

#[derive(Debug, Deserialize)]
pub(in crate::phone) struct VisitQuery {
    shop: String,
    outcome: String,
    #[serde(default)]
    changed: Vec<String>,
}

impl Phone {
    pub(in crate::phone) fn visit(&self, query: &VisitQuery) -> Result<Saved, Problem> {
        let mut book = self.book()?;
        let shop = record_id(&query.shop)?;
        let now_ms = book.now_ms()?;
        let mut changed: BTreeSet<String> = query.changed.iter().cloned().collect();
        if query.outcome == CHANGED {
            let own = own_changes(&book, &shop, now_ms)?;
            changed.extend(own.into_iter().map(str::to_owned));
        }
        let mut edits = vec![
            set("outcome", None, Scalar::text(query.outcome.as_str()))?,
            set("visited_at", None, Scalar::Int(now_ms))?,
        ];
        for code in &changed {
            edits.push(set(CHANGED, Some(code), Scalar::Bool(true))?);
        }
        let committed = book.create(KIND, &Place::With(shop), &edits)?;
        Ok(Saved::of(committed, Vec::new()))
    }
}

fn set(field: &str, code: Option<&str>, value: Scalar) -> Result<Edit, Problem> {
    let field = Name::parse(field).map_err(|_| Problem::call())?;
    let code = code.map(Code::parse).transpose();
    let code = code.map_err(|_| Problem::call())?;
    let key = RegisterKey::of(&FieldPath::root(field), None, code).ok_or_else(Problem::call)?;
    Ok(Edit::Set { key, value })
}

/// What this phone changed of a shop and of everything that belongs to it, since its last visit.
fn own_changes(
    book: &Fieldbook,
    shop: &RecordId,
    now_ms: i64,
) -> Result<BTreeSet<&'static str>, Problem> {
    let Some(identity) = book.identity() else {
        return Ok(BTreeSet::new());
    };
    let device = identity.certificate.device;
    let of_shop = of_shop(book, shop)?;
    let own_visits = of_shop
        .iter()
        .filter(|one| one.kind == KIND && one.by == Some(device));
    let last = own_visits.filter_map(|one| one.facts.number("visited_at"));
    let since = last.max().unwrap_or(now_ms - A_DAY_MS);
    let mut codes = BTreeSet::new();
    for one in of_shop {
        if one.kind == KIND || one.touched_ms <= since {
            continue;
        }
        for change in book.history(&one.record)? {
            if change.actor.device() == device && change.time > since {
                codes.extend(codes_of(book, &one.record, &one.kind, &change)?);
            }
        }
    }
    Ok(codes)
}

/// The shop and the records that follow it.
fn of_shop<'b>(book: &'b Fieldbook, shop: &RecordId) -> Result<Vec<&'b Listed>, Problem> {
    let listed = book.listed(shop).ok_or(FieldbookError::NoRecord(*shop))?;
    let filter = Filter {
        grid: Some(listed.grid.clone()),
        ..Filter::default()
    };
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = book.list(&filter, after.as_ref(), MAX_PAGE);
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = Some(last.record);
        let belongs =
            |one: &&Listed| one.record == *shop || one.facts.record("shop").as_ref() == Some(shop);
        found.extend(page.into_iter().filter(belongs));
    }
}

/// What of the list `visit-change` one change of a record amounts to.
fn codes_of(
    book: &Fieldbook,
    record: &RecordId,
    kind: &str,
    change: &HistoryEntry,
) -> Result<Vec<&'static str>, Problem> {
    Ok(match kind {
        "resident" => vec!["residents"],
        "worker" => vec!["workers"],
        "finding" => vec!["finding"],
        "party" => party_codes(book, record)?,
        "shop" => change
            .puts
            .iter()
            .filter_map(|put| RegisterKey::parse(&put.key).ok())
            .filter_map(|key| shop_code(&key))
            .collect(),
        _ => Vec::new(),
    })
}

fn shop_code(key: &RegisterKey) -> Option<&'static str> {
    if key
        .entry()
        .is_some_and(|(group, _)| group.as_str() == "licences")
    {
        return Some("licences");
    }
    Some(match key.path()?.field.as_str() {
        "business_type" | "sign_name" => "business-type",
        "operator" => "operator",
        "landlord" | "tenant" => "landlord-tenant",
        "licence_match" => "licences",
        _ => "premises",
    })
}

fn party_codes(book: &Fieldbook, record: &RecordId) -> Result<Vec<&'static str>, Problem> {
    let view = book.get(record)?.view;
    let is = |role: &str| {
        let field = view.fields.get(&format!("roles#{role}"));
        field.is_some_and(|field| *field.shown() == Scalar::Bool(true))
    };
    let mut codes = Vec::new();
    if is("operator") {
        codes.push("operator");
    }
    if is("landlord") || is("tenant") {
        codes.push("landlord-tenant");
    }
    Ok(codes)
}
