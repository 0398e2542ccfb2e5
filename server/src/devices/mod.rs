//! Inspectors and their phones: tickets, enrolment, certificates, revocation.

mod acts;

pub use acts::{confirm, enrol, renew, revoke, ticket};
