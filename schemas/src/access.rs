//! Who may read and write: roles, offices, and the grants that a schema gives them.

use std::fmt;

/// What a person does in the system. Every role is also scoped by area, which the server checks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// 巡查员: patrols grids and collects.
    Inspector,
    /// 主管: reviews merged records and decides conflicts.
    Supervisor,
    /// 科室经办: works an office's inbox.
    OfficeClerk,
    /// 科室负责人: approves for an office.
    OfficeHead,
    /// 管理员: configures; reads no records.
    Administrator,
    /// 审计员: reads the trace of who looked; reads no records.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [
        Self::Inspector,
        Self::Supervisor,
        Self::OfficeClerk,
        Self::OfficeHead,
        Self::Administrator,
        Self::Auditor,
    ];

    /// The role's stable name, as it stands in schema files and certificates.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inspector => "inspector",
            Self::Supervisor => "supervisor",
            Self::OfficeClerk => "office_clerk",
            Self::OfficeHead => "office_head",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// The role of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Whether the role acts for an office.
    pub fn is_office(self) -> bool {
        matches!(self, Self::OfficeClerk | Self::OfficeHead)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The person behind a read or a write, as far as the schema cares.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Author {
    /// Their role.
    pub role: Role,
    /// The office they act for; only the two office roles have one.
    pub office: Option<String>,
}

impl Author {
    /// Someone without an office.
    pub fn new(role: Role) -> Self {
        Self { role, office: None }
    }

    /// Someone who acts for an office.
    pub fn of_office(role: Role, office: impl Into<String>) -> Self {
        Self {
            role,
            office: Some(office.into()),
        }
    }
}

/// One line of an access list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Grant {
    /// Everyone with this role, of whatever office.
    Role(Role),
    /// Clerks and heads of this office, written `office:<name>`.
    Office(String),
    /// One role within one office, written `<role>@<name>`.
    RoleAt(Role, String),
}

impl Grant {
    /// Parses `role`, `office:<name>` or `<role>@<name>`; `None` if it is none of these.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(office) = text.strip_prefix("office:") {
            return Some(Self::Office(office.to_owned()));
        }
        match text.split_once('@') {
            None => Role::parse(text).map(Self::Role),
            Some((role, office)) => {
                let role = Role::parse(role).filter(|role| role.is_office())?;
                Some(Self::RoleAt(role, office.to_owned()))
            }
        }
    }

    /// The office that the grant names.
    pub fn office(&self) -> Option<&str> {
        match self {
            Self::Role(_) => None,
            Self::Office(office) | Self::RoleAt(_, office) => Some(office),
        }
    }

    fn covers(&self, who: &Author) -> bool {
        let of = |office: &String| who.office.as_ref() == Some(office);
        match self {
            Self::Role(role) => who.role == *role,
            Self::Office(office) => who.role.is_office() && of(office),
            Self::RoleAt(role, office) => who.role == *role && of(office),
        }
    }
}

/// An access list: whoever one of its grants covers. An empty list covers nobody.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Access(pub Vec<Grant>);

impl Access {
    /// Whether the list covers `who`.
    pub fn allows(&self, who: &Author) -> bool {
        self.0.iter().any(|grant| grant.covers(who))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_grant_covers_its_clerks_and_heads_and_no_one_else() {
        let access = Access(vec![Grant::parse("office:population-office").unwrap()]);
        let clerk = |office| Author::of_office(Role::OfficeClerk, office);
        assert!(access.allows(&clerk("population-office")));
        assert!(!access.allows(&clerk("economics-section")));
        assert!(!access.allows(&Author::new(Role::Supervisor)));
        // An inspector cannot claim an office.
        assert!(!access.allows(&Author::of_office(Role::Inspector, "population-office")));
    }

    #[test]
    fn an_empty_list_covers_nobody() {
        assert!(
            Role::ALL
                .into_iter()
                .all(|role| !Access::default().allows(&Author::new(role)))
        );
    }

    #[test]
    fn grants_of_unknown_shape_are_refused() {
        for text in ["", "boss", "inspector@fire-brigade", "office_head@", "@x"] {
            assert!(
                Grant::parse(text).is_none_or(|g| g.office() == Some("")),
                "{text}"
            );
        }
    }
}
