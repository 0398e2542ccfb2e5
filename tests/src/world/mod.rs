//! A simulated world: phones with faulty clocks, disks and networks around a [`Hub`].

mod host;
mod phone;
mod rng;

pub use host::SimHost;
pub use phone::{Broken, Link, Phone, Storage, Traffic};
pub use rng::Rng;

use std::sync::{Arc, OnceLock};

use schemas::SchemaSet;

use crate::hub::Hub;

/// The schemas that come with the program, parsed once.
pub fn schemas() -> Arc<SchemaSet> {
    static SCHEMAS: OnceLock<Arc<SchemaSet>> = OnceLock::new();
    SCHEMAS
        .get_or_init(|| match SchemaSet::builtin() {
            Ok(schemas) => Arc::new(schemas),
            // The schemas' own tests say which; nothing can run without them.
            Err(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                std::panic::panic_any(lines.join("\n"))
            }
        })
        .clone()
}

/// A hub with the built-in schemas.
pub fn hub(seed: u64) -> Hub {
    let mut key = [0x5A; 32];
    key.iter_mut()
        .zip(seed.to_be_bytes())
        .for_each(|(to, from)| *to ^= from);
    Hub::new(schemas(), key)
}
