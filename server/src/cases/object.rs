//! What the journal says of an act: ids only, and enough to do it again.

use schemas::access::{Author, Role};
use serde::{Deserialize, Serialize};

use super::state::CaseType;
use crate::{
    error::{Error, Result},
    identity::Principal,
};

/// The object of an act of this part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Object {
    /// The case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) case: Option<String>,
    /// The item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) item: Option<String>,
    /// The items of a roster.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) items: Vec<String>,
    /// Role of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<String>,
    /// Office of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) office: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) case_type: Option<CaseType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) severity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) grid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shop: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mark: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) to_office: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) handler: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) milestone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amount: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) into: Option<String>,
    /// Offices that are gathered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) offices: Vec<String>,
    /// 检查码 of a joint inspection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) licence: Option<String>,
    /// Attachments: record and SHA-256.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) files: Vec<(String, String)>,
}

impl Object {
    /// An act of this person.
    pub(super) fn by(who: &Person) -> Self {
        Self {
            role: Some(who.author.role.as_str().to_owned()),
            office: who.author.office.clone(),
            ..Self::default()
        }
    }

    /// As it stands in the journal.
    pub(super) fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|_| Error::Internal("an act cannot be written"))
    }

    /// From the journal.
    pub(super) fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|_| UNREADABLE)
    }

    /// The person who did it.
    pub(super) fn person(&self, login: &str) -> Result<Person> {
        let role = self.role.as_deref().and_then(Role::parse);
        Ok(Person {
            login: login.to_owned(),
            author: Author {
                role: role.ok_or(UNREADABLE)?,
                office: self.office.clone(),
            },
        })
    }
}

/// An entry of the journal that this program cannot have written.
pub(super) const UNREADABLE: Error = Error::Internal("a journalled act cannot be read");

/// A person as ledgers and the journal know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    /// Sign-in name.
    pub(super) login: String,
    /// Role and office.
    pub(super) author: Author,
}

impl From<&Principal> for Person {
    fn from(who: &Principal) -> Self {
        Self {
            login: who.login.clone(),
            author: who.author(),
        }
    }
}
