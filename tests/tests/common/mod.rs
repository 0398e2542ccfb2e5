//! What several test files say about shops.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

use gridbook_tests::{
    hub::Hub,
    world::{Phone, Storage},
};
use schemas::{RegisterKey, Scalar};
use sync_core::{
    RecordId,
    fieldbook::Place,
    record::{Edit, View},
};

pub const GRID: &str = "310112001001001";
pub const OTHER: &str = "310112001001002";

pub fn set(key: &str, value: Scalar) -> Edit {
    Edit::Set {
        key: RegisterKey::parse(key).unwrap(),
        value,
    }
}

pub fn text(key: &str, value: &str) -> Edit {
    set(key, Scalar::text(value))
}

pub fn shop_edits(door: &str, sign: &str) -> Vec<Edit> {
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

pub fn phone(hub: &mut Hub, seed: u64, name: &str) -> Phone {
    Phone::enrolled(hub, Storage::Memory, seed, name, &[GRID]).unwrap()
}

pub fn new_shop(phone: &mut Phone, door: &str, sign: &str) -> RecordId {
    let place = Place::Grid(GRID.to_owned());
    phone
        .book
        .create("shop", &place, &shop_edits(door, sign))
        .unwrap()
        .record
}

pub fn view(phone: &Phone, id: &RecordId) -> View {
    phone.book.get(id).unwrap().view
}

/// The text that a field shows.
pub fn shown(phone: &Phone, id: &RecordId, key: &str) -> String {
    let view = view(phone, id);
    view.fields[key]
        .shown()
        .as_text()
        .unwrap_or_default()
        .to_owned()
}

/// A shop with a number for a door, not yet sent.
pub fn new_shop_of(phone: &mut Phone, number: usize) -> RecordId {
    new_shop(phone, &format!("{number} 号"), "店")
}
