//! What the book remembers of its server: its address, and when a sync last brought everything.
//! In clear: a locked phone needs it too.

use minicbor::{Decode, Encode};

use super::{Fieldbook, LockedBook, error::Result, store::Store};

const NAME: &str = "contact";

/// The book's server, as last heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Contact {
    /// Its address, as the ticket named it.
    #[n(1)]
    pub server: String,
    /// When a sync last brought everything, ms, by the server's clock.
    #[n(2)]
    pub last_sync_ms: Option<i64>,
}

impl Store {
    fn contact(&self) -> Result<Contact> {
        self.meta_cbor(NAME)
    }

    fn set_contact(&self, contact: &Contact) -> Result<()> {
        self.set_meta_cbor(NAME, contact)
    }
}

impl Fieldbook {
    /// What is known of the server.
    pub fn contact(&self) -> Result<Contact> {
        self.store.contact()
    }

    /// Keeps what is known of the server, durably.
    pub fn set_contact(&mut self, contact: &Contact) -> Result<()> {
        self.store.set_contact(contact)
    }

    /// The server's clock less this phone's, ms, as last heard.
    pub fn offset_ms(&self) -> Result<i64> {
        Ok(self.server_heard()?.map_or(0, |(_, offset_ms)| offset_ms))
    }

    /// The grids of which something was served: none until the supervisor has confirmed the phone.
    pub fn served_grids(&self) -> Result<Vec<String>> {
        self.store.followed_grids()
    }

    /// Whether the server ordered this book wiped, or it was and nothing came since.
    pub fn wipe_ordered(&self) -> Result<bool> {
        let ordered: bool = self.store.meta_cbor("wipe")?;
        let done: bool = self.store.meta_cbor("wiped")?;
        Ok(ordered || done)
    }
}

impl LockedBook {
    /// What is known of the server.
    pub fn contact(&self) -> Result<Contact> {
        self.store.contact()
    }

    /// Keeps what is known of the server, durably.
    pub fn set_contact(&mut self, contact: &Contact) -> Result<()> {
        self.store.set_contact(contact)
    }

    /// Who the phone is.
    pub const fn identity(&self) -> &super::Identity {
        &self.identity
    }
}
