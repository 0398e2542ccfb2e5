//! The wipe: on the server's order once everything is sent, or by hand.

use super::{Fieldbook, error::Result};

impl Fieldbook {
    /// Forgets everything pulled; what is unsent stays, sealed to the server.
    pub fn wipe(&mut self) -> Result<()> {
        self.transaction(Self::wipe_inside)
    }

    pub(super) fn wipe_inside(&mut self) -> Result<()> {
        self.store.wipe()?;
        self.store.set_meta_cbor("wipe", &false)?;
        self.store.set_meta_cbor("wiped", &true)?;
        self.touched.clear();
        self.list.clear();
        self.doors.take();
        self.search.clear();
        Ok(())
    }
}
