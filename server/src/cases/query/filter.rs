//! What narrows a list: the asker's areas and office.

use schemas::access::Role;

use crate::{
    cases::{
        store::{CASE, CaseRow},
        table::{CENTRE, ECONOMICS},
    },
    error::{Error, Result},
    identity::Principal,
    lists::Where,
};

/// An error unless the person may know of the case: as if it were not there.
pub(in crate::cases) fn need_case(who: &Principal, case: &CaseRow) -> Result<()> {
    who.need_area(&case.grid, CASE)?;
    let office = who.office.as_deref().unwrap_or_default();
    let known = match who.role {
        Role::Supervisor => true,
        role if role.is_office() => {
            [case.office.as_str(), case.case.lead(), CENTRE].contains(&office)
        }
        _ => false,
    };
    known.then_some(()).ok_or(Error::NotFound(CASE))
}

/// The same for a list.
pub(super) fn scope(who: &Principal) -> Where {
    let mut list = Where::default();
    list.areas("grid", &who.areas);
    let office = who.office.clone().unwrap_or_default();
    match who.role {
        Role::Supervisor => {}
        role if role.is_office() && office == CENTRE => {}
        role if role.is_office() && office == ECONOMICS => {
            list.with("(office = ? OR type = 'business')", office);
        }
        role if role.is_office() => list.with("office = ?", office),
        _ => list.fixed("0"),
    }
    list
}
