//! `gridbook enrol`: a ticket for an inspector's phone.

use clap::Args;
use rusqlite::{OptionalExtension as _, params};

use super::{Common, Failure, once, say};
use crate::{
    devices,
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
        let link = config.public_url.trim_end_matches('/').to_owned();
        let minutes = self.minutes;
        let ticket = once(&config, move |tx| {
            let inspector = self.inspector(tx)?;
            devices::ticket(tx, inspector, self.minutes * MINUTE_MS, BY)
        })?;
        say(&format!("ticket {ticket}"));
        say(&format!("link {link}/#enrol={ticket}"));
        say(&format!("good once, for {minutes} minutes"));
        Ok(())
    }

    /// The inspector's number in the tables, with what is new about them.
    fn inspector(&self, tx: &mut Tx<'_>) -> Result<i64> {
        let conn = tx.conn();
        let known = conn
            .query_row(
                "SELECT id FROM inspector WHERE code = ?1",
                params![self.inspector],
                |row| row.get(0),
            )
            .optional()?;
        let id = match (known, &self.name) {
            (Some(id), _) => id,
            (None, None) => {
                return Err(Error::invalid(
                    "name",
                    "no inspector of this number: give a name",
                ));
            }
            (None, Some(name)) => {
                conn.execute(
                    "INSERT INTO inspector (code, name) VALUES (?1, ?2)",
                    params![self.inspector, name],
                )?;
                conn.last_insert_rowid()
            }
        };
        for grid in &self.grids {
            if grid.len() != 15 || !grid.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Error::invalid("grid", "a grid's code has 15 digits"));
            }
            conn.execute(
                "INSERT INTO duty (inspector, grid) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![id, grid],
            )?;
        }
        Ok(id)
    }
}
