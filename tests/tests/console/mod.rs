//! A server on a free port with people at its console, and phones that fill it.
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "each test file uses a part of it"
)]

mod http;

use std::{collections::HashMap, net::SocketAddr, path::PathBuf};

use gridbook_server::{
    config::Config,
    http::{Edge, serve, service_with},
    identity::{
        accounts::{NewAccount, create},
        password::hash_now,
    },
};
use gridbook_tests::{
    central::Central,
    world::{Phone, Storage},
};
use schemas::{RegisterKey, Scalar, access::Role};
use serde_json::{Value, json};
use sync_core::{RecordId, fieldbook::Place, record::Edit};

pub use http::{Answer, call, stream};

pub const NOW: i64 = 1_790_000_000_000;
pub const MINUTE: i64 = 60_000;
/// The street that most people work in, its first two grids, and a grid of another street.
pub const STREET: &str = "310112901";
pub const GRID: &str = "310112901001001";
pub const NEXT_GRID: &str = "310112901001002";
pub const FAR: &str = "310112902";
pub const FAR_GRID: &str = "310112902001001";
pub const PASSWORD: &str = "correct horse battery";

/// Everybody at the console: login, role, office, area.
pub const STAFF: &[(&str, Role, Option<&str>, &str)] = &[
    ("sup", Role::Supervisor, None, STREET),
    ("other.sup", Role::Supervisor, None, STREET),
    (
        "clerk",
        Role::OfficeClerk,
        Some("population-office"),
        STREET,
    ),
    ("head", Role::OfficeHead, Some("population-office"), STREET),
    ("admin", Role::Administrator, None, STREET),
    ("auditor", Role::Auditor, None, STREET),
    (
        "economics",
        Role::OfficeClerk,
        Some("economics-section"),
        STREET,
    ),
    ("centre", Role::OfficeClerk, Some("linkage-centre"), STREET),
    ("fire", Role::OfficeClerk, Some("fire-brigade"), STREET),
    (
        "business",
        Role::OfficeClerk,
        Some("business-office"),
        STREET,
    ),
    ("far.sup", Role::Supervisor, None, FAR),
    (
        "far.clerk",
        Role::OfficeClerk,
        Some("population-office"),
        FAR,
    ),
    ("far.head", Role::OfficeHead, Some("population-office"), FAR),
    ("far.admin", Role::Administrator, None, FAR),
    ("far.auditor", Role::Auditor, None, FAR),
    ("spare", Role::Auditor, None, STREET),
];

/// A signed-in person.
#[derive(Clone, Debug)]
pub struct Session {
    pub cookie: String,
    pub csrf: String,
}

pub struct Desk {
    pub central: Central,
    pub at: SocketAddr,
    dir: PathBuf,
    runtime: tokio::runtime::Runtime,
    sessions: HashMap<String, Session>,
}

impl Desk {
    pub fn open(name: &str) -> Self {
        Self::open_with(name, |_| {})
    }

