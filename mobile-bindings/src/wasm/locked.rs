//! The book without its key.

use std::sync::Arc;

use js_sys::{Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::{
    book::Book,
    browser::{Browser, HostSigner},
    open::{line, location, report, teller, transport},
    or_throw,
};
use crate::phone::{LockedPhone, Problem, Recovery};

/// A phone's book, locked: what waits can be sent or carried out, nothing read.
#[wasm_bindgen]
pub struct LockedBook {
    phone: LockedPhone,
    signer: HostSigner,
}

#[wasm_bindgen]
impl LockedBook {
    /// Opens a book that exists, without its key.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, sign: Function) -> Result<LockedBook, JsValue> {
        Ok(Self {
            phone: or_throw(LockedPhone::open(location(name), Arc::new(Browser)))?,
            signer: HostSigner(sign),
        })
    }

    /// Does what opening needs and no secret, while the person is asked for one.
    pub fn prepare(&self) -> Result<(), JsValue> {
        or_throw(self.phone.prepare())
    }

    /// Opens it with its key of 32 bytes. Whatever comes of it, this one is used up.
    pub fn unlock(self, key: &[u8]) -> Result<Book, JsValue> {
        let key = or_throw(key.try_into().map_err(|_| Problem::call()))?;
        let phone = or_throw(self.phone.unlock(key))?;
        Ok(Book::around(phone, self.signer))
    }

    /// Own changes that the server has not acknowledged.
    pub fn pending(&self) -> Result<u32, JsValue> {
        let pending = or_throw(self.phone.pending())?;
        Ok(u32::try_from(pending).unwrap_or(u32::MAX))
    }

    /// Photos that the server does not have whole; they wait until the book is open.
    pub fn photos(&self) -> Result<u32, JsValue> {
        let photos = or_throw(self.phone.photos())?;
        Ok(u32::try_from(photos).unwrap_or(u32::MAX))
    }

    /// Sends what waits; `on_progress` hears `SyncProgress` as JSON. The JSON of a `SyncReport`.
    pub async fn sync(&self, on_progress: Function) -> Result<String, JsValue> {
        let transport = transport(self.phone.server())?;
        let mut say = teller(&on_progress);
        report(self.phone.sync(line(&transport, &self.signer), &mut say)).await
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

    /// Forgets everything pulled. The outbox stays and can be sent.
    pub fn wipe(&self) -> Result<(), JsValue> {
        or_throw(self.phone.wipe())
    }

    /// Asks the server for the data key, by the copy that was kept and 32 fresh secret bytes.
    #[wasm_bindgen(js_name = recoveryAsk)]
    pub async fn recovery_ask(&self, copy: Vec<u8>, secret: Vec<u8>) -> Result<(), JsValue> {
        let secret: [u8; 32] = or_throw(secret.try_into().map_err(|_| Problem::call()))?;
        let transport = transport(self.phone.server())?;
        let line = line(&transport, &self.signer);
        or_throw(self.phone.recovery_ask(line, &copy, &secret).await)
    }

    /// What became of it: `{state: 'none' | 'waiting' | 'approved' | 'refused', key?}`.
    #[wasm_bindgen(js_name = recoveryPoll)]
    pub async fn recovery_poll(&self, secret: Vec<u8>) -> Result<Object, JsValue> {
        let secret: [u8; 32] = or_throw(secret.try_into().map_err(|_| Problem::call()))?;
        let transport = transport(self.phone.server())?;
        let polled = self
            .phone
            .recovery_poll(line(&transport, &self.signer), &secret);
        let answer = Object::new();
        let state = match or_throw(polled.await)? {
            Recovery::None => "none",
            Recovery::Waiting => "waiting",
            Recovery::Refused => "refused",
            Recovery::Approved(key) => {
                Reflect::set(&answer, &"key".into(), &Uint8Array::from(&key[..]))?;
                "approved"
            }
        };
        Reflect::set(&answer, &"state".into(), &state.into())?;
        Ok(answer)
    }
}
