//! What an operator does beside the running server: tickets, confirmation.

use std::{path::Path, process::Command};

use sync_core::DeviceId;

use super::{HttpPhone, PhoneError, Server, ServerError};
use crate::world::Storage;

impl Server {
    /// Runs a command of the program over the server's data; what it printed.
    pub fn command(&self, arguments: &[&str]) -> Result<String, ServerError> {
        self.command_on(self.data(), arguments)
    }

    /// The same over another data folder.
    pub fn command_on(&self, data: &Path, arguments: &[&str]) -> Result<String, ServerError> {
        let output = Command::new(&self.program)
            .args(arguments)
            .arg("--data")
            .arg(data)
            .args(self.clock_flags())
            .output()?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(ServerError::Command(said))
        }
    }

    /// A ticket for an inspector who walks these grids, and is added if there is none.
    pub fn ticket(&self, inspector: &str, grids: &[&str]) -> Result<String, ServerError> {
        let name = format!("Inspector {inspector}");
        let mut arguments = vec!["enrol", inspector, "--name", &name];
        for grid in grids {
            arguments.extend(["--grid", grid]);
        }
        let said = self.command(&arguments)?;
        let ticket = said.lines().find_map(|line| line.strip_prefix("ticket "));
        let ticket = ticket.ok_or_else(|| ServerError::Command(said.clone()))?;
        Ok(ticket.to_owned())
    }

    /// A supervisor's word that the phone's words were compared.
    pub fn confirm(&self, device: DeviceId) -> Result<(), ServerError> {
        self.command(&["confirm", &device.to_string()]).map(drop)
    }

    /// A phone that is not enrolled, at the server's time.
    pub fn phone(&self, storage: Storage, seed: u64) -> Result<HttpPhone, PhoneError> {
        HttpPhone::new(&self.url(), storage, seed, self.now_ms())
    }

    /// A phone that is enrolled for an inspector and grids, and confirmed.
    pub fn enrolled(
        &self,
        inspector: &str,
        grids: &[&str],
        storage: Storage,
        seed: u64,
    ) -> Result<HttpPhone, PhoneError> {
        let mut phone = self.phone(storage, seed)?;
        let device = phone.enrol(&self.ticket(inspector, grids)?)?;
        self.confirm(device)?;
        Ok(phone)
    }

    /// The server's time, ms.
    pub fn now_ms(&self) -> i64 {
        use gridbook_server::clock::{Clock as _, ShiftedClock};
        let offset_ms = self.clock_offset_ms();
        ShiftedClock { offset_ms }.now_ms()
    }
}
