//! `gridbook account`: the first people at the console.

use std::io::BufRead as _;

use clap::Args;
use schemas::access::Role;

use super::{Common, Failure, once, say};
use crate::{
    error::Error,
    identity::{
        accounts::{self, NewAccount},
        password,
    },
};

/// Make an account for the console; its first password is read from standard input.
///
/// The person has to change the password when signing in. Further accounts are made at the
/// console, by an administrator of their area. The server may be running meanwhile.
#[derive(Debug, Args)]
pub(super) struct Account {
    /// Sign-in name: a-z, 0-9, dot, hyphen, underscore
    login: String,
    /// Name of the person
    #[arg(long)]
    name: String,
    /// supervisor, `office_clerk`, `office_head`, administrator or auditor
    #[arg(long, default_value = "administrator")]
    role: String,
    /// Name of the office, for the two office roles
    #[arg(long)]
    office: Option<String>,
    /// Code of an area, of 6, 9, 12 or 15 digits; may be given again
    #[arg(long = "area", value_name = "CODE", required = true)]
    areas: Vec<String>,
    #[command(flatten)]
    common: Common,
}

impl Account {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.config()?;
        let role = Role::parse(&self.role);
        let role = role.ok_or_else(|| Error::invalid("role", "there is no such role"))?;
        let mut first = String::new();
        std::io::stdin().lock().read_line(&mut first)?;
        let first = first.trim_end_matches(['\r', '\n']);
        password::check(&self.login, first)?;
        let new = NewAccount {
            login: self.login,
            name: self.name,
            role,
            office: self.office,
            areas: self.areas,
            hash: password::hash_now(first)?,
            must_change: true,
        };
        once(&config, move |tx| {
            let id = accounts::create(tx, &new)?;
            let object = format!("{{\"account\":{id}}}");
            tx.journal_act("command line", "account.create", &object, "")
        })?;
        say("made; the password is to be changed at the first sign-in");
        Ok(())
    }
}
