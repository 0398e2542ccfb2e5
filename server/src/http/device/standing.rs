//! Whether a device may fetch, beyond being who it is.

use sync_core::{DeviceId, RecordId};

use crate::{
    app::App,
    devices::Device,
    error::{Error, Result},
    records,
};

/// The device, if it is confirmed, not revoked, and its certificate good.
pub(super) async fn need_good(app: &App, device: DeviceId) -> Result<Device> {
    let known = app.device(device).await?;
    if known.revoked {
        return Err(Error::Forbidden("this device was revoked"));
    }
    if !known.confirmed {
        return Err(Error::Forbidden(
            "a supervisor has not confirmed this device",
        ));
    }
    if !known.certificate.may_pull(app.core().now_ms()) {
        return Err(Error::Forbidden("this device's certificate has expired"));
    }
    Ok(known)
}

/// An error unless the device may fetch and the record is in one of its grids.
pub(super) async fn need_record(app: &App, device: DeviceId, record: &RecordId) -> Result<()> {
    let known = need_good(app, device).await?;
    let (core, record) = (app.core().clone(), *record);
    app.read(move |conn| {
        let stored = records::find(conn, core.keys(), &record)?.ok_or(Error::NotFound("record"))?;
        if known.certificate.opens(&stored.header.grid, core.now_ms()) {
            Ok(())
        } else {
            Err(Error::NotFound("record"))
        }
    })
    .await
}
