use schemas::access::Role;

use super::*;
use crate::cases::{
    facts::{Milestone, Target, Verifier},
    table::{CENTRE, ECONOMICS, TABLE},
};

const NOW: i64 = 1_000_000;

fn someone(role: Role, office: &str) -> Author {
    Author::of_office(role, office)
}

fn head(office: &str) -> Author {
    someone(Role::OfficeHead, office)
}

fn clerk(office: &str) -> Author {
    someone(Role::OfficeClerk, office)
}

fn milestone(name: &str, done: bool) -> Milestone {
    Milestone {
        name: name.to_owned(),
        within: 7,
        extra: 0,
        bound: 7,
        done,
        due_ms: Some(NOW + 1),
    }
}

fn finding(state: State) -> Facts {
    Facts {
        case: CaseType::Finding,
        state,
        before: None,
        office: "sanitation".to_owned(),
        returns: 0,
        handlers: vec!["sanitation".to_owned(), "urban-management".to_owned()],
        milestones: vec![milestone("close", false)],
        asked: None,
    }
}

fn ask(step: Step) -> Ask {
    Ask {
        reason: true,
        ..Ask::of(step)
    }
}

#[test]
fn the_first_return_may_go_straight_to_another_office_and_the_second_goes_to_the_centre() {
    let by = head("sanitation");
    let mut facts = finding(State::Assigned);
    let to = |office: &str| Ask {
        to_office: Some(office.to_owned()),
        ..ask(Step::Return)
    };
    let next = apply(&facts, &to("urban-management"), &by, NOW).unwrap();
    assert_eq!(
        (next.state, next.office.as_str()),
        (State::Assigned, "urban-management")
    );
    let next = apply(&facts, &ask(Step::Return), &by, NOW).unwrap();
    assert_eq!(
        (next.state, next.office.as_str()),
        (State::Returned, CENTRE)
    );
    for office in ["sanitation", "housing", CENTRE] {
        let refused = apply(&facts, &to(office), &by, NOW).unwrap_err();
        assert!(
            matches!(refused, Refusal::Invalid("to_office", _)),
            "{office}"
        );
    }
    facts.returns = 1;
    facts.office = "urban-management".to_owned();
    let by = head("urban-management");
    let refused = apply(&facts, &to("sanitation"), &by, NOW).unwrap_err();
    assert!(matches!(refused, Refusal::Blocked(_)));
    let next = apply(&facts, &ask(Step::Return), &by, NOW).unwrap();
    assert_eq!(
        (next.state, next.office.as_str()),
        (State::Returned, CENTRE)
    );
    facts.returns = 2;
    let refused = apply(&facts, &ask(Step::Return), &by, NOW).unwrap_err();
    assert!(matches!(refused, Refusal::Blocked(_)));
}

#[test]
fn an_extension_stays_within_its_bound_and_before_its_limit() {
    let by = clerk("sanitation");
    let mut facts = finding(State::Handling);
    let more = |amount| Ask {
        amount,
        ..ask(Step::RequestExtension)
    };
    for (amount, good) in [
        (None, false),
        (Some(0), false),
        (Some(7), true),
        (Some(8), false),
    ] {
        let got = apply(&facts, &more(amount), &by, NOW);
        assert_eq!(got.is_ok(), good, "{amount:?}");
    }
    facts.milestones[0].extra = 5;
    assert!(apply(&facts, &more(Some(2)), &by, NOW).is_ok());
    assert!(apply(&facts, &more(Some(3)), &by, NOW).is_err());
    let late = apply(&facts, &more(Some(1)), &by, NOW + 2).unwrap_err();
    assert!(matches!(late, Refusal::Blocked(_)));
    facts.milestones.clear();
    let none = apply(&facts, &more(Some(1)), &by, NOW).unwrap_err();
    assert!(matches!(none, Refusal::Blocked(_)));
}

#[test]
fn the_head_of_the_centre_may_grant_less_but_not_past_the_bound() {
    let mut facts = finding(State::ExtensionRequested);
    facts.before = Some(State::Handling);
    facts.asked = Some(Asked::Extension {
        milestone: 0,
        amount: 4,
    });
    let grant = |amount| Ask {
        amount,
        ..Ask::of(Step::GrantExtension)
    };
    for (amount, granted) in [(None, 4), (Some(2), 2), (Some(7), 7)] {
        let next = apply(&facts, &grant(amount), &head(CENTRE), NOW).unwrap();
        assert_eq!(next.state, State::Handling);
        assert_eq!(next.effects, [Effect::Extend(0, granted)]);
    }
    assert!(apply(&facts, &grant(Some(8)), &head(CENTRE), NOW).is_err());
    let own = apply(&facts, &grant(None), &head("sanitation"), NOW);
    assert_eq!(own, Err(Refusal::Actor));
    let clerk = apply(&facts, &grant(None), &clerk(CENTRE), NOW);
    assert_eq!(clerk, Err(Refusal::Actor));
}

