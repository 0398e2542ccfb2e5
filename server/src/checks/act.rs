//! What people do with spot checks, as the journal has it: enough to do it again.

use serde::{Deserialize, Serialize};
use sync_core::{DeviceId, RecordId, Sha256};

use super::{apply, held::Held};
use crate::{
    error::{Error, Result},
    identity::{Principal, audit},
    store::Tx,
};

/// Doors of a list or a draw that stand in one entry of the journal.
pub(super) const DOORS: usize = 200;

/// A person behind an act and the reason given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person<'a> {
    /// Sign-in name.
    pub(super) login: &'a str,
    /// Why.
    pub(super) reason: &'a str,
}

/// A door of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ListedDoor {
    pub(super) grid: String,
    pub(super) door: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) unit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) shop: Option<RecordId>,
}

/// A door that was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DrawnDoor {
    /// Its place in the list.
    pub(super) door: u32,
    /// Its place among those drawn of its grid.
    pub(super) rank: u32,
    /// The checker and the phone that is asked; none where nobody could be.
    pub(super) checker: Option<Checker>,
    /// What the register said.
    pub(super) held: Option<Held>,
}

/// Who is to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checker {
    /// Staff number.
    pub(super) code: String,
    /// A phone of theirs.
    pub(super) device: DeviceId,
}

/// A judgement of a door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Judged {
    pub(super) batch: String,
    pub(super) door: u32,
    /// A code of the list `judgement`.
    pub(super) judgement: String,
    /// What is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) fields: Vec<String>,
    /// The phone of the inspector who may appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) concerned: Option<DeviceId>,
}

/// An act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Act {
    /// A batch: its seed is committed to.
    Open {
        batch: String,
        area: String,
        method: String,
        per_grid: u32,
        nonce: Sha256,
        commitment: Sha256,
        due_ms: i64,
        appeal_days: u32,
    },
    /// Doors of its list; the first ones take the place of an earlier list.
    List {
        batch: String,
        first: u32,
        doors: Vec<ListedDoor>,
        /// With the last: what stands for the whole list.
        frame: Option<Sha256>,
    },
    /// Doors that were drawn, and the seed that drew them.
    Draw {
        batch: String,
        seed: Sha256,
        doors: Vec<DrawnDoor>,
    },
    /// Another checker.
    Assign {
        batch: String,
        door: u32,
        checker: Checker,
    },
    /// What was seen is compared with what was held.
    Judge(Judged),
    /// Somebody at the console takes down an appeal.
    Appeal { batch: String, door: u32 },
    /// The last word.
    Decide(Judged),
    /// Nothing of it changes any more.
    Lock { batch: String },
}

impl Act {
    const fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "check.open",
            Self::List { .. } => "check.list",
            Self::Draw { .. } => "check.draw",
            Self::Assign { .. } => "check.assign",
            Self::Judge(_) => "check.judge",
            Self::Appeal { .. } => "check.appeal",
            Self::Decide(_) => "check.decide",
            Self::Lock { .. } => "check.lock",
        }
    }

    /// Carries it out and journals it; the trace names it under `grid` or an area.
    pub(super) fn done(
        &self,
        tx: &mut Tx<'_>,
        who: &Principal,
        reason: &str,
        grid: &str,
    ) -> Result<()> {
        let by = Person {
            login: &who.login,
            reason,
        };
        apply::apply(tx, self, by)?;
        let object = serde_json::to_string(self);
        let object = object.map_err(|_| Error::Internal("an act cannot be written"))?;
        match self {
            // Long, and told by what follows.
            Self::List { frame: None, .. } => {
                tx.journal_act(&who.login, self.name(), &object, reason)
            }
            Self::List { .. } | Self::Draw { .. } => {
                tx.journal_act(&who.login, self.name(), &object, reason)?;
                audit::trace(tx, who, self.name(), "{}", Some(grid), reason)
            }
            _ => audit::note(tx, who, self.name(), &object, Some(grid), reason),
        }
    }
}

/// Does a journalled act again; false if it is none of this part.
pub(crate) fn replay(
    tx: &mut Tx<'_>,
    act: &str,
    object: &str,
    by: &str,
    reason: &str,
) -> Result<bool> {
    if !act.starts_with("check.") {
        return Ok(false);
    }
    let act: Act = serde_json::from_str(object)
        .map_err(|_| Error::Internal("an act's object cannot be read"))?;
    apply::apply(tx, &act, Person { login: by, reason })?;
    Ok(true)
}
