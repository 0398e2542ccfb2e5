//! What a step does to a case: a pure function of the case, the step, the person and the time.

use schemas::access::Author;

use super::{
    facts::{Ask, Asked, Effect, Facts, Next, Refusal},
    state::{CaseType, State, Step},
    table::{self, BUSINESS_OFFICE, Next as To},
};

/// Takes a step, or says why not. Nothing else decides it.
pub fn apply(facts: &Facts, ask: &Ask, who: &Author, now_ms: i64) -> Result<Next, Refusal> {
    let row = table::find(facts.case, facts.state, ask.step).ok_or(Refusal::State)?;
    let may = |group: &table::Who| group.includes(who, facts.case, &facts.office);
    if !row.who.iter().any(may) {
        return Err(Refusal::Actor);
    }
    if row.reason && !ask.reason {
        return Err(Refusal::Invalid("reason", "this step needs a reason"));
    }
    let mut next = Next {
        state: facts.state,
        before: None,
        office: facts.office.clone(),
        effects: Vec::new(),
    };
    match row.next {
        To::To(state) => next.state = state,
        To::Back => next.state = facts.before.ok_or(Refusal::State)?,
        To::Return => give_back(facts, ask, &mut next)?,
    }
    carry_out(facts, ask, now_ms, &mut next)?;
    Ok(next)
}

fn give_back(facts: &Facts, ask: &Ask, next: &mut Next) -> Result<(), Refusal> {
    let handles = |office: &String| facts.handlers.contains(office) && *office != facts.office;
    match (facts.returns, &ask.to_office) {
        (0, Some(office)) if handles(office) => {
            next.state = State::Assigned;
            next.office.clone_from(office);
        }
        (0, Some(_)) => {
            let why = "this office does not handle such cases";
            return Err(Refusal::Invalid("to_office", why));
        }
        (0 | 1, None) => {
            next.state = State::Returned;
            facts.case.lead().clone_into(&mut next.office);
        }
        (1, Some(_)) => {
            let why = "a second return goes to the leading office";
            return Err(Refusal::Blocked(why));
        }
        _ => {
            let why = "the leading office's word on a second return is final";
            return Err(Refusal::Blocked(why));
        }
    }
    next.effects.push(Effect::TakeUp(None));
    next.effects.push(Effect::Return);
    Ok(())
}

fn carry_out(facts: &Facts, ask: &Ask, now_ms: i64, next: &mut Next) -> Result<(), Refusal> {
    match ask.step {
        Step::Accept => next.effects.push(Effect::File),
        Step::Assign => {
            next.office = assignee(facts, ask)?;
            next.effects.push(Effect::Start);
        }
        Step::Handle | Step::Guide => {
            next.effects.push(Effect::TakeUp(ask.handler.clone()));
            // 受理 by the office is a milestone of its own where a class says so.
            let accept = facts
                .milestones
                .iter()
                .position(|m| m.name == "accept" && !m.done);
            next.effects.extend(accept.map(Effect::Reach));
        }
        Step::Reach => next.effects.push(Effect::Reach(to_reach(facts, ask)?)),
        Step::Report => {
            // Whatever was asked for is no longer needed.
            let before_last = facts.milestones.len().saturating_sub(1);
            if facts.milestones.iter().take(before_last).any(|m| !m.done) {
                let why = "an earlier milestone is not reached";
                return Err(Refusal::Blocked(why));
            }
        }
        Step::VerifyPass | Step::VerifyFail => {
            let missing = Refusal::Invalid("verifier", "say which inspector went to see");
            let verifier = ask.verifier.as_ref().ok_or(missing)?;
            if !verifier.known {
                return Err(Refusal::Invalid("verifier", "no such inspector"));
            }
            if verifier.reported {
                let why = "whoever reported it does not verify it";
                return Err(Refusal::Blocked(why));
            }
            if verifier.of_grid {
                let why = "the verifier comes from another grid";
                return Err(Refusal::Blocked(why));
            }
            if ask.step == Step::VerifyFail {
                next.effects.push(Effect::Rework);
            }
        }
        Step::Close => next.effects.push(Effect::ReachAll),
        Step::Join => next.effects.push(Effect::Join(target(facts, ask)?)),
        Step::RequestExtension => {
            let asked = extension(facts, ask, now_ms)?;
            next.before = Some(facts.state);
            next.effects.push(Effect::Ask(asked));
        }
        Step::RequestPostponement => {
            let until_ms = until(ask.until_ms, now_ms)?;
            next.before = Some(facts.state);
            next.effects
                .push(Effect::Ask(Asked::Postponement { until_ms }));
        }
        Step::GrantExtension => {
            let Some(Asked::Extension { milestone, amount }) = facts.asked else {
                return Err(Refusal::State);
            };
            let amount = ask.amount.unwrap_or(amount);
            within_bound(facts, milestone, amount)?;
            next.effects.push(Effect::Extend(milestone, amount));
        }
        Step::GrantPostponement => {
            let Some(Asked::Postponement { until_ms }) = facts.asked else {
                return Err(Refusal::State);
            };
            let until_ms = until(ask.until_ms.or(until_ms), now_ms)?;
            next.before = facts.before;
            next.effects.push(Effect::Pause(until_ms));
        }
        Step::Resume => next.effects.push(Effect::Resume),
        Step::Adjust
        | Step::Settle
        | Step::Return
        | Step::Void
        | Step::DeclineExtension
        | Step::DeclinePostponement => {}
    }
    Ok(())
}