#[test]
fn whoever_reported_or_walks_the_grid_does_not_verify() {
    let facts = finding(State::Reported);
    let check = |verifier| Ask {
        verifier,
        ..ask(Step::VerifyPass)
    };
    let by = Author::new(Role::Supervisor);
    for (reported, of_grid, good) in [
        (false, false, true),
        (true, false, false),
        (false, true, false),
    ] {
        let verifier = Verifier {
            known: true,
            reported,
            of_grid,
        };
        let got = apply(&facts, &check(Some(verifier)), &by, NOW);
        assert_eq!(got.is_ok(), good, "{reported} {of_grid}");
    }
    let nobody = apply(&facts, &check(None), &by, NOW).unwrap_err();
    assert!(matches!(nobody, Refusal::Invalid("verifier", _)));
    let handler = apply(&facts, &check(None), &head("sanitation"), NOW);
    assert_eq!(handler, Err(Refusal::Actor));
}

#[test]
fn milestones_are_reached_in_order_and_the_last_by_closing() {
    let by = clerk("sanitation");
    let mut facts = finding(State::Handling);
    facts.milestones = vec![
        milestone("stop", false),
        milestone("penalty", false),
        milestone("removal", false),
    ];
    let reach = |name: &str| Ask {
        milestone: Some(name.to_owned()),
        ..Ask::of(Step::Reach)
    };
    assert!(apply(&facts, &reach("penalty"), &by, NOW).is_err());
    assert!(apply(&facts, &reach("removal"), &by, NOW).is_err());
    assert!(apply(&facts, &reach("other"), &by, NOW).is_err());
    let next = apply(&facts, &reach("stop"), &by, NOW).unwrap();
    assert_eq!(next.effects, [Effect::Reach(0)]);
    let early = apply(&facts, &ask(Step::Report), &by, NOW).unwrap_err();
    assert!(matches!(early, Refusal::Blocked(_)));
    facts.milestones[0].done = true;
    facts.milestones[1].done = true;
    assert!(apply(&facts, &ask(Step::Report), &by, NOW).is_ok());
    facts.state = State::Verified;
    let next = apply(&facts, &Ask::of(Step::Close), &clerk(CENTRE), NOW).unwrap();
    assert_eq!(next.effects, [Effect::ReachAll]);
}

#[test]
fn a_case_is_joined_to_another_of_its_type_that_goes_on() {
    let facts = finding(State::Filed);
    let into = |case, state, same| Ask {
        target: Some(Target {
            known: true,
            id: 9,
            case,
            state,
            same,
        }),
        ..ask(Step::Join)
    };
    let by = clerk(CENTRE);
    let other = into(CaseType::Finding, State::Handling, false);
    let next = apply(&facts, &other, &by, NOW).unwrap();
    assert_eq!(next.effects, [Effect::Join(9)]);
    for (case, state, same) in [
        (CaseType::Finding, State::Handling, true),
        (CaseType::Business, State::Guided, false),
        (CaseType::Finding, State::Closed, false),
        (CaseType::Finding, State::Joined, false),
    ] {
        assert!(apply(&facts, &into(case, state, same), &by, NOW).is_err());
    }
    assert!(apply(&facts, &ask(Step::Join), &by, NOW).is_err());
}

#[test]
fn the_business_office_is_the_usual_one_and_the_lead_assigns_to_another() {
    let mut facts = finding(State::Filed);
    let next = apply(&facts, &Ask::of(Step::Assign), &clerk(CENTRE), NOW).unwrap();
    assert_eq!(next.office, "sanitation");
    facts.case = CaseType::Business;
    let next = apply(&facts, &Ask::of(Step::Assign), &clerk(ECONOMICS), NOW).unwrap();
    assert_eq!(next.office, BUSINESS_OFFICE);
    let to_itself = Ask {
        to_office: Some(ECONOMICS.to_owned()),
        ..Ask::of(Step::Assign)
    };
    assert!(apply(&facts, &to_itself, &clerk(ECONOMICS), NOW).is_err());
}

#[test]
fn a_reason_that_a_row_wants_must_be_given() {
    for row in TABLE.iter().filter(|row| row.reason) {
        let mut facts = finding(row.from);
        facts.case = row.case;
        let office = match row.who.first() {
            Some(table::Who::Handler | table::Who::HandlerHead) => facts.office.clone(),
            _ => row.case.lead().to_owned(),
        };
        let got = apply(&facts, &Ask::of(row.step), &head(&office), NOW);
        let wanted = matches!(got, Err(Refusal::Invalid("reason", _)));
        assert!(wanted, "{:?} {:?}", row.from, row.step);
    }
}
