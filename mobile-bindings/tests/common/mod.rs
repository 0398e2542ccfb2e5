//! A hub in this process, phones that speak to it through the facade, and calls in JSON.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn, ready},
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use gridbook_mobile::phone::{Line, Phone, Problem, SyncProgress, SyncReport};
use gridbook_tests::{
    hub::Hub,
    world::{SimHost, schemas},
};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sync_core::{
    fieldbook::{
        Location,
        transport::{Request, Response, Transport, TransportError, Waiter},
    },
    sync::EnrolRequest,
};

pub const GRID: &str = "310112001001001";
pub const NOW_MS: i64 = 1_790_000_000_000;

type BetweenRequests = Mutex<Option<Box<dyn FnMut() + Send>>>;

/// A line to the hub, good or cut.
pub struct HubLine {
    pub hub: Mutex<Hub>,
    pub cut: AtomicBool,
    /// Versions of the schemas, as they are served.
    pub schemas: Mutex<BTreeMap<u32, Vec<u8>>>,
    /// Answers come when they are asked for a second time.
    pub stalls: AtomicBool,
    /// Runs while a request is under way.
    pub meanwhile: BetweenRequests,
}

impl HubLine {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            hub: Mutex::new(Hub::new(schemas(), [9; 32])),
            cut: AtomicBool::new(false),
            schemas: Mutex::default(),
            stalls: AtomicBool::new(false),
            meanwhile: Mutex::new(None),
        })
    }

    fn answer(&self, request: &Request<'_>) -> Result<Response, TransportError> {
        if self.cut.load(Ordering::Relaxed) {
            return Err(TransportError::Offline);
        }
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().as_mut() {
            meanwhile();
        }
        let mut hub = self.hub.lock().unwrap();
        let body = match request.path {
            "/v1/enrol" => {
                let request = EnrolRequest::from_bytes(&request.body).unwrap();
                hub.enrol(&request).map(|reply| reply.to_bytes())
            }
            "/v1/sync" => Some(hub.sync(&request.body).unwrap()),
            path => path
                .strip_prefix("/v1/schemas/")
                .and_then(|version| version.parse().ok())
                .and_then(|version: u32| self.schemas.lock().unwrap().get(&version).cloned()),
        };
        Ok(Response {
            status: if body.is_some() { 200 } else { 404 },
            headers: vec![("content-type".to_owned(), "application/cbor".to_owned())],
            body: body.unwrap_or_default(),
        })
    }
}

impl Transport for HubLine {
    fn send(
        &self,
        request: Request<'_>,
    ) -> impl Future<Output = Result<Response, TransportError>> + Send {
        let mut answer = Some(self.answer(&request));
        let mut stalls = self.stalls.load(Ordering::Relaxed);
        poll_fn(move |_| {
            if std::mem::take(&mut stalls) {
                return Poll::Pending;
            }
            answer.take().map_or(Poll::Pending, Poll::Ready)
        })
    }
}

/// Does not wait: nothing here depends on time.
pub struct AtOnce;

impl Waiter for AtOnce {
    fn wait(&self, _: u64) -> impl Future<Output = ()> + Send {
        ready(())
    }
}

/// A phone behind the facade, with its key.
pub struct Held {
    pub phone: Phone,
    pub line: Arc<HubLine>,
    pub pair: Ed25519KeyPair,
    pub host: Arc<SimHost>,
}

impl Held {
    pub fn new(line: &Arc<HubLine>, seed: u8) -> Self {
        let host = Arc::new(SimHost::new(NOW_MS, u64::from(seed)));
        Self {
            phone: Phone::open(Location::Memory, &[seed; 32], host.clone()).unwrap(),
            line: line.clone(),
            pair: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap(),
            host,
        }
    }

    /// One that is enrolled for the grid and has synced.
    pub fn enrolled(line: &Arc<HubLine>, seed: u8, inspector: &str) -> Self {
        let held = Self::new(line, seed);
        let ticket = line.hub.lock().unwrap().ticket(inspector, &[GRID]);
        held.enrol(&ticket).unwrap();
        held.sync().unwrap();
        held
    }

    pub fn enrol(&self, ticket: &str) -> Result<(), Problem> {
        let key = self.pair.public_key().as_ref().try_into().unwrap();
        wait_for(
            self.phone
                .enrol(&*self.line, "http://localhost:1", ticket, key, "test"),
        )
    }

    pub fn sync(&self) -> Result<SyncReport, Problem> {
        self.sync_telling(&mut |_| {})
    }

    pub fn sync_telling(&self, say: &mut dyn FnMut(&SyncProgress)) -> Result<SyncReport, Problem> {
        let signer =
            |message: &[u8]| <[u8; 64]>::try_from(self.pair.sign(message).as_ref()).unwrap();
        let line = Line {
            transport: &*self.line,
            signer: &signer,
            waiter: &AtOnce,
        };
        wait_for(self.phone.sync(line, say))
    }

    /// The answer to a call, or its problem.
    pub fn ask(&self, op: &str, mut query: Value) -> Result<Value, Value> {
        query["op"] = json!(op);
        let mut answer: Value = serde_json::from_str(&self.phone.call(&query.to_string())).unwrap();
        match answer.get_mut("ok") {
            Some(ok) => Ok(ok.take()),
            None => Err(answer["error"].take()),
        }
    }

    pub fn ok(&self, op: &str, query: Value) -> Value {
        self.ask(op, query).unwrap()
    }

    pub fn new_shop(&self, door: &str, sign: &str) -> String {
        let saved = self.ok("save", shop_form(door, sign));
        saved["record"].as_str().unwrap().to_owned()
    }
}

pub fn shop_form(door: &str, sign: &str) -> Value {
    json!({
        "kind": "shop",
        "place": {"grid": GRID},
        "values": {
            "door_no": door,
            "sign_name": sign,
            "premises_use": "commercial",
            "operating_state": "open",
            "business_type": "6210",
            "licence_match": "yes",
            "lived_in": false,
        },
    })
}

pub fn resident_form(shop: &str) -> Value {
    json!({
        "kind": "resident",
        "place": {"with": shop},
        "values": {
            "name": "李小明",
            "id_type": "resident-id",
            "id_number": "310112199001011233",
            "category": "from-outside",
            "living_part": "back-room",
            "moved_in": "2026-03-01",
            "state": "living",
            "told": true,
        },
    })
}

/// Polls a future that never waits for anything outside.
pub fn wait_for<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}
