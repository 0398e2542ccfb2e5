//! Findings, and where their cases stand.

use serde::Serialize;

use super::{Page, Row, Words, listing::MAX_ROWS, names, tally::Round};
use crate::{
    fieldbook::{Fieldbook, Listed, error::Result},
    ids::RecordId,
    sync,
};

/// Where a finding stands, as the server said last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseStatus {
    /// The state's code.
    pub state: String,
    /// What people read for it.
    pub words: Words,
    /// The office that has it.
    pub office: Option<Words>,
    /// By when, ms.
    pub due_ms: Option<i64>,
    /// Whether its clock stands still.
    pub paused: bool,
    /// When it was closed, ms.
    pub closed_ms: Option<i64>,
    /// When the server said so, ms.
    pub told_ms: i64,
}

/// A finding in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FindingRow {
    /// The record.
    #[serde(flatten)]
    pub row: Row,
    /// Where it stands; none until the server said: 联动中心·待立案. Only whoever reported it is
    /// told.
    pub case: Option<CaseStatus>,
    /// Whether this inspector reported it, on this phone or another.
    pub own: bool,
    /// The shop.
    pub shop: Option<RecordId>,
    /// The name on its sign.
    pub sign: String,
}

impl Fieldbook {
    /// Findings, the last reported first: those of one shop, those that this inspector reported.
    pub fn findings(
        &self,
        shop: Option<&RecordId>,
        own: bool,
        limit: usize,
    ) -> Result<Page<FindingRow>> {
        let round = self.round()?;
        let of_shop =
            |one: &&Listed| shop.is_none_or(|shop| one.facts.record(names::SHOP) == Some(*shop));
        let all = self.list.values().rev();
        let findings = all.filter(|one| one.present && one.kind == names::FINDING);
        let asked = |one: &&Listed| !own || self.is_reported(one, round);
        let found: Vec<&Listed> = findings.filter(of_shop).filter(asked).collect();
        let wanted = found.iter().take(limit.min(MAX_ROWS));
        Ok(Page {
            total: found.len(),
            rows: wanted.map(|one| self.finding_row(one, round)).collect(),
        })
    }

    pub(super) fn finding_row(&self, finding: &Listed, round: &Round) -> FindingRow {
        let case = round.case(&finding.record);
        let shop = finding.facts.record(names::SHOP);
        let shop = shop.and_then(|shop| self.list.get(&shop));
        let sign = shop.and_then(|shop| shop.facts.text(names::SIGN));
        FindingRow {
            row: self.row(finding, round),
            case: case.map(|case| self.case_status(case)),
            own: self.is_reported(finding, round),
            shop: shop.map(|shop| shop.record),
            sign: sign.unwrap_or_default().to_owned(),
        }
    }

    /// Whether this inspector reported a finding: on this phone, on one that bears the same name,
    /// or because the server tells him where it stands.
    fn is_reported(&self, finding: &Listed, round: &Round) -> bool {
        let own = self.identity.as_ref().map(|own| own.certificate.device);
        let own = own.and_then(|own| round.label(own));
        let same = |by| self.is_own(by) || own.is_some() && round.label(by) == own;
        finding.by.is_some_and(same) || round.case(&finding.record).is_some()
    }

    fn case_status(&self, case: &sync::CaseStatus) -> CaseStatus {
        let office = case.office.as_deref().map(|name| {
            let office = self.schemas.office(name);
            office.map_or_else(|| Words::same(name), |office| Words::from(&office.labels))
        });
        CaseStatus {
            state: case.state.clone(),
            words: state_words(&case.state),
            office,
            due_ms: case.due_ms,
            paused: case.paused,
            closed_ms: case.closed_ms,
            told_ms: case.told_ms,
        }
    }
}

/// What people read for a case's state; a state that is newer than this program, as it is.
fn state_words(state: &str) -> Words {
    match state {
        "pending" => Words::new("待立案", "To be filed"),
        "filed" => Words::new("已立案，待派遣", "Filed, to be assigned"),
        "assigned" => Words::new("已派遣", "Assigned"),
        "handling" => Words::new("处置中", "Being handled"),
        "reported" => Words::new("已反馈，待核查", "Reported done, to be verified"),
        "verified" => Words::new("核查通过", "Verified"),
        "guided" => Words::new("引导", "Guided"),
        "adjusted" => Words::new("调整", "Adjusted"),
        "settled" => Words::new("明确", "Settled"),
        "returned" => Words::new("已回退，待重新派遣", "Returned, to be assigned anew"),
        "extension_requested" => Words::new("延期申请中", "Extension requested"),
        "postponement_requested" => Words::new("缓办申请中", "Postponement requested"),
        "postponed" => Words::new("缓办", "Postponed"),
        "closed" => Words::new("已结案", "Closed"),
        "void" => Words::new("已作废", "Void"),
        "joined" => Words::new("已并案", "Joined with another case"),
        other => Words::same(other),
    }
}
