//! The conditions of a list of records.

use std::collections::BTreeSet;

use schemas::Kind;
use serde_json::json;

use super::{
    detail::Reader,
    query::Filter,
    search::Words as Looked,
    visits::{self, Visited},
};
use crate::{
    error::{Error, Result},
    lists::Where,
};

/// What both open and personal kinds are narrowed by.
pub(super) fn all(reader: &Reader<'_>, filter: &Filter, kinds: &[&Kind]) -> Result<Where> {
    let mut list = Where::default();
    let names = kinds.iter().map(|kind| kind.name().to_owned().into());
    let marks = vec!["?"; kinds.len()].join(",");
    list.with_all(&format!("r.kind IN ({marks})"), names);
    list.fixed("r.placed = 1 AND r.alive = 1 AND r.merged_into IS NULL");
    list.areas("r.grid", &reader.who.areas);
    list.grid("r.grid", filter.grid.as_deref())?;
    match filter.conflicted {
        Some(true) => list.fixed("r.conflicted > 0"),
        Some(false) => list.fixed("r.conflicted = 0"),
        None => {}
    }
    if let Some(visited) = filter.visited {
        round(reader, &mut list, filter, kinds, visited)?;
    }
    Ok(list)
}

/// That a shop stands so in this month's round.
fn round(
    reader: &Reader<'_>,
    list: &mut Where,
    filter: &Filter,
    kinds: &[&Kind],
    visited: Visited,
) -> Result<()> {
    let shops = matches!(kinds, [kind] if kind.name() == "shop");
    if !shops || !visits::may_know(reader) {
        let reason = "only shops are visited, and only supervisors know of visits";
        return Err(Error::invalid("visited", reason));
    }
    let shops = visits::this_month(reader, filter.grid.as_deref())?;
    let wanted = shops.iter().filter(|(_, settled)| match visited {
        Visited::Due => true,
        Visited::Revisit => !**settled,
        Visited::Visited => **settled,
    });
    let ids: Vec<String> = wanted.map(|(id, _)| id.to_string()).collect();
    let not = if visited == Visited::Due { "NOT " } else { "" };
    list.with(
        &format!("r.id {not}IN (SELECT unhex(value) FROM json_each(?))"),
        json!(ids).to_string(),
    );
    Ok(())
}

/// The filters of an open kind's shown values.
pub(super) fn open_values(
    reader: &Reader<'_>,
    list: &mut Where,
    filter: &Filter,
    kind: &Kind,
) -> Result<()> {
    if let Some(state) = &filter.state {
        value_in(list, state_field(kind)?, [state.clone()]);
    }
    if let Some(code) = &filter.business_type {
        let codes = reader.schemas.codes("business-type");
        let codes = codes
            .filter(|_| kind.name() == "shop")
            .filter(|codes| codes.get(code).is_some())
            .ok_or_else(|| Error::invalid("business_type", "there is no such code"))?;
        let below = codes
            .entries()
            .iter()
            .map(|entry| entry.code.as_str().to_owned())
            .filter(|entry| codes.is_within(entry, code));
        value_in(list, "business_type", below.collect::<BTreeSet<_>>());
    }
    Ok(())
}

fn value_in(list: &mut Where, key: &str, codes: impl IntoIterator<Item = String>) {
    let mut values = vec![key.to_owned().into()];
    values.extend(codes.into_iter().map(Into::into));
    let marks = vec!["?"; values.len() - 1].join(",");
    let exists = format!(
        "EXISTS (SELECT 1 FROM field_value f
                 WHERE f.n = r.n AND f.key = ? AND f.value IN ({marks}))"
    );
    list.with_all(&exists, values);
}

/// Every word stands somewhere in the search text.
pub(super) fn text(list: &mut Where, looked: &Looked) {
    for word in looked.words() {
        list.with(
            "EXISTS (SELECT 1 FROM search_text t WHERE t.n = r.n AND instr(t.text, ?) > 0)",
            word.clone(),
        );
    }
}

/// One of the kind's numbers is this one.
pub(super) fn equal(
    reader: &Reader<'_>,
    list: &mut Where,
    kind: &Kind,
    (fields, text): &(Vec<String>, String),
) {
    let mut values = Vec::new();
    for field in fields {
        values.push(field.clone().into());
        values.push(reader.core.keys().blind(field, text).into());
    }
    values.push(kind.name().to_owned().into());
    let any = vec!["(b.field = ? AND b.mac = ?)"; fields.len()].join(" OR ");
    let among = format!("r.n IN (SELECT b.n FROM blind b WHERE ({any}) AND b.kind = ?)");
    list.with_all(&among, values);
}

/// The field that says what state a record of a kind is in.
pub(super) fn state_field(kind: &Kind) -> Result<&'static str> {
    let has = |name: &str| schemas::FieldPath::parse(name).is_ok_and(|p| kind.field(&p).is_some());
    ["operating_state", "state"]
        .into_iter()
        .find(|name| has(name))
        .ok_or_else(|| Error::invalid("state", "this kind has no state"))
}
