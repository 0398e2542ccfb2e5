//! Offices at their desks: a server on a free port, people who sign in and work over HTTP.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

mod http;

use std::{collections::HashMap, fmt::Write as _, net::SocketAddr, path::PathBuf};

use gridbook_server::{
    Result, cases,
    http::{Edge, serve, service_with},
    identity::{
        accounts::{NewAccount, create},
        password::hash_now,
    },
    store::Tx,
};
use gridbook_tests::central::Central;
use jiff::{Timestamp, civil::DateTime, tz::offset};
use rusqlite::{Connection, params};
use schemas::access::Role;
use serde_json::{Value, json};
use sync_core::record::{Registers, View};

pub use http::{Answer, Client};

/// The street that everybody works in, and its first two grids.
pub const STREET: &str = "310112901";
pub const GRID: &str = "310112901001001";
pub const OTHER_GRID: &str = "310112901001002";
const PASSWORD: &str = "correct horse battery";

/// Everybody at the console: sign-in name, role, office, area.
pub const STAFF: &[(&str, Role, &str, &str)] = &[
    ("centre.clerk", Role::OfficeClerk, "linkage-centre", STREET),
    ("centre.head", Role::OfficeHead, "linkage-centre", STREET),
    (
        "economics.clerk",
        Role::OfficeClerk,
        "economics-section",
        STREET,
    ),
    (
        "economics.head",
        Role::OfficeHead,
        "economics-section",
        STREET,
    ),
    (
        "business.clerk",
        Role::OfficeClerk,
        "business-office",
        STREET,
    ),
    ("business.head", Role::OfficeHead, "business-office", STREET),
    ("sanitation.clerk", Role::OfficeClerk, "sanitation", STREET),
    ("sanitation.head", Role::OfficeHead, "sanitation", STREET),
    ("city.clerk", Role::OfficeClerk, "urban-management", STREET),
    ("city.head", Role::OfficeHead, "urban-management", STREET),
    ("fire.clerk", Role::OfficeClerk, "fire-brigade", STREET),
    ("fire.head", Role::OfficeHead, "fire-brigade", STREET),
    (
        "labour.clerk",
        Role::OfficeClerk,
        "labour-inspection",
        STREET,
    ),
    (
        "population.clerk",
        Role::OfficeClerk,
        "population-office",
        STREET,
    ),
    (
        "population.head",
        Role::OfficeHead,
        "population-office",
        STREET,
    ),
    ("supervisor", Role::Supervisor, "", STREET),
    ("admin", Role::Administrator, "", STREET),
    ("auditor", Role::Auditor, "", STREET),
    // The same office elsewhere.
    (
        "far.clerk",
        Role::OfficeClerk,
        "linkage-centre",
        "310112902",
    ),
    ("far.supervisor", Role::Supervisor, "", "310112902"),
];

/// A time of the street as ms: `2026-11-20T16:50`.
pub fn ms(text: &str) -> i64 {
    let at: DateTime = text.parse().unwrap();
    offset(8).to_timestamp(at).unwrap().as_millisecond()
}

/// The same back.
pub fn local(ms: i64) -> String {
    let at = Timestamp::from_millisecond(ms).unwrap();
    offset(8)
        .to_datetime(at)
        .strftime("%Y-%m-%dT%H:%M")
        .to_string()
}

/// An item as dispatch makes it.
#[derive(Clone, Debug)]
pub struct NewItem {
    pub rule: &'static str,
    pub record: [u8; 16],
    pub kind: &'static str,
    pub office: &'static str,
    pub form: &'static str,
    pub month: Option<&'static str>,
    /// Number of the inspector who reported it: 1, 2, 3.
    pub by: u8,
}

pub struct Desk {
    pub central: Central,
    dir: PathBuf,
    runtime: tokio::runtime::Runtime,
    client: Client,
    sessions: HashMap<String, (String, String)>,
    /// Items and when they were made, for a replay.
    pub made: Vec<(i64, NewItem)>,
    causes: u8,
}

