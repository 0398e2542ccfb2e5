//! The server's own pieces, without HTTP: acknowledging, verifying, idle phones, first installs.
//! Bundles are signed beforehand, by real fieldbooks.

mod append;
mod install;
mod load;
mod verify;

use crate::{Result, Setting, table::Row};

/// Every row of the group.
pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let mut rows = append::rows(setting)?;
    rows.extend(verify::rows(setting)?);
    rows.extend(install::rows(setting)?);
    let peak = load::peak_bytes()?;
    rows.push(Row::bytes(
        "server group: highest memory of the process, phones included",
        peak,
    ));
    Ok(rows)
}
