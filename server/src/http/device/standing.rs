//! Whether a device may fetch, beyond being who it is.

use sync_core::{DeviceId, RecordId};

use crate::{
    app::App,
    devices,
    error::{Error, Result},
    records,
};

/// An error unless the device is confirmed, not revoked, its certificate good, and the record in
/// one of its grids.
pub(super) async fn need_pull(app: &App, device: DeviceId, record: &RecordId) -> Result<()> {
    let (core, record) = (app.core().clone(), *record);
    app.read(move |conn| {
        let now_ms = core.now_ms();
        let known = devices::find(conn, &core, device)?
            .ok_or(Error::Unauthenticated("the device is not known"))?;
        if known.revoked || !known.confirmed || !known.certificate.may_pull(now_ms) {
            return Err(Error::Forbidden("this device may not fetch"));
        }
        let stored = records::find(conn, core.keys(), &record)?.ok_or(Error::NotFound("record"))?;
        if known.certificate.opens(&stored.header.grid, now_ms) {
            Ok(())
        } else {
            Err(Error::NotFound("record"))
        }
    })
    .await
}
