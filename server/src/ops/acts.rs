//! Acts of people, done again from the journal.

use crate::{error::Result, import, store::Tx};

/// Does an act again at the time when it happened. Acts that left nothing but their own entry are
/// passed over.
pub(super) fn again(
    tx: &mut Tx<'_>,
    act: &str,
    object: &str,
    by: &str,
    reason: &str,
) -> Result<()> {
    let _ = (by, reason);
    match act {
        import::ACT => import::replay(tx.conn(), object),
        _ => Ok(()),
    }
}
