//! `gridbook demo`: a street that does not exist, to try everything on.

use std::path::PathBuf;

use clap::Args;
use schemas::SchemaSet;

use super::{Common, Failure, say};
use crate::{
    config::Config,
    demo::{self, Folder, Found, Size},
    devices::enrol_link,
    error::Error,
    import::Desk,
    serve,
};

/// Make a fictional street, run the server on it and print how to sign in.
///
/// 8 grids, 24 inspectors, about 1,500 shops with their people, licences, visits, findings and
/// their photos, and an account for each role and office. Made once, from a fixed seed, and used
/// again after that.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Throw the present demo away and make it anew
    #[arg(long)]
    fresh: bool,
    /// Make it, print how to sign in, and end without serving
    #[arg(long)]
    no_serve: bool,
    /// Shops of the street
    #[arg(long, default_value_t = 1_500, value_parser = clap::value_parser!(u16).range(48..=20_000))]
    shops: u16,
    /// Another seed, another street
    #[arg(long, default_value_t = Size::default().seed)]
    seed: u64,
    #[command(flatten)]
    common: Common,
}

impl Demo {
    pub(super) fn run(mut self) -> Result<(), Failure> {
        let settings = &mut self.common.settings;
        let folder = settings.data.take();
        let folder = folder.unwrap_or_else(|| PathBuf::from("gridbook-demo"));
        // A demo's key lies in its folder, so that one folder is all there is to throw away.
        let key = settings.master_key.take();
        settings.master_key = Some(key.unwrap_or_else(|| folder.join("master.key")));
        settings.data = Some(folder.clone());
        settings.log.get_or_insert_with(|| "warn".to_owned());
        let config = self.common.config()?;
        let folder = Folder::new(folder);
        if folder.open(self.fresh)? == Found::Nothing {
            let size = Size {
                seed: self.seed,
                shops: usize::from(self.shops),
            };
            demo::made(config.clone(), size, &mut |line| say(line))?;
            folder.finish()?;
        }
        sign_ins(&config)?;
        if self.no_serve {
            return Ok(());
        }
        Ok(serve::run(config)?)
    }
}

/// Prints addresses, tickets and accounts.
fn sign_ins(config: &Config) -> Result<(), Failure> {
    let schemas = SchemaSet::builtin().map_err(|_| Error::Internal("the schemas do not parse"))?;
    let accounts = demo::sign_ins(&schemas);
    let mut desk = Desk::open(config, schemas, serve::clock(config))?;
    let tickets = desk.write(demo::tickets)?;
    let url = config.public_url.trim_end_matches('/');
    say("");
    say(&format!(
        "手机 Phones: {url}/app/  (each link enrols one phone, once, within a day)"
    ));
    for (code, name, ticket) in tickets {
        let link = enrol_link(&config.public_url, &ticket);
        say(&format!("  {code} {name}  {link}"));
    }
    say("  A supervisor compares the phone's six words and confirms it: gridbook confirm --help");
    say("");
    say(&format!(
        "控制台 Console: {url}/  (its API: {url}/api/v1/openapi.json)"
    ));
    say(&format!(
        "  口令 password of every account: {}",
        demo::PASSWORD
    ));
    for account in accounts {
        say(&format!("  {:<28}{}", account.login, account.who));
    }
    say("");
    Ok(())
}
