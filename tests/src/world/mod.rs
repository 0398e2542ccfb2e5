//! A simulated world: phones with faulty clocks, disks and networks around a [`Hub`].

mod phone;
mod upstream;

pub use gridbook_server::demo::{Rng, SimHost};
pub use phone::{Broken, Link, Phone, Storage, Traffic};
pub use upstream::Upstream;

use std::sync::{Arc, OnceLock};

use schemas::SchemaSet;

use crate::hub::Hub;

/// The schemas that come with the program, parsed once.
#[expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "the schemas' own tests show that they parse"
)]
pub fn schemas() -> Arc<SchemaSet> {
    static SCHEMAS: OnceLock<Arc<SchemaSet>> = OnceLock::new();
    let parse = || Arc::new(SchemaSet::builtin().expect("the built-in schemas parse"));
    SCHEMAS.get_or_init(parse).clone()
}

/// A hub with the built-in schemas.
pub fn hub(seed: u64) -> Hub {
    let mut key = [0x5A; 32];
    key.iter_mut()
        .zip(seed.to_be_bytes())
        .for_each(|(to, from)| *to ^= from);
    Hub::new(schemas(), key)
}
