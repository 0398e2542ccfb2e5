//! Every (type, state, step, person) over HTTP, against the rules written by hand.

use super::{
    desk::{Desk, STAFF},
    flow::{Case, body, brought, intake, seen, step},
    golden::{BUSINESS_CHANGE, FINDING, Legal},
};

const FINDING_STATES: &[&str] = &[
    "pending",
    "filed",
    "returned",
    "assigned",
    "handling",
    "extension_requested",
    "postponement_requested",
    "postponed",
    "reported",
    "verified",
    "closed",
    "void",
    "joined",
];

const BUSINESS_STATES: &[&str] = &[
    "pending",
    "filed",
    "returned",
    "assigned",
    "guided",
    "adjusted",
    "settled",
    "postponement_requested",
    "postponed",
    "closed",
    "void",
    "joined",
];

const STEPS: &[&str] = &[
    "accept",
    "assign",
    "handle",
    "reach",
    "report",
    "verify_pass",
    "verify_fail",
    "close",
    "guide",
    "adjust",
    "settle",
    "return",
    "void",
    "join",
    "request_extension",
    "grant_extension",
    "decline_extension",
    "request_postponement",
    "grant_postponement",
    "decline_postponement",
    "resume",
];

/// Whether the person may know of a case that is in this state.
fn sees(who: &str, case: &str, state: &str) -> bool {
    let with_handler = !["pending", "filed", "returned", "void", "joined"].contains(&state);
    match who.split('.').next().unwrap() {
        "centre" | "supervisor" => true,
        "sanitation" => case == "finding" && with_handler,
        "business" => case == "business" && with_handler,
        "economics" => case == "business",
        _ => false,
    }
}

/// The status that a step must be answered with when it is not legal.
fn refusal(who: &str, case: &str, state: &str, known: bool) -> u16 {
    if ["admin", "auditor"].contains(&who) {
        403
    } else if !sees(who, case, state) {
        404
    } else if known {
        403
    } else {
        409
    }
}

fn walk(case: &str, states: &[&str], legal: &[Legal]) {
    let mut desk = Desk::open(&format!("matrix-{case}"), "2026-11-16T10:00");
    let target = intake(&mut desk, case, "exposed-refuse");
    let mut tried = 0;
    for state in states {
        let mut standing = brought(&mut desk, case, "exposed-refuse", state, &target.id);
        for name in STEPS {
            let row = legal.iter().find(|row| (row.0, row.1) == (*state, *name));
            for (who, ..) in STAFF {
                tried += 1;
                let what = format!("{case} {state} {name} {who}");
                let mut body = body(name, &target.id);
                if let Some((_, _, people, next)) = row
                    && people.contains(who)
                {
                    // A class with milestones before the last, to have one to reach.
                    let class = if *name == "reach" {
                        "illegal-building"
                    } else {
                        "exposed-refuse"
                    };
                    let mut fresh = brought(&mut desk, case, class, state, &target.id);
                    if *name == "assign" && case == "finding" {
                        body["to_office"] = "sanitation".into();
                    }
                    let answer = step(&mut desk, who, &mut fresh, &body);
                    assert_eq!(answer.status, 200, "{what}: {}", answer.body);
                    assert_eq!(seen(&mut desk, &fresh)["state"], *next, "{what}");
                    continue;
                }
                let before = standing.version;
                let answer = step(&mut desk, who, &mut standing, &body);
                // No rule sets a limit for a business-type change, so that nobody can extend it.
                let no_limit = case == "business" && *name == "request_extension";
                let known = row.is_some() || no_limit && ["guided", "adjusted"].contains(state);
                let mut want = refusal(who, case, state, known);
                if no_limit && known && who.starts_with("business") {
                    want = 409;
                }
                assert_eq!(answer.status, want, "{what}: {}", answer.body);
                assert_eq!(standing.version, before, "{what}");
            }
        }
        stands(&mut desk, &standing, state);
    }
    assert_eq!(tried, states.len() * STEPS.len() * STAFF.len());
    desk.close();
}

/// Nothing that was refused has left anything behind.
fn stands(desk: &mut Desk, case: &Case, state: &str) {
    let seen = seen(desk, case);
    assert_eq!(seen["state"], state);
    assert_eq!(seen["version"], case.version);
    let rows = seen["ledger"].as_array().unwrap().len();
    assert_eq!(u64::try_from(rows).unwrap(), case.version);
}

#[test]
fn every_step_of_a_finding_by_everybody_in_every_state() {
    walk("finding", FINDING_STATES, FINDING);
}

#[test]
fn every_step_of_a_business_type_change_by_everybody_in_every_state() {
    walk("business", BUSINESS_STATES, BUSINESS_CHANGE);
}
