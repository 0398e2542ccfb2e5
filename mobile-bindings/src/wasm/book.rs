//! The open book.

use std::sync::Arc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::{
    browser::{Browser, HostSigner},
    open::{line, location, report, teller, transport},
    or_throw,
};
use crate::phone::{Phone, Problem};

/// A phone's book, open. `free()` closes it.
#[wasm_bindgen]
pub struct Book {
    phone: Phone,
    signer: HostSigner,
}

impl Book {
    pub(super) const fn around(phone: Phone, signer: HostSigner) -> Self {
        Self { phone, signer }
    }
}

#[wasm_bindgen]
impl Book {
    /// Opens or creates the book `name`. `key` has 32 bytes; `sign` is
    /// `(bytes: Uint8Array) => Promise<Uint8Array>`, the device's Ed25519.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, key: &[u8], sign: Function) -> Result<Book, JsValue> {
        let key = or_throw(key.try_into().map_err(|_| Problem::call()))?;
        Ok(Self {
            phone: or_throw(Phone::open(location(name), key, Arc::new(Browser)))?,
            signer: HostSigner(sign),
        })
    }

    /// Answers one call in JSON: `{"op": …}` by `{"ok": …}` or `{"error": Problem}`.
    pub fn call(&self, text: &str) -> String {
        self.phone.call(text)
    }

    /// Enrols with a ticket. `public_key` is the other half of what `sign` signs with.
    pub async fn enrol(
        &self,
        server: String,
        ticket: String,
        public_key: Vec<u8>,
        app: String,
    ) -> Result<(), JsValue> {
        let key = or_throw(public_key.try_into().map_err(|_| Problem::call()))?;
        let transport = transport(Ok(server.clone()))?;
        let enrolled = self.phone.enrol(&transport, &server, &ticket, key, &app);
        or_throw(enrolled.await)
    }

    /// Syncs text, then photos; `on_progress` hears `SyncProgress` as JSON. The JSON of a
    /// `SyncReport`.
    pub async fn sync(&self, on_progress: Function) -> Result<String, JsValue> {
        let transport = transport(self.phone.server())?;
        let mut say = teller(&on_progress);
        report(self.phone.sync(line(&transport, &self.signer), &mut say)).await
    }

    /// Keeps a file for a record; its SHA-256 in hex.
    pub fn attach(&self, record: &str, media: &str, bytes: &[u8]) -> Result<String, JsValue> {
        or_throw(self.phone.attach(record, media, bytes))
    }

    /// The bytes of a photo, kept here or fetched.
    pub async fn photo(&self, record: String, sha256: String) -> Result<Vec<u8>, JsValue> {
        let transport = transport(self.phone.server())?;
        let photo = self
            .phone
            .photo(line(&transport, &self.signer), &record, &sha256);
        or_throw(photo.await)
    }

    /// Ends a sync that is under way: it rejects with `cancelled`. Before `free()`, which throws
    /// while one goes on.
    pub fn stop(&self) {
        self.phone.stop();
    }

    /// Everything that is in no backup, sealed to the server, as a file.
    #[wasm_bindgen(js_name = exportOutbox)]
    pub fn export_outbox(&self) -> Result<Vec<u8>, JsValue> {
        or_throw(self.phone.export_outbox())
    }

    /// Forgets everything pulled; what is unsent stays, sealed to the server.
    pub fn wipe(&self) -> Result<(), JsValue> {
        or_throw(self.phone.wipe())
    }

    /// Sets a record aside with which the core fell over.
    #[wasm_bindgen(js_name = setAside)]
    pub fn set_aside(&self, record: &str) -> Result<(), JsValue> {
        or_throw(self.phone.set_aside(record))
    }

    /// The data key sealed to the server, for [`LockedBook.recoveryAsk`](super::LockedBook).
    #[wasm_bindgen(js_name = recoveryCopy)]
    pub fn recovery_copy(&self, key: &[u8]) -> Result<Vec<u8>, JsValue> {
        let key = or_throw(key.try_into().map_err(|_| Problem::call()))?;
        or_throw(self.phone.recovery_copy(key))
    }
}
