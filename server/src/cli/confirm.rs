//! `gridbook confirm`: the words of a phone were compared.

use clap::Args;
use sync_core::DeviceId;

use super::{Common, Failure, once, say};
use crate::{devices, error::Error};

/// Say that a phone's six words were compared, so that it is served its grids.
///
/// A supervisor does the same at the console.
#[derive(Debug, Args)]
pub(super) struct Confirm {
    /// The device, as enrolment named it: 12 digits
    device: String,
    #[command(flatten)]
    common: Common,
}

impl Confirm {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.of_data()?;
        let device = DeviceId::parse(&self.device)
            .ok_or_else(|| Error::invalid("device", "12 hexadecimal digits"))?;
        once(&config, move |tx| {
            devices::confirm(tx, device, "command line")
        })?;
        say("confirmed");
        Ok(())
    }
}
