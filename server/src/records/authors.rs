//! Who wrote something, as a reader may know it.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::access::Role;
use serde::Serialize;
use sync_core::{ActorId, AuthorClass, ChangeHash, DeviceId, record::Provenance};
use utoipa::ToSchema;

use crate::{error::Result, identity::Principal, store::Tx};

/// The office that sees who reported a finding: it files them all.
const CENTRE: &str = "linkage-centre";

/// The author of a value or change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuthorView {
    /// `device`, `import`, `office` or `decision`.
    pub class: &'static str,
    /// The device, for class `device`; null where the reader may not know.
    pub device: Option<String>,
    /// The person's name, where it is known and the reader may know it.
    pub name: Option<String>,
    /// When, by the author's clock, ms.
    pub time_ms: i64,
    /// The change.
    pub change: String,
    /// Why, for decisions and office edits.
    pub reason: Option<String>,
}

/// Looks authors up, each once.
pub struct Authors<'c> {
    conn: &'c Connection,
    hidden: bool,
    devices: HashMap<DeviceId, Option<String>>,
}

impl<'c> Authors<'c> {
    /// Authors of a record of `kind` for a reader: on findings, handlers see "inspector".
    pub fn new(conn: &'c Connection, who: &Principal, kind: &str) -> Self {
        Self {
            conn,
            hidden: hides_reporter(who, kind),
            devices: HashMap::new(),
        }
    }

    /// Who wrote a value.
    pub fn of_value(&mut self, by: &Provenance) -> Result<AuthorView> {
        self.of(by.actor(), by.time, by.change)
    }

    /// Who made a change.
    pub fn of(&mut self, actor: ActorId, time_ms: i64, change: ChangeHash) -> Result<AuthorView> {
        let device = actor.device();
        let mut view = AuthorView {
            class: class_name(actor.class()),
            device: None,
            name: None,
            time_ms,
            change: change.to_string(),
            reason: None,
        };
        if actor.class() == AuthorClass::Device {
            if self.hidden {
                view.name = Some("inspector".to_owned());
                return Ok(view);
            }
            view.device = Some(device.to_string());
            view.name = self.inspector(device)?;
        } else if let Some((by, reason)) = act(self.conn, change)? {
            view.name = Some(by);
            view.reason = Some(reason).filter(|reason| !reason.is_empty());
        }
        Ok(view)
    }

    /// The name of a device's inspector.
    pub fn inspector(&mut self, device: DeviceId) -> Result<Option<String>> {
        if let Some(name) = self.devices.get(&device) {
            return Ok(name.clone());
        }
        let sql = "SELECT i.name FROM device d JOIN inspector i ON i.id = d.inspector
                   WHERE d.id = ?1";
        let mut select = self.conn.prepare_cached(sql)?;
        let name: Option<String> = select
            .query_row(params![device.0], |row| row.get(0))
            .optional()?;
        self.devices.insert(device, name.clone());
        Ok(name)
    }
}

/// Whether a reader may not know who reported: offices that handle findings.
pub fn hides_reporter(who: &Principal, kind: &str) -> bool {
    let handler = matches!(who.role, Role::OfficeClerk | Role::OfficeHead);
    kind == "finding" && handler && who.office.as_deref() != Some(CENTRE)
}

/// A class's name in the API.
pub const fn class_name(class: AuthorClass) -> &'static str {
    match class {
        AuthorClass::Device => "device",
        AuthorClass::Import => "import",
        AuthorClass::Office => "office",
        AuthorClass::Decision => "decision",
    }
}

/// Notes the person behind a change that the server wrote.
pub fn note_act(tx: &Tx<'_>, change: ChangeHash, by: &str, reason: &str) -> Result<()> {
    tx.conn()
        .prepare_cached(
            "INSERT INTO own_change (hash, by, reason) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![change.0, by, reason])?;
    Ok(())
}

fn act(conn: &Connection, change: ChangeHash) -> Result<Option<(String, String)>> {
    let mut select = conn.prepare_cached(
        "SELECT coalesce(a.name, o.by), o.reason FROM own_change o
         LEFT JOIN account a ON a.login = o.by WHERE o.hash = ?1",
    )?;
    let found = select.query_row(params![change.0], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_that_handle_findings_do_not_learn_who_reported() {
        let who = |role, office: Option<&str>| Principal {
            account: 1,
            login: "x".to_owned(),
            name: "x".to_owned(),
            role,
            office: office.map(str::to_owned),
            areas: vec!["310112".to_owned()],
        };
        let fire = who(Role::OfficeClerk, Some("fire-brigade"));
        assert!(hides_reporter(&fire, "finding"));
        assert!(hides_reporter(
            &who(Role::OfficeHead, Some("housing")),
            "finding"
        ));
        assert!(!hides_reporter(&fire, "shop"));
        assert!(!hides_reporter(
            &who(Role::OfficeClerk, Some(CENTRE)),
            "finding"
        ));
        assert!(!hides_reporter(&who(Role::Supervisor, None), "finding"));
    }
}
