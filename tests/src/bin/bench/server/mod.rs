//! The server's own pieces, without HTTP: acknowledging, verifying, idle phones, first installs,
//! a page of a full inbox.
//! Bundles are signed beforehand, by real fieldbooks.

mod append;
mod install;
mod lists;
mod load;
mod verify;

pub(crate) use append::rows as append;
pub(crate) use install::rows as install;
pub(crate) use lists::rows as lists;
pub(crate) use verify::rows as verify;
