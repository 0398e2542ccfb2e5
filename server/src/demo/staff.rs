//! Who works in the street: inspectors with their grids, and accounts of the console.

use rusqlite::params;
use schemas::{Lang, Role, SchemaSet};

use super::{Rng, phone::BY, street};
use crate::{
    devices,
    error::{OrNotFound as _, Result},
    identity::{accounts, password},
    store::Tx,
};

/// The password of every account of the demo.
pub const PASSWORD: &str = "wutongli 2026 demo";
/// Inspectors of a grid.
pub(super) const PER_GRID: usize = 3;
/// The street.
const STREET: &str = "310112901";
/// The community that the second supervisor looks after.
const COMMUNITY: &str = "310112901001";
/// A day, ms.
const DAY_MS: i64 = 86_400_000;

/// How somebody signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The account.
    pub login: String,
    /// Who it is, in words.
    pub who: String,
    role: Role,
    office: Option<String>,
    area: &'static str,
}

/// Every account of the demo.
pub fn sign_ins(schemas: &SchemaSet) -> Vec<SignIn> {
    let plain = |login: &str, who: &str, role, area| SignIn {
        login: login.to_owned(),
        who: who.to_owned(),
        role,
        office: None,
        area,
    };
    let mut all = vec![
        plain(
            "supervisor",
            "主管 supervisor, street",
            Role::Supervisor,
            STREET,
        ),
        plain(
            "supervisor.east",
            "主管 supervisor, grids 1 and 2",
            Role::Supervisor,
            COMMUNITY,
        ),
        plain("admin", "管理员 administrator", Role::Administrator, STREET),
        plain("auditor", "审计员 auditor", Role::Auditor, STREET),
    ];
    for office in schemas.offices() {
        let names = [
            (Role::OfficeClerk, "clerk", "经办 clerk"),
            (Role::OfficeHead, "head", "负责人 head"),
        ];
        for (role, ending, word) in names {
            let (zh, en) = (office.labels.label(Lang::Zh), office.labels.label(Lang::En));
            all.push(SignIn {
                login: format!("{}.{ending}", office.name),
                who: format!("{zh}{word}, {en}"),
                role,
                office: Some(office.name.clone()),
                area: STREET,
            });
        }
    }
    all
}

/// Makes the accounts.
pub(super) fn accounts(tx: &mut Tx<'_>, rng: &mut Rng) -> Result<()> {
    let schemas = tx.core().schemas();
    // One hash for all: they have the same password, and everybody may know it.
    let hash = password::hash_now(PASSWORD)?;
    for sign_in in sign_ins(&schemas) {
        let new = accounts::NewAccount {
            login: sign_in.login,
            name: street::Person::any(rng).name,
            role: sign_in.role,
            office: sign_in.office,
            areas: vec![sign_in.area.to_owned()],
            hash: hash.clone(),
            must_change: false,
        };
        let account = accounts::create(tx, &new)?;
        let object = format!("{{\"account\":{account}}}");
        tx.journal_act(BY, "account", &object, "")?;
    }
    Ok(())
}

/// Makes the inspectors: three walk each grid, every third one the next grid as well. Their
/// numbers in the tables, by grid.
pub(super) fn inspectors(tx: &mut Tx<'_>, rng: &mut Rng) -> Result<Vec<i64>> {
    let mut made = Vec::new();
    for (grid, code) in street::GRIDS.iter().enumerate() {
        for place in 0..PER_GRID {
            let number = number(grid, place);
            let name = street::Person::any(rng).name;
            tx.conn().execute(
                "INSERT INTO inspector (code, name) VALUES (?1, ?2)",
                params![number, name],
            )?;
            let id = tx.conn().last_insert_rowid();
            let next = street::GRIDS.get((grid + 1) % street::GRIDS.len());
            let second = next.filter(|_| place + 1 == PER_GRID);
            for walked in std::iter::once(code).chain(second) {
                tx.conn().execute(
                    "INSERT INTO duty (inspector, grid) VALUES (?1, ?2)",
                    params![id, walked],
                )?;
            }
            let object = format!("{{\"inspector\":{id}}}");
            tx.journal_act(BY, "inspector", &object, "")?;
            made.push(id);
        }
    }
    Ok(made)
}

/// The staff number of an inspector, by place in the street.
pub(super) fn number(grid: usize, place: usize) -> String {
    format!("31{}{}", grid + 1, place + 1)
}

/// Fresh tickets for the first inspectors of three grids: staff number, name, ticket.
pub fn tickets(tx: &mut Tx<'_>) -> Result<Vec<(String, String, String)>> {
    let mut tickets = Vec::new();
    for code in ["3111", "3121", "3131"] {
        let (id, name): (i64, String) = tx
            .conn()
            .query_row(
                "SELECT id, name FROM inspector WHERE code = ?1",
                params![code],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .or_not_found("inspector of the demo")?;
        let ticket = devices::ticket(tx, id, DAY_MS, BY)?;
        tickets.push((code.to_owned(), name, ticket));
    }
    Ok(tickets)
}
