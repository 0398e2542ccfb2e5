//! Acts of people, done again from the journal.

use serde::Deserialize;

use super::epoch;
use crate::{
    cases, checks, devices,
    error::{Error, Result},
    import, outlines, registration, review,
    store::Tx,
    versions,
};

/// Does an act again at the time when it happened. Acts that left nothing but their own entry are
/// passed over.
pub(super) fn again(
    tx: &mut Tx<'_>,
    act: &str,
    object: &str,
    by: &str,
    reason: &str,
) -> Result<()> {
    if cases::replay(tx, act, object, by, reason)?
        || checks::replay(tx, act, object, by, reason)?
        || versions::again(tx, act, object, by)?
    {
        return Ok(());
    }
    if registration::again(tx, act, object, by, reason)? {
        return Ok(());
    }
    match act {
        epoch::ACT => {
            #[derive(Deserialize)]
            struct Object {
                epoch: u64,
            }
            let object: Object = read(object)?;
            epoch::raise(tx, object.epoch)
        }
        review::REOPEN => review::reopen_again(tx, object),
        review::MERGE => review::merge_again(tx, object),
        review::UNMERGE => review::unmerge_again(tx, object),
        review::TAKE_OVER => review::take_over_again(tx, object),
        review::TELL_APART => {
            let by = review::By {
                person: by.to_owned(),
                reason: reason.to_owned(),
            };
            review::tell_apart_again(tx, object, &by)
        }
        outlines::ACT => outlines::again(tx, object, by),
        import::ACT => import::replay(tx.conn(), object),
        devices::TASK_GIVEN => devices::give_again(tx, object),
        _ => Ok(()),
    }
}

fn read<T: for<'a> Deserialize<'a>>(object: &str) -> Result<T> {
    serde_json::from_str(object).map_err(|_| Error::Internal("an act's object cannot be read"))
}
