//! The console over HTTP: signing in, errors, versions, masks, search, review; with records that
//! real fieldbooks made.
#![cfg(test)]

mod console;

#[path = "console_suite/across.rs"]
mod across;
#[path = "console_suite/acts.rs"]
mod acts;
#[path = "console_suite/case_work.rs"]
mod case_work;
#[path = "console_suite/checks.rs"]
mod checks;
#[path = "console_suite/checks_draw.rs"]
mod checks_draw;
#[path = "console_suite/errors.rs"]
mod errors;
#[path = "console_suite/grids.rs"]
mod grids;
#[path = "console_suite/people.rs"]
mod people;
#[path = "console_suite/reading.rs"]
mod reading;
#[path = "console_suite/registrations.rs"]
mod registrations;
#[path = "console_suite/review.rs"]
mod review;
#[path = "console_suite/signing_in.rs"]
mod signing_in;
#[path = "console_suite/takeover.rs"]
mod takeover;
#[path = "console_suite/upgrade.rs"]
mod upgrade;
#[path = "console_suite/versions.rs"]
mod versions;
