//! Rules on what newly became visible: which office learns of it. Exactly once per (rule, record,
//! cause), the cause being the hash of the change that wrote the value; references only.

mod replaced;

use rusqlite::params;
use schemas::{
    NewValue, RegisterKey, Rule,
    rule::{Form, How},
};
use sync_core::{
    change::{Change, Incoming},
    record::{RecordState, Registers, View},
};

use crate::{app::News, cases, error::Result, records::Stored, store::Tx};
use replaced::Replaced;

/// Runs the rules on changes that entered a record. `before` are its registers before them;
/// `stored` has them. `bytes` holds all of the record's changes where one of them was concurrent.
pub(crate) fn run(
    tx: &mut Tx<'_>,
    stored: &Stored,
    before: Registers,
    entered: &[Incoming],
    bytes: Option<&RecordState>,
) -> Result<()> {
    let schemas = tx.core().schemas();
    let kind = stored.header.kind.as_str();
    let rules = schemas.rules();
    if rules.of_kind(kind).next().is_none() {
        return Ok(());
    }
    let mut replaced = Replaced::new(before, bytes);
    let mut after: Option<View> = None;
    let mut items = Vec::new();
    for (index, incoming) in entered.iter().enumerate() {
        let change = &incoming.change;
        let mut fired: Vec<&Rule> = Vec::new();
        for put in &change.puts {
            let Ok(key) = RegisterKey::parse(&put.key) else {
                continue;
            };
            let mut triggers = rules.of_kind(kind).flat_map(|rule| &rule.on);
            if !triggers.any(|trigger| trigger.watches(&key)) {
                continue;
            }
            let old = replaced.values(put);
            let new = NewValue {
                key: &key,
                value: &put.value,
                replaced: &old,
            };
            for rule in rules.triggered(kind, new) {
                let after = after.get_or_insert_with(|| View::of(&stored.registers));
                if rule.when.holds(after, None) && !fired.iter().any(|other| other.id == rule.id) {
                    fired.push(rule);
                }
            }
        }
        for rule in fired {
            items.extend(item(tx, stored, rule, change)?);
        }
        if index + 1 < entered.len() {
            replaced.apply(change);
        }
    }
    match after {
        Some(view) if !items.is_empty() => cases::on_items(tx, &items, &view),
        _ => Ok(()),
    }
}

fn item(tx: &mut Tx<'_>, stored: &Stored, rule: &Rule, change: &Change) -> Result<Option<i64>> {
    let how = match rule.how {
        How::AtOnce => "at_once",
        How::Monthly => "monthly",
    };
    let form = match rule.form {
        Form::Item => "item",
        Form::Case => "case",
        Form::ItemThenCase => "item_then_case",
    };
    let month = match rule.how {
        How::AtOnce => None,
        How::Monthly => Some(month_of(happened(change.time, tx.now_ms()))),
    };
    let conn = tx.conn();
    let new = conn
        .prepare_cached(
            "INSERT INTO item (rule, record, cause, kind, grid, office, how, form, month, device,
             created_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'open')
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            rule.id,
            stored.id.0,
            change.hash.0,
            stored.header.kind,
            stored.header.grid,
            rule.to,
            how,
            form,
            month,
            change.actor.device().0,
            tx.now_ms(),
        ])?;
    if new == 0 {
        return Ok(None);
    }
    let id = conn.last_insert_rowid();
    tx.announce(News::Office(rule.to.clone()));
    Ok(Some(id))
}

/// Days that a phone may have been away before its word on when something happened is doubted.
const BELIEVED_DAYS: i64 = 92;
const DAY_MS: i64 = 86_400_000;

/// When something happened: when its author wrote it, as far as his clock can be believed. What
/// was found on the 30th and sent on the 3rd belongs to the month before.
pub(crate) fn happened(written_ms: i64, now_ms: i64) -> i64 {
    if (now_ms - BELIEVED_DAYS * DAY_MS..=now_ms).contains(&written_ms) {
        written_ms
    } else {
        now_ms
    }
}

/// The month of the roster that something found now goes into, as people here count it.
pub(crate) fn month_of(now_ms: i64) -> String {
    let date = cases::clock::date_of(now_ms).unwrap_or_default();
    format!("{:04}-{:02}", date.year(), date.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_on_the_30th_and_sent_on_the_3rd_belongs_to_the_month_before() {
        // 2026-09-30T22:00 and 2026-10-03T09:00 in Shanghai.
        let (found, sent) = (1_790_776_800_000, 1_790_989_200_000);
        assert_eq!(month_of(happened(found, sent)), "2026-09");
        assert_eq!(
            month_of(happened(sent + 1, sent)),
            "2026-10",
            "a clock ahead"
        );
        assert_eq!(
            month_of(happened(0, sent)),
            "2026-10",
            "a clock at its beginning"
        );
    }
}
