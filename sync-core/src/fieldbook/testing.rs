//! A book for tests: enrolled, in memory, with a clock that they set.

use std::sync::{Arc, Mutex};

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use schemas::{RegisterKey, Scalar, SchemaSet, checks::point::Point};

use super::{DataKey, Fieldbook, Host, Location, Place, store::load::Loaded};
use crate::{
    bundle::{Certificate, GridGrant, ServerOpenKey},
    ids::{DeviceId, RecordId, Salt},
    record::{Edit, Header},
    sync::{Clock, EnrolReply},
};

pub(super) const GRID: &str = "310112901001001";
pub(super) const OTHER: &str = "310112901001002";
/// 2026-11-22 10:00 here.
pub(super) const NOW: i64 = 1_795_312_800_000;
pub(super) const HOUR: i64 = 60 * 60 * 1_000;
pub(super) const DAY: i64 = 24 * HOUR;

const DEVICE: DeviceId = DeviceId([1, 0, 0, 0, 0, 1]);

/// A clock that stands still until it is set, and bytes that differ from each other.
pub(super) struct Still {
    wall_ms: Mutex<i64>,
    count: Mutex<u64>,
}

impl Host for Still {
    fn clock(&self) -> Clock {
        Clock {
            wall_ms: *self.wall_ms.lock().unwrap(),
            monotonic_ms: 0,
        }
    }

    fn random(&self, to: &mut [u8]) {
        let mut count = self.count.lock().unwrap();
        *count += 1;
        let bytes = crate::ids::Sha256::of(&count.to_be_bytes()).0;
        to.iter_mut()
            .zip(bytes.into_iter().cycle())
            .for_each(|(to, from)| *to = from);
    }
}

/// A phone's book and its clock.
pub(super) struct Desk {
    pub(super) book: Fieldbook,
    host: Arc<Still>,
    server: Ed25519KeyPair,
}

/// An inspector's phone with two grids, one of them a cover.
pub(super) fn desk() -> Desk {
    let host = Arc::new(Still {
        wall_ms: Mutex::new(NOW),
        count: Mutex::new(0),
    });
    let schemas = Arc::new(SchemaSet::builtin().unwrap());
    let key = DataKey::new(&[7; 32]);
    let book = Fieldbook::open(Location::Memory, key, schemas, host.clone()).unwrap();
    let server = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
    let mut desk = Desk { book, host, server };
    let own = grant(GRID, None);
    desk.enrol(vec![own]);
    desk
}

impl Desk {
    /// Enrols the phone for these grids, or gives it a new certificate.
    pub(super) fn enrol(&mut self, grids: Vec<GridGrant>) {
        let signed = Certificate {
            device: DEVICE,
            key: [2; 32],
            epoch: 1,
            inspector: "i-1".to_owned(),
            role: "inspector".to_owned(),
            office: None,
            grids,
            issued_ms: 0,
            expires_ms: i64::MAX,
        }
        .to_sign();
        let mut signature = [0; 64];
        signature.copy_from_slice(self.server.sign(&signed.to_be_signed).as_ref());
        let mut server_key = [0; 32];
        server_key.copy_from_slice(self.server.public_key().as_ref());
        let reply = EnrolReply {
            certificate: signed.finish(signature),
            server_key,
            seal_key: ServerOpenKey::derive(&[5; 32]).1,
            server_ms: NOW,
            schema: 1,
        };
        self.book.enrol(&reply, &[2; 32]).unwrap();
    }

    /// Sets the clock to so many ms from [`NOW`].
    pub(super) fn at(&mut self, from_now: i64) -> &mut Self {
        *self.host.wall_ms.lock().unwrap() = NOW + from_now;
        self
    }

    pub(super) fn shop(&mut self, door: &str, sign: &str) -> RecordId {
        let edits = shop_edits(door, sign);
        let place = Place::Grid(GRID.to_owned());
        self.book.create("shop", &place, &edits).unwrap().record
    }

    pub(super) fn edit(&mut self, record: &RecordId, edits: &[Edit]) {
        self.book.edit(record, edits).unwrap();
    }

    /// A record that this phone may not make and the server would have given.
    pub(super) fn given(&mut self, kind: &str, id: RecordId, edits: &[Edit]) -> RecordId {
        let header = Header {
            kind: kind.to_owned(),
            grid: GRID.to_owned(),
            move_number: 0,
            salt: Salt::default(),
        };
        let made = self
            .book
            .transaction(|book| book.commit(id, Loaded::empty(header), edits, NOW, true));
        made.unwrap().record
    }

    /// Something that belongs to a shop.
    pub(super) fn with(&mut self, shop: &RecordId, kind: &str, edits: &[Edit]) -> RecordId {
        let place = Place::With(*shop);
        self.book.create(kind, &place, edits).unwrap().record
    }

    /// A party of a shop, in its role there.
    pub(super) fn tenant(&mut self, shop: &RecordId, name: &str) -> RecordId {
        let edits = [
            text("type", "natural"),
            set("roles#tenant", Scalar::Bool(true)),
            text("name", name),
            text("phone", "13812345678"),
        ];
        self.with(shop, "party", &edits)
    }

    pub(super) fn visit(&mut self, shop: &RecordId, outcome: &str) -> RecordId {
        let at = self.host.clock().wall_ms;
        let edits = [text("outcome", outcome), set("visited_at", Scalar::Int(at))];
        self.with(shop, "visit", &edits)
    }

    pub(super) fn finding(&mut self, shop: &RecordId, class: &str) -> RecordId {
        let at = self.host.clock().wall_ms;
        let edits = [
            text("class", class),
            text("severity", "normal"),
            text("source", "patrol"),
            set("found_at", Scalar::Int(at)),
        ];
        self.with(shop, "finding", &edits)
    }

    pub(super) fn resident(&mut self, shop: &RecordId, name: &str) -> RecordId {
        let edits = [
            text("name", name),
            text("id_type", "resident-id"),
            text("id_number", "310112199001011233"),
            text("category", "registered"),
            text("living_part", "loft"),
            text("moved_in", "2026-01-01"),
            text("state", "living"),
            set("told", Scalar::Bool(true)),
        ];
        self.with(shop, "resident", &edits)
    }
}

pub(super) fn grant(grid: &str, until_ms: Option<i64>) -> GridGrant {
    GridGrant {
        grid: grid.to_owned(),
        until_ms,
    }
}

pub(super) fn shop_edits(door: &str, sign: &str) -> Vec<Edit> {
    vec![
        text("door_no", door),
        text("sign_name", sign),
        text("premises_use", "commercial"),
        text("operating_state", "open"),
        text("business_type", "6210"),
        text("licence_match", "yes"),
        set("lived_in", Scalar::Bool(false)),
    ]
}

pub(super) fn set(key: &str, value: Scalar) -> Edit {
    let key = RegisterKey::parse(key).unwrap();
    Edit::Set { key, value }
}

pub(super) fn text(key: &str, value: &str) -> Edit {
    set(key, Scalar::text(value))
}

pub(super) fn refer(key: &str, record: &RecordId) -> Edit {
    set(key, Scalar::Bytes(record.0.to_vec()))
}

pub(super) fn place(lat: i32, lon: i32) -> Edit {
    set(
        "location",
        Scalar::Bytes(Point { lat, lon }.to_bytes().to_vec()),
    )
}
