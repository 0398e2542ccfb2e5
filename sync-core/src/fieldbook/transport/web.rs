//! HTTP in a browser or its worker: `fetch`, called directly, since a client library between
//! would follow redirects and panic at an answer that a service worker made up.

use std::{cell::Cell, rc::Rc};

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache,
    RequestCredentials, RequestInit, RequestRedirect,
};

use super::{
    super::{Method, Request, Response, TransportError},
    check_announced, collect_headers,
};

/// The page's own `fetch`: nothing to hold.
#[derive(Clone)]
pub(super) struct Client;

impl Client {
    #[expect(clippy::unnecessary_wraps, reason = "natively it can fail")]
    pub(super) const fn new(_tls: bool) -> Result<Self, TransportError> {
        Ok(Self)
    }

    #[expect(clippy::unused_self, reason = "natively it is a pool of connections")]
    pub(super) async fn send(
        &self,
        url: &str,
        request: Request<'_>,
    ) -> Result<Response, TransportError> {
        let exchange = Exchange::begin(request.timeout_ms)
            .map_err(|_| TransportError::Unsendable("this page has no fetch"))?;
        let init =
            prepare(&request, &exchange.abort).map_err(|_| TransportError::Unsendable("header"))?;
        let answer = exchange.fetch(url, &init).await?;
        // What a redirect leaves behind when it is not followed.
        if answer.status() == 0 {
            return Err(TransportError::Intercepted);
        }
        let headers = read_headers(&answer.headers())?;
        if request.method != Method::Head {
            let announced = headers.iter().find(|(name, _)| name == "content-length");
            let length = announced.and_then(|(_, length)| length.parse().ok());
            check_announced(length, request.max_response_bytes)?;
        }
        let body = exchange
            .read_body(&answer, request.max_response_bytes)
            .await?;
        Ok(Response {
            status: answer.status(),
            headers,
            body,
        })
    }
}

fn prepare(request: &Request<'_>, abort: &AbortController) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    if let Some(content_type) = request.content_type {
        headers.append("content-type", content_type)?;
    }
    for (name, value) in &request.headers {
        headers.append(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_headers(&headers);
    if !request.body.is_empty() {
        init.set_body(&Uint8Array::from(request.body.as_slice()));
    }
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Manual);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&abort.signal()));
    Ok(init)
}

fn read_headers(headers: &Headers) -> Result<Vec<(String, String)>, TransportError> {
    let pairs = js_sys::try_iter(headers).ok().flatten();
    let texts: Vec<(String, String)> = pairs
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|pair| {
            let pair = pair.dyn_into::<Array>().ok()?;
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        })
        .collect();
    collect_headers(
        texts
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes())),
    )
}

/// One request under way: aborted when its time is up, and when this is dropped.
struct Exchange {
    abort: AbortController,
    late: Rc<Cell<bool>>,
    timer: JsValue,
    /// Called by the timer, so it lives as long.
    _on_timeout: Closure<dyn FnMut()>,
}

impl Exchange {
    fn begin(timeout_ms: u32) -> Result<Self, JsValue> {
        let abort = AbortController::new()?;
        let late = Rc::new(Cell::new(false));
        let (to_abort, to_mark) = (abort.clone(), Rc::clone(&late));
        let on_timeout = Closure::new(move || {
            to_mark.set(true);
            to_abort.abort();
        });
        let timer = global_function("setTimeout")?.call2(
            &JsValue::NULL,
            on_timeout.as_ref(),
            &timeout_ms.into(),
        )?;
        Ok(Self {
            abort,
            late,
            timer,
            _on_timeout: on_timeout,
        })
    }

    async fn fetch(
        &self,
        url: &str,
        init: &RequestInit,
    ) -> Result<web_sys::Response, TransportError> {
        let promise = global_function("fetch")
            .and_then(|fetch| fetch.call2(&JsValue::NULL, &url.into(), init))
            .and_then(JsCast::dyn_into::<Promise>)
            .map_err(|_| TransportError::Unsendable("this page has no fetch"))?;
        let answer = JsFuture::from(promise).await.map_err(|error| {
            let aborted = is_abort(&error);
            // Browsers tell no page why they did not connect.
            self.why(if aborted {
                TransportError::Cancelled
            } else {
                TransportError::Offline
            })
        })?;
        answer
            .dyn_into()
            .map_err(|_| TransportError::Protocol("before an answer"))
    }

    /// Reads the body piece by piece, and no piece past the cap.
    async fn read_body(
        &self,
        answer: &web_sys::Response,
        cap: usize,
    ) -> Result<Vec<u8>, TransportError> {
        let broken = || self.why(TransportError::Protocol("within an answer"));
        let mut body = Vec::new();
        let Some(stream) = answer.body() else {
            return Ok(body);
        };
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        loop {
            let step: Object = JsFuture::from(reader.read())
                .await
                .map_err(|_| broken())?
                .unchecked_into();
            let piece = match Reflect::get(&step, &"value".into()) {
                Ok(value) if !value.is_undefined() => value,
                _ => return Ok(body),
            };
            let piece: Uint8Array = piece.dyn_into().map_err(|_| broken())?;
            if usize::try_from(piece.length()).map_or(true, |length| length > cap - body.len()) {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&piece.to_vec());
        }
    }

    /// The error, unless it is only what running out of time looks like.
    fn why(&self, error: TransportError) -> TransportError {
        if self.late.get() {
            TransportError::Timeout
        } else {
            error
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.abort.abort();
        // A page that lost this function is closing.
        let _ = global_function("clearTimeout")
            .and_then(|clear| clear.call1(&JsValue::NULL, &self.timer));
    }
}

/// A function of the page or worker, whichever this runs in.
fn global_function(name: &str) -> Result<Function, JsValue> {
    Reflect::get(&js_sys::global(), &name.into())?.dyn_into()
}

fn is_abort(error: &JsValue) -> bool {
    Reflect::get(error, &"name".into())
        .is_ok_and(|name| name.as_string().as_deref() == Some("AbortError"))
}