fn assignee(facts: &Facts, ask: &Ask) -> Result<String, Refusal> {
    let usual = match facts.case {
        CaseType::Finding => facts.handlers.first().map(String::as_str),
        CaseType::Business => Some(BUSINESS_OFFICE),
    };
    let office = ask.to_office.as_deref().or(usual);
    let office = office.ok_or(Refusal::Invalid(
        "to_office",
        "say which office is to handle it",
    ))?;
    if office == facts.case.lead() {
        let why = "the leading office assigns to another";
        return Err(Refusal::Invalid("to_office", why));
    }
    Ok(office.to_owned())
}

fn to_reach(facts: &Facts, ask: &Ask) -> Result<usize, Refusal> {
    let name = ask.milestone.as_deref();
    let at = facts
        .milestones
        .iter()
        .position(|m| Some(m.name.as_str()) == name);
    let at = at.ok_or(Refusal::Invalid("milestone", "no such milestone"))?;
    if at + 1 == facts.milestones.len() {
        return Err(Refusal::Blocked(
            "the last milestone is reached by closing the case",
        ));
    }
    let open = facts.milestones.iter().position(|m| !m.done);
    if open != Some(at) {
        return Err(Refusal::Blocked(
            "milestones are reached in their order, each once",
        ));
    }
    Ok(at)
}

fn extension(facts: &Facts, ask: &Ask, now_ms: i64) -> Result<Asked, Refusal> {
    let last = facts.milestones.len().checked_sub(1);
    let none = Refusal::Blocked("this case has no limit that could be extended");
    let last = last.ok_or(none)?;
    let milestone = match ask.milestone.as_deref() {
        None => last,
        Some(name) => facts
            .milestones
            .iter()
            .position(|m| m.name == name)
            .ok_or(Refusal::Invalid("milestone", "no such milestone"))?,
    };
    let missing = Refusal::Invalid("amount", "say how many hours or days more");
    let amount = ask.amount.ok_or(missing)?;
    within_bound(facts, milestone, amount)?;
    let at = facts.milestones.get(milestone);
    if at.is_some_and(|m| m.done) {
        return Err(Refusal::Blocked("this milestone is reached"));
    }
    if at.and_then(|m| m.due_ms).is_some_and(|due| due < now_ms) {
        return Err(Refusal::Blocked(
            "more time is asked for before the limit, not after it",
        ));
    }
    Ok(Asked::Extension { milestone, amount })
}

fn within_bound(facts: &Facts, milestone: usize, amount: u32) -> Result<(), Refusal> {
    if amount == 0 {
        return Err(Refusal::Invalid("amount", "at least one"));
    }
    let at = facts.milestones.get(milestone).ok_or(Refusal::State)?;
    if at.extra.saturating_add(amount) > at.bound {
        return Err(Refusal::Invalid(
            "amount",
            "more than may be granted for this limit",
        ));
    }
    Ok(())
}

fn until(until_ms: Option<i64>, now_ms: i64) -> Result<Option<i64>, Refusal> {
    if until_ms.is_some_and(|until| until <= now_ms) {
        return Err(Refusal::Invalid("until_ms", "a time to come"));
    }
    Ok(until_ms)
}

fn target(facts: &Facts, ask: &Ask) -> Result<i64, Refusal> {
    let missing = Refusal::Invalid("into", "say which case it goes on as");
    let target = ask.target.as_ref().ok_or(missing)?;
    if !target.known {
        return Err(Refusal::Invalid("into", "no such case"));
    }
    if target.same {
        return Err(Refusal::Invalid("into", "another case than itself"));
    }
    if target.case != facts.case {
        return Err(Refusal::Invalid("into", "a case of the same type"));
    }
    if target.state.is_final() {
        return Err(Refusal::Blocked("the other case has ended"));
    }
    Ok(target.id)
}

#[cfg(test)]
mod tests;