    /// The same with other settings.
    pub fn open_with(name: &str, change: impl FnOnce(&mut Config)) -> Self {
        let dir = std::env::temp_dir().join(format!("gridbook-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let mut config = Config::in_folder(&dir);
        change(&mut config);
        let central =
            Central::start_with(config, &gridbook_server::store::Place::folder(&dir), NOW).unwrap();
        let hash = hash_now(PASSWORD).unwrap();
        central
            .write(move |tx| {
                for (login, role, office, area) in STAFF {
                    let new = NewAccount {
                        login: (*login).to_owned(),
                        name: format!("{login} 先生"),
                        role: *role,
                        office: office.map(str::to_owned),
                        areas: vec![(*area).to_owned()],
                        hash: hash.clone(),
                        must_change: false,
                    };
                    create(tx, &new)?;
                }
                Ok(())
            })
            .unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let edge = Edge::new(
            central.app.config().limits.clone(),
            central.app.metrics().clone(),
        );
        let router = service_with(central.app.clone(), &edge);
        let bound = tokio::net::TcpListener::bind("127.0.0.1:0");
        let listener = runtime.block_on(bound).unwrap();
        let at = listener.local_addr().unwrap();
        runtime.spawn(serve(listener, router, edge, std::future::pending()));
        Self {
            central,
            at,
            dir,
            runtime,
            sessions: HashMap::new(),
        }
    }

    /// Runs what a phone does over HTTP.
    pub fn run<T>(&self, work: impl std::future::Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Moves the clock on.
    pub fn pass(&self, ms: i64) {
        let now = self.central.app.core().now_ms();
        self.central.clock.set(now + ms);
    }

    /// A request as it is written, under /api/v1.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} /api/v1{path} HTTP/1.1\r\nHost: {}\r\n", self.at);
        for (name, value) in headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        call(self.at, &head, body)
    }

    /// Tries to sign in.
    pub fn try_sign_in(&self, login: &str, password: &str, code: Option<&str>) -> Answer {
        let body = json!({ "login": login, "password": password, "code": code });
        let headers = [("Content-Type", "application/json")];
        self.raw("POST", "/session", &headers, body.to_string().as_bytes())
    }

    /// Signs in anew.
    pub fn sign_in(&mut self, login: &str) -> Session {
        let answer = self.try_sign_in(login, PASSWORD, None);
        assert_eq!(answer.checked(), 200, "{login}: {}", answer.json());
        let cookie = answer.header("set-cookie").unwrap();
        let session = Session {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: answer.json()["csrf"].as_str().unwrap().to_owned(),
        };
        self.sessions.insert(login.to_owned(), session.clone());
        session
    }

    /// The person's session, signed in if need be.
    pub fn session(&mut self, login: &str) -> Session {
        match self.sessions.get(login) {
            Some(session) => session.clone(),
            None => self.sign_in(login),
        }
    }

    /// One request of a person.
    pub fn call(
        &mut self,
        who: &str,
        method: &str,
        path: &str,
        version: Option<u64>,
        body: Option<&Value>,
    ) -> Answer {
        let session = self.session(who);
        let etag = version.map(|version| format!("\"v{version}\""));
        let mut headers = vec![
            ("Cookie", session.cookie.as_str()),
            ("X-CSRF-Token", session.csrf.as_str()),
        ];
        if let Some(etag) = &etag {
            headers.push(("If-Match", etag));
        }
        let bytes = body.map(ToString::to_string).unwrap_or_default();
        if body.is_some() {
            headers.push(("Content-Type", "application/json"));
        }
        self.raw(method, path, &headers, bytes.as_bytes())
    }

    /// What a person reads there.
    pub fn get(&mut self, who: &str, path: &str) -> Answer {
        self.call(who, "GET", path, None, None)
    }

    /// What a person reads there, which must be there.
    pub fn json(&mut self, who: &str, path: &str) -> Value {
        let answer = self.get(who, path);
        assert_eq!(answer.checked(), 200, "{path}: {}", answer.json());
        answer.json()
    }

    /// A change by a person.
    pub fn post(&mut self, who: &str, path: &str, body: &Value) -> Answer {
        self.call(who, "POST", path, None, Some(body))
    }

    /// A phone for an inspector, enrolled and confirmed.
    pub fn phone(&mut self, seed: u64, name: &str, grids: &[&str]) -> Phone {
        Phone::enrolled(&mut self.central, Storage::Memory, seed, name, grids).unwrap()
    }

    /// Syncs a phone until all of it is verified.
    pub fn sync(&mut self, phone: &mut Phone) {
        for _ in 0..2 {
            phone.sync(&mut self.central).unwrap();
            self.central.settle();
        }
        phone.sync(&mut self.central).unwrap();
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.central.app.close();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

pub fn set(key: &str, value: Scalar) -> Edit {
    let key = RegisterKey::parse(key).unwrap();
    Edit::Set { key, value }
}

pub fn text(key: &str, value: &str) -> Edit {
    set(key, Scalar::text(value))
}

/// A shop with a sign at a door.
pub fn shop(phone: &mut Phone, grid: &str, sign: &str, door: &str, more: &[Edit]) -> RecordId {
    let mut edits = vec![
        text("sign_name", sign),
        text("door_no", door),
        text("premises_use", "commercial"),
        text("operating_state", "open"),
        text("business_type", "6210"),
        text("licence_match", "yes"),
        set("lived_in", Scalar::Bool(false)),
    ];
    edits.extend_from_slice(more);
    let place = Place::Grid(grid.to_owned());
    phone.book.create("shop", &place, &edits).unwrap().record
}

/// Somebody or something that belongs to a shop.
pub fn with(phone: &mut Phone, kind: &str, shop: RecordId, edits: &[Edit]) -> RecordId {
    let mut edits = edits.to_vec();
    edits.push(set("shop", Scalar::Bytes(shop.0.to_vec())));
    let place = Place::With(shop);
    phone.book.create(kind, &place, &edits).unwrap().record
}

/// A resident.
pub fn resident(phone: &mut Phone, shop: RecordId, name: &str, id_number: &str) -> RecordId {
    let edits = [
        text("name", name),
        text("id_type", "resident-id"),
        text("id_number", id_number),
        text("phone", "13812341234"),
        text("living_part", "loft"),
        text("moved_in", "2026-09-01"),
        text("state", "living"),
        text("category", "from-outside"),
        set("told", Scalar::Bool(true)),
    ];
    with(phone, "resident", shop, &edits)
}
