//! The one table of what may be done to a case, by whom, and where it stands then.

use schemas::access::{Author, Role};

use super::state::{CaseType, State, Step};

/// The office that takes up, assigns, follows and closes findings.
pub const CENTRE: &str = "linkage-centre";
/// The office that takes up and follows business-type changes.
pub const ECONOMICS: &str = "economics-section";
/// The office that guides and adjusts business types.
pub const BUSINESS_OFFICE: &str = "business-office";

impl CaseType {
    /// The office that leads cases of this type.
    pub const fn lead(self) -> &'static str {
        match self {
            Self::Finding => CENTRE,
            Self::Business => ECONOMICS,
        }
    }
}

/// Who may take a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anyone of the office that leads the type of case.
    Lead,
    /// Its head: what needs approval.
    LeadHead,
    /// Anyone of the office that the case is assigned to.
    Handler,
    /// Its head: what needs approval.
    HandlerHead,
    /// A supervisor.
    Supervisor,
}

impl Who {
    /// Whether this is someone like that, for a case of this type at this office.
    pub fn includes(self, author: &Author, case: CaseType, office: &str) -> bool {
        let of = |wanted: &str| author.role.is_office() && author.office.as_deref() == Some(wanted);
        let head = author.role == Role::OfficeHead;
        match self {
            Self::Lead => of(case.lead()),
            Self::LeadHead => head && of(case.lead()),
            Self::Handler => of(office),
            Self::HandlerHead => head && of(office),
            Self::Supervisor => author.role == Role::Supervisor,
        }
    }
}

/// Where a case stands after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// There.
    To(State),
    /// Where it stood before an extension or a postponement was asked for.
    Back,
    /// The first return may go straight to another office that handles such cases, or to the
    /// leading office; the second goes to the leading office; after it there is none.
    Return,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Type of case.
    pub case: CaseType,
    /// Where it stands.
    pub from: State,
    /// What is done.
    pub step: Step,
    /// By whom: any of these.
    pub who: &'static [Who],
    /// Where it stands then.
    pub next: Next,
    /// Whether a reason must be given.
    pub reason: bool,
}

impl Row {
    /// Whether only a head of an office may do it 批准.
    pub fn approval(&self) -> bool {
        let head = |who: &Who| matches!(who, Who::LeadHead | Who::HandlerHead);
        self.who.iter().all(head)
    }
}

const LEAD: &[Who] = &[Who::Lead];
const LEAD_HEAD: &[Who] = &[Who::LeadHead];
const HANDLER: &[Who] = &[Who::Handler];
const HANDLER_HEAD: &[Who] = &[Who::HandlerHead];
const BOTH: &[Who] = &[Who::Lead, Who::Handler];
const CHECK: &[Who] = &[Who::Lead, Who::Supervisor];

/// Whether a reason must be given.
const WHY: bool = true;
const FREE: bool = false;

/// Rows by type and state: step, who, where to, whether with a reason.
macro_rules! table {
    ($($case:ident $from:ident { $($step:ident, $who:ident, $next:expr, $why:ident;)+ })+) => {
        &[$($(Row {
            case: CaseType::$case,
            from: State::$from,
            step: Step::$step,
            who: $who,
            next: $next,
            reason: $why,
        },)+)+]
    };
}

use Next::{Back, Return, To};
use State as S;

