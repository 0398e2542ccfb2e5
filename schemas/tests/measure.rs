//! How long the work on every start and every edit takes. Run with
//! `cargo test -p schemas --release --test measure -- --ignored --nocapture`.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use schemas::access::{Author, Role};
use schemas::{NewValue, RegisterKey, Scalar, SchemaSet};

fn report(what: &str, times: u32, mut work: impl FnMut()) {
    let start = Instant::now();
    for _ in 0..times {
        work();
    }
    eprintln!(
        "{what}: {:.2} µs",
        start.elapsed().as_secs_f64() * 1e6 / f64::from(times)
    );
}

#[test]
#[ignore = "a measurement, not a check"]
fn measure_parsing_and_evaluation() {
    let set = SchemaSet::builtin().unwrap();
    let shop = set.kind("shop").unwrap();
    let inspector = Author::new(Role::Inspector);
    let (text, new) = ("business_type", Scalar::text("8052"));
    let key = RegisterKey::parse(text).unwrap();
    let value = NewValue {
        key: &key,
        value: &new,
        replaced: &[Scalar::text("62")],
    };
    let record: BTreeMap<RegisterKey, Vec<Scalar>> = BTreeMap::new();
    report("parse and check the built-in set", 100, || {
        black_box(SchemaSet::builtin().unwrap());
    });
    report("parse a register key", 1_000_000, || {
        black_box(RegisterKey::parse(black_box("licences.AAAAAAAAAAA.expires")).unwrap());
    });
    report("check one value", 1_000_000, || {
        assert!(shop.check_register(black_box(&key), &new).is_ok());
    });
    report("check write access of one register", 1_000_000, || {
        black_box(shop.may_write_register(black_box(&key), &new, &inspector));
    });
    report("match all rules against one value", 1_000_000, || {
        black_box(set.rules().matching("shop", black_box(value), &record));
    });
    report("list missing fields of an empty shop", 100_000, || {
        black_box(shop.required_missing(black_box(&record), Some(&inspector)));
    });
}
