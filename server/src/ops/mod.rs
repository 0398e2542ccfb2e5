//! What operators do: backup, restore, rebuild, verify.

mod acts;
mod replay;

pub(crate) use replay::replay_rest;
