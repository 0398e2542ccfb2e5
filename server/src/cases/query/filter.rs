//! What narrows a list: the asker's areas and office.

use rusqlite::Connection;
use schemas::access::Role;

use crate::{
    cases::{
        gather::is_gathered,
        store::{CASE, CaseRow},
        table::{CENTRE, ECONOMICS},
    },
    error::{Error, Result},
    identity::Principal,
    lists::Where,
};

/// Cases on which an office was gathered.
const GATHERED: &str = "id IN (SELECT case_id FROM case_gathered WHERE office = ?)";

/// An error unless the person may know of the case: as if it were not there.
pub(in crate::cases) fn need_case(
    conn: &Connection,
    who: &Principal,
    case: &CaseRow,
) -> Result<()> {
    who.need_area(&case.grid, CASE)?;
    let office = who.office.as_deref().unwrap_or_default();
    let known = match who.role {
        Role::Supervisor => true,
        role if role.is_office() => {
            [case.office.as_str(), case.case.lead(), CENTRE].contains(&office)
                || is_gathered(conn, case.id, office)?
        }
        _ => false,
    };
    known.then_some(()).ok_or(Error::NotFound(CASE))
}

/// The same for a list.
pub(crate) fn scope(who: &Principal) -> Where {
    let mut list = Where::default();
    list.areas("grid", &who.areas);
    let office = who.office.clone().unwrap_or_default();
    match who.role {
        Role::Supervisor => {}
        role if role.is_office() && office == CENTRE => {}
        role if role.is_office() && office == ECONOMICS => {
            let own = format!("(office = ? OR type = 'business' OR {GATHERED})");
            list.with_all(&own, [office.clone().into(), office.into()]);
        }
        role if role.is_office() => {
            let own = format!("(office = ? OR {GATHERED})");
            list.with_all(&own, [office.clone().into(), office.into()]);
        }
        _ => list.fixed("0"),
    }
    list
}