impl Desk {
    /// Opens the offices at a time of the street.
    pub fn open(name: &str, at: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("gridbook-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let central = Central::start(&dir, ms(at)).unwrap();
        central.write(people).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let app = central.app.clone();
        let edge = Edge::new(app.config().limits.clone(), app.metrics().clone());
        let router = service_with(app, &edge);
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        runtime.spawn(serve(listener, router, edge, std::future::pending()));
        Self {
            central,
            dir,
            runtime,
            client: Client::new(address),
            sessions: HashMap::new(),
            made: Vec::new(),
            causes: 0,
        }
    }

    /// Moves the clock.
    pub fn at(&self, time: &str) {
        self.central.clock.set(ms(time));
    }

    pub fn now_ms(&self) -> i64 {
        self.central.app.core().now_ms()
    }

    pub fn get(&mut self, who: &str, path: &str) -> Answer {
        self.call(who, "GET", path, None, None)
    }

    pub fn post(&mut self, who: &str, path: &str, body: &Value) -> Answer {
        self.call(who, "POST", path, None, Some(body))
    }

    /// A change of something that has this version.
    pub fn change(&mut self, who: &str, path: &str, version: u64, body: &Value) -> Answer {
        self.call(who, "POST", path, Some(version), Some(body))
    }

    /// One request of a person, who signs in first if need be.
    pub fn call(
        &mut self,
        who: &str,
        method: &str,
        path: &str,
        version: Option<u64>,
        body: Option<&Value>,
    ) -> Answer {
        for _ in 0..2 {
            if !self.sessions.contains_key(who) {
                self.sign_in(who);
            }
            let (cookie, csrf) = &self.sessions[who];
            let mut head = format!(
                "{method} /api/v1{path} HTTP/1.1\r\nCookie: {cookie}\r\nX-CSRF-Token: {csrf}\r\n"
            );
            if let Some(version) = version {
                let _ = write!(head, "If-Match: \"v{version}\"\r\n");
            }
            let bytes = match body {
                Some(body) => {
                    head += "Content-Type: application/json\r\n";
                    serde_json::to_vec(body).unwrap()
                }
                None => Vec::new(),
            };
            let answer = self.client.call(&head, &bytes);
            if answer.status != 401 {
                return answer;
            }
            // The clock was moved past the session.
            self.sessions.remove(who);
        }
        panic!("{who} cannot sign in");
    }

    fn sign_in(&mut self, who: &str) {
        let body = json!({ "login": who, "password": PASSWORD });
        let head = "POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\n";
        let answer = self.client.call(head, &serde_json::to_vec(&body).unwrap());
        assert_eq!(answer.status, 200, "{who}: {}", answer.body);
        let csrf = answer.body["csrf"].as_str().unwrap().to_owned();
        self.sessions
            .insert(who.to_owned(), (answer.cookie.unwrap(), csrf));
    }

    /// What dispatch does when a rule has fired; the item's number.
    pub fn item(&mut self, new: NewItem) -> i64 {
        self.causes += 1;
        self.made.push((self.now_ms(), new.clone()));
        let cause = self.causes;
        self.central
            .write(move |tx| make_item(tx, &new, cause))
            .unwrap()
    }

    /// Reads main.db.
    pub fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> T {
        self.central.read(job).unwrap()
    }

    /// A number from main.db.
    pub fn count(&self, sql: &'static str) -> i64 {
        self.read(move |conn| Ok(conn.query_row(sql, [], |row| row.get(0))?))
    }

    /// Closes the offices.
    pub fn close(self) {
        self.runtime.shutdown_background();
        self.central.stop();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Accounts, and three inspectors: 1 and 2 walk the first grid, 3 the second.
fn people(tx: &mut Tx<'_>) -> Result<()> {
    let hash = hash_now(PASSWORD)?;
    for (login, role, office, area) in STAFF {
        let new = NewAccount {
            login: (*login).to_owned(),
            name: (*login).to_owned(),
            role: *role,
            office: (!office.is_empty()).then(|| (*office).to_owned()),
            areas: vec![(*area).to_owned()],
            hash: hash.clone(),
            must_change: false,
        };
        create(tx, &new)?;
    }
    for (number, grid) in [(1_u8, GRID), (2, GRID), (3, OTHER_GRID)] {
        let conn = tx.conn();
        conn.execute(
            "INSERT INTO inspector (id, code, name) VALUES (?1, ?2, ?2)",
            params![number, format!("w{number}")],
        )?;
        conn.execute(
            "INSERT INTO duty (inspector, grid) VALUES (?1, ?2)",
            params![number, grid],
        )?;
        conn.execute(
            "INSERT INTO device (id, inspector, certificate, epoch, enrolled_ms)
             VALUES (?1, ?2, x'', 1, 0)",
            params![[number; 6], number],
        )?;
    }
    Ok(())
}

/// Writes an item and tells the cases of it, as dispatch does.
pub fn make_item(tx: &mut Tx<'_>, new: &NewItem, cause: u8) -> Result<i64> {
    let how = if new.month.is_some() {
        "monthly"
    } else {
        "at_once"
    };
    tx.conn().execute(
        "INSERT INTO item (rule, record, cause, kind, grid, office, how, form, month, device,
                           created_ms, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'open')",
        params![
            new.rule,
            new.record,
            [cause; 32],
            new.kind,
            GRID,
            new.office,
            how,
            new.form,
            new.month,
            [new.by; 6],
            tx.now_ms(),
        ],
    )?;
    let id = tx.conn().last_insert_rowid();
    cases::on_items(tx, &[id], &View::of(&Registers::default()))?;
    Ok(id)
}

/// A finding that waits at the linkage centre.
pub fn finding(record: u8, by: u8) -> NewItem {
    NewItem {
        rule: "finding-reported",
        record: [record; 16],
        kind: "finding",
        office: "linkage-centre",
        form: "item_then_case",
        month: None,
        by,
    }
}

/// A person who waits at the population office.
pub fn resident(record: u8, by: u8) -> NewItem {
    NewItem {
        rule: "resident-appears",
        record: [record; 16],
        kind: "resident",
        office: "population-office",
        form: "item",
        month: None,
        by,
    }
}
