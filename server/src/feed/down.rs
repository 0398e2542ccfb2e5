//! One answer's way down, for every stream that a phone follows.

use rusqlite::Connection;
use sync_core::sync::{DeviceEntry, FeedPart, PackPart, SyncRequest};

use super::{grid, own_stream};
use crate::{
    App, devices,
    error::{Error, Result},
};

/// Parts of one answer at most: half a megabyte.
pub(super) const PARTS: usize = 8;

/// What goes down.
#[derive(Debug, Default)]
pub struct Down {
    /// The device's own stream.
    pub items: Vec<DeviceEntry>,
    /// Feeds.
    pub feeds: Vec<FeedPart>,
    /// Packs.
    pub packs: Vec<PackPart>,
    /// Whether there is more.
    pub more: bool,
    /// The device's last bundle that is in a backup.
    pub backed_up: u64,
}

impl Down {
    /// Whether another part fits.
    pub(super) fn has_room(&self) -> bool {
        self.feeds.len() + self.packs.len() < PARTS
    }
}

/// Gathers what a device may have and does not have yet. Grids are served to a confirmed device
/// whose certificate is good and opens them.
pub fn downstream(conn: &Connection, app: &App, request: &SyncRequest) -> Result<Down> {
    let core = app.core();
    let now = core.now_ms();
    let device = devices::find(conn, core, request.device)?
        .ok_or(Error::Unauthenticated("the device is not known"))?;
    let mut down = Down {
        backed_up: device.backed_up,
        ..Down::default()
    };
    let may_pull = device.confirmed && !device.revoked && device.certificate.may_pull(now);
    for cursor in &request.cursors {
        match &cursor.grid {
            None => {
                let known = cursor.epoch == core.epoch();
                let from = if known { cursor.seq } else { 0 };
                let (items, more) = own_stream::items(conn, device.id, from)?;
                down.items = items;
                down.more |= more;
            }
            Some(grid) if may_pull && device.certificate.opens(grid, now) => {
                grid::serve(conn, app, &device, grid, cursor, &mut down)?;
            }
            Some(_) => {}
        }
    }
    Ok(down)
}
