//! Dispatch rules and proposals: they refer to what exists, and each can fire.

use super::{Check, conditions};
use crate::kind::Kind;
use crate::rule::{Form, Proposal, Rule, Trigger};

pub(super) fn check(on: Check<'_>) {
    let rules = on.set.rules().all();
    for (at, rule) in rules.iter().enumerate() {
        on.office(&rule.place, &rule.to);
        match on.set.kind(&rule.kind) {
            None => on.unknown_kind(&rule.place, &rule.kind),
            Some(kind) => check_rule(on, rule, kind),
        }
        if let Some(list) = rule
            .steps
            .as_ref()
            .filter(|list| on.set.codes(list).is_none())
        {
            on.unknown_list(&rule.place, list);
        }
        if rule.steps.is_some() && rule.form == Form::Item {
            on.error(
                &rule.place,
                "an item has no steps".to_owned(),
                "write `as = \"case\"`",
            );
        }
        let live = rules
            .iter()
            .take(at)
            .filter(|earlier| !earlier.retired && !rule.retired);
        if let Some(wider) = live.into_iter().find(|earlier| shadows(earlier, rule)) {
            let message = format!("rule `{}` only repeats `{}`", rule.id, wider.id);
            on.error(&rule.place, message, "remove it, or narrow the earlier one");
        }
    }
    for proposal in on.set.rules().all_proposals() {
        check_proposal(on, proposal);
    }
}

fn check_rule(on: Check<'_>, rule: &Rule, kind: &Kind) {
    conditions::check(on, kind, &rule.when, &rule.place);
    for (path, _) in rule.when.fields() {
        if path.group.is_some() {
            let message = format!("`{path}` stands in a group, where a rule's `when` cannot look");
            on.error(
                &rule.place,
                message,
                "use it in `on`, or ask a field of the record",
            );
        }
    }
    for trigger in &rule.on {
        let field = trigger
            .path()
            .and_then(|path| conditions::known(on, kind, path, &rule.place));
        if let (Some(field), Trigger::Becomes(_, codes) | Trigger::Ceases(_, codes)) =
            (field, trigger)
        {
            conditions::check_codes(on, field, codes, &rule.place);
        }
    }
    if rule.on.is_empty() {
        on.error(
            &rule.place,
            format!("rule `{}` never fires", rule.id),
            "fill `on`",
        );
    }
}

/// Whether everything that `rule` sends, `wider` sends to the same office in the same way.
fn shadows(wider: &Rule, rule: &Rule) -> bool {
    let same = wider.kind == rule.kind
        && wider.to == rule.to
        && wider.how == rule.how
        && wider.form == rule.form;
    let fires = |trigger: &Trigger| wider.on.iter().any(|other| other.covers(trigger));
    same && !rule.on.is_empty() && rule.on.iter().all(fires) && wider.when.covers(&rule.when)
}

fn check_proposal(on: Check<'_>, proposal: &Proposal) {
    match on.set.kind(&proposal.kind) {
        None => on.unknown_kind(&proposal.place, &proposal.kind),
        Some(kind) => conditions::check(on, kind, &proposal.when, &proposal.place),
    }
    let class = proposal.class.as_str();
    if on
        .set
        .finding_class(class)
        .is_none_or(|class| class.retired)
    {
        let known = on
            .set
            .finding_classes()
            .iter()
            .map(|class| class.code.as_str());
        on.sink
            .unknown(&proposal.place, "finding class", class, known);
    }
}