/// Every legal step. What is not here cannot be done.
pub const TABLE: &[Row] = table! {
    // 问题 findings.
    Finding Pending {
        Accept, LEAD, To(S::Filed), FREE;
        Void, LEAD_HEAD, To(S::Void), WHY;
        Join, LEAD, To(S::Joined), WHY;
    }
    Finding Filed {
        Assign, LEAD, To(S::Assigned), FREE;
        Void, LEAD_HEAD, To(S::Void), WHY;
        Join, LEAD, To(S::Joined), WHY;
    }
    Finding Returned {
        Assign, LEAD, To(S::Assigned), FREE;
        Void, LEAD_HEAD, To(S::Void), WHY;
        Join, LEAD, To(S::Joined), WHY;
    }
    Finding Assigned {
        Handle, HANDLER, To(S::Handling), FREE;
        Return, HANDLER_HEAD, Return, WHY;
        Void, LEAD_HEAD, To(S::Void), WHY;
        Join, LEAD, To(S::Joined), WHY;
    }
    Finding Handling {
        Reach, HANDLER, To(S::Handling), FREE;
        Report, HANDLER, To(S::Reported), WHY;
        Return, HANDLER_HEAD, Return, WHY;
        RequestExtension, HANDLER, To(S::ExtensionRequested), WHY;
        RequestPostponement, HANDLER, To(S::PostponementRequested), WHY;
        Void, LEAD_HEAD, To(S::Void), WHY;
        Join, LEAD, To(S::Joined), WHY;
    }
    Finding ExtensionRequested {
        // Work that is done before the answer needs no more time.
        Report, HANDLER, To(S::Reported), WHY;
        GrantExtension, LEAD_HEAD, Back, FREE;
        DeclineExtension, LEAD_HEAD, Back, WHY;
    }
    Finding PostponementRequested {
        Report, HANDLER, To(S::Reported), WHY;
        GrantPostponement, LEAD_HEAD, To(S::Postponed), FREE;
        DeclinePostponement, LEAD_HEAD, Back, WHY;
    }
    Finding Postponed {
        Resume, BOTH, Back, WHY;
    }
    Finding Reported {
        VerifyPass, CHECK, To(S::Verified), FREE;
        VerifyFail, CHECK, To(S::Handling), WHY;
    }
    Finding Verified {
        Close, LEAD, To(S::Closed), FREE;
    }

    // 业态变动 business-type changes.
    Business Pending {
        Accept, LEAD, To(S::Filed), FREE;
        Void, LEAD_HEAD, To(S::Void), WHY;
        Join, LEAD, To(S::Joined), WHY;
    }
    Business Filed {
        Assign, LEAD, To(S::Assigned), FREE;
        Void, LEAD_HEAD, To(S::Void), WHY;
        Join, LEAD, To(S::Joined), WHY;
    }
    Business Returned {
        Assign, LEAD, To(S::Assigned), FREE;
        Void, LEAD_HEAD, To(S::Void), WHY;
        Join, LEAD, To(S::Joined), WHY;
    }
    Business Assigned {
        Guide, HANDLER, To(S::Guided), FREE;
        Return, HANDLER_HEAD, Return, WHY;
        Void, LEAD_HEAD, To(S::Void), WHY;
        Join, LEAD, To(S::Joined), WHY;
    }
    Business Guided {
        Adjust, HANDLER, To(S::Adjusted), FREE;
        RequestExtension, HANDLER, To(S::ExtensionRequested), WHY;
        RequestPostponement, HANDLER, To(S::PostponementRequested), WHY;
        Void, LEAD_HEAD, To(S::Void), WHY;
        Join, LEAD, To(S::Joined), WHY;
    }
    Business Adjusted {
        Settle, HANDLER, To(S::Settled), WHY;
        RequestExtension, HANDLER, To(S::ExtensionRequested), WHY;
        RequestPostponement, HANDLER, To(S::PostponementRequested), WHY;
    }
    Business Settled {
        Close, LEAD, To(S::Closed), FREE;
    }
    Business ExtensionRequested {
        GrantExtension, LEAD_HEAD, Back, FREE;
        DeclineExtension, LEAD_HEAD, Back, WHY;
    }
    Business PostponementRequested {
        GrantPostponement, LEAD_HEAD, To(S::Postponed), FREE;
        DeclinePostponement, LEAD_HEAD, Back, WHY;
    }
    Business Postponed {
        Resume, BOTH, Back, WHY;
    }
};

/// The row of a step, if it is legal there.
pub fn find(case: CaseType, from: State, step: Step) -> Option<&'static Row> {
    TABLE
        .iter()
        .find(|row| row.case == case && row.from == from && row.step == step)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_step_stands_twice_at_one_state() {
        let keys: BTreeSet<_> = TABLE
            .iter()
            .map(|row| (row.case, row.from, row.step))
            .collect();
        assert_eq!(keys.len(), TABLE.len());
    }

    #[test]
    fn every_state_is_reached_and_every_one_but_the_last_is_left() {
        for case in CaseType::ALL {
            let rows: Vec<&Row> = TABLE.iter().filter(|row| row.case == *case).collect();
            let mut reached = BTreeSet::from([State::Pending]);
            for row in &rows {
                match row.next {
                    Next::To(state) => drop(reached.insert(state)),
                    Next::Return => drop(reached.insert(State::Returned)),
                    Next::Back => {}
                }
            }
            let left: BTreeSet<State> = rows.iter().map(|row| row.from).collect();
            for state in &reached {
                assert_ne!(state.is_final(), left.contains(state), "{case:?} {state:?}");
            }
            assert!(left.is_subset(&reached));
        }
    }

    #[test]
    fn what_needs_approval_needs_a_head() {
        let approvals: BTreeSet<Step> = TABLE
            .iter()
            .filter(|row| row.approval())
            .map(|row| row.step)
            .collect();
        let want = BTreeSet::from([
            Step::Return,
            Step::Void,
            Step::GrantExtension,
            Step::DeclineExtension,
            Step::GrantPostponement,
            Step::DeclinePostponement,
        ]);
        assert_eq!(approvals, want);
    }
}
