//! What the book asks of a browser: clocks, randomness, a signature, time that passes.

use js_sys::{Date, Function, Promise, Reflect, Uint8Array};
use ring::rand::{SecureRandom as _, SystemRandom};
use sync_core::{
    bundle::SIGNATURE_LEN,
    fieldbook::{
        Host,
        transport::{Signer, Waiter},
    },
    sync::Clock,
};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The browser's clocks and randomness.
pub(super) struct Browser;

impl Host for Browser {
    fn clock(&self) -> Clock {
        Clock {
            wall_ms: whole(Date::now()),
            monotonic_ms: whole(monotonic().unwrap_or_default()).unsigned_abs(),
        }
    }

    fn random(&self, to: &mut [u8]) {
        // Every browser that runs this has it; without it no key could have been made.
        let _ = SystemRandom::new().fill(to);
    }
}

/// A key that the page's side signs with: `(bytes) => Promise<Uint8Array>`.
#[derive(Clone)]
pub(super) struct HostSigner(pub(super) Function);

impl Signer for HostSigner {
    async fn sign(&self, message: &[u8]) -> Option<[u8; SIGNATURE_LEN]> {
        let message = Uint8Array::from(message);
        let made = self.0.call1(&JsValue::NULL, &message).ok()?;
        let made = JsFuture::from(Promise::resolve(&made)).await.ok()?;
        let made: Uint8Array = made.dyn_into().ok()?;
        made.to_vec().try_into().ok()
    }
}

/// Waits by the worker's timer.
pub(super) struct Timer;

impl Waiter for Timer {
    async fn wait(&self, ms: u64) {
        let set = |resolve: Function, _| {
            let ms = u32::try_from(ms).unwrap_or(u32::MAX);
            if let Ok(timer) = global("setTimeout") {
                // A worker without timers is closing: the promise is dropped with it.
                let _ = timer.call2(&JsValue::NULL, &resolve, &ms.into());
            }
        };
        let mut set = set;
        let _ = JsFuture::from(Promise::new(&mut set)).await;
    }
}

/// Writes an error into the console.
pub(super) fn complain(text: &str) {
    let console = Reflect::get(&js_sys::global(), &"console".into());
    let error = console.and_then(|console| {
        let error: Function = Reflect::get(&console, &"error".into())?.dyn_into()?;
        error.call1(&console, &text.into())
    });
    // Without a console nobody reads it.
    let _ = error;
}

/// Calls a listener with a value as JSON; one that throws is left alone.
pub(super) fn tell(listener: &Function, value: &impl serde::Serialize) {
    let text = serde_json::to_string(value).unwrap_or_default();
    let _ = listener.call1(&JsValue::NULL, &text.into());
}

fn monotonic() -> Option<f64> {
    let performance = Reflect::get(&js_sys::global(), &"performance".into()).ok()?;
    let now: Function = Reflect::get(&performance, &"now".into())
        .ok()?
        .dyn_into()
        .ok()?;
    now.call0(&performance).ok()?.as_f64()
}

fn global(name: &str) -> Result<Function, JsValue> {
    Reflect::get(&js_sys::global(), &name.into())?.dyn_into()
}

#[expect(clippy::cast_possible_truncation, reason = "times of this age fit")]
fn whole(ms: f64) -> i64 {
    ms as i64
}
