//! `gridbook enrol`: a ticket for an inspector's phone.

use clap::Args;
use rusqlite::{OptionalExtension as _, params};
use serde_json::json;

use super::{Common, Failure, once, say};
use crate::{
    devices::{self, roster},
    error::{Error, Result},
    store::Tx,
};

const MINUTE_MS: i64 = 60_000;
/// Who stands in the journal.
const BY: &str = "command line";

/// Make a one-time ticket with which an inspector enrols a phone.
///
/// The server may be running meanwhile. The inspector opens the link on the phone, or types the
/// code; a supervisor then compares the words that the phone shows.
#[derive(Debug, Args)]
pub(super) struct Enrol {
    /// The inspector's staff number
    inspector: String,
    /// Name of the inspector, who is added if there is none of this number
    #[arg(long)]
    name: Option<String>,
    /// Code of a grid the inspector walks, added to those known; may be given again
    #[arg(long = "grid", value_name = "CODE")]
    grids: Vec<String>,
    /// Minutes that the ticket is good for
    #[arg(long, default_value_t = 24 * 60, value_parser = clap::value_parser!(i64).range(1..=10_080))]
    minutes: i64,
    #[command(flatten)]
    common: Common,
}

impl Enrol {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.clone().config()?;
        let url = config.public_url.clone();
        let minutes = self.minutes;
        let ticket = once(&config, move |tx| {
            let inspector = self.inspector(tx)?;
            devices::ticket(tx, inspector, self.minutes * MINUTE_MS, BY)
        })?;
        say(&format!("ticket {ticket}"));
        say(&format!("link {}", devices::enrol_link(&url, &ticket)));
        say(&format!("good once, for {minutes} minutes"));
        Ok(())
    }

    /// The inspector's number in the tables, with what is new about them, journalled as when it
    /// was done at the console.
    fn inspector(&self, tx: &mut Tx<'_>) -> Result<i64> {
        for grid in &self.grids {
            if grid.len() != 15 || !grid.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Error::invalid("grid", "a grid's code has 15 digits"));
            }
        }
        let known: Option<i64> = tx
            .conn()
            .query_row(
                "SELECT id FROM inspector WHERE code = ?1",
                params![self.inspector],
                |row| row.get(0),
            )
            .optional()?;
        let Some(id) = known else {
            let no_name = || Error::invalid("name", "no inspector of this number: give a name");
            let name = self.name.as_deref().ok_or_else(no_name)?;
            let id = roster::create(tx, &self.inspector, name, &self.grids)?;
            let object = json!({ "inspector": id, "code": self.inspector, "grids": self.grids });
            tx.journal_act(BY, "inspector.create", &object.to_string(), name)?;
            return Ok(id);
        };
        for grid in &self.grids {
            let walked: bool = tx.conn().query_row(
                "SELECT count(*) > 0 FROM duty
                 WHERE inspector = ?1 AND grid = ?2 AND until_ms IS NULL",
                params![id, grid],
                |row| row.get(0),
            )?;
            if !walked {
                roster::grant(tx, id, grid, None, BY)?;
                let object = json!({ "inspector": id, "grid": grid, "until_ms": null });
                tx.journal_act(BY, "inspector.grant", &object.to_string(), "")?;
            }
        }
        Ok(id)
    }
}
