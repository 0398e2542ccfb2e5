//! Pictures that offices add to a case. They lie under a key of the case's own, as those of
//! records do under theirs, and are shown to whoever may see the case.

use rusqlite::Connection;
use sync_core::{RecordId, Sha256};

use super::act;
use crate::{
    error::{Error, Result},
    identity::Principal,
    uploads,
};

/// Pictures of one case at most.
const MAX_FILES: u32 = 200;

/// What a case's pictures are filed under, and its grid: for whoever of an office may add one.
pub fn may_add(conn: &Connection, uid: &str, who: &Principal) -> Result<(RecordId, String)> {
    let case = act::visible(conn, uid, who)?;
    if !who.role.is_office() {
        return Err(Error::Forbidden("offices add pictures"));
    }
    if case.state.is_final() {
        return Err(Error::Conflict("the case has ended"));
    }
    let of = RecordId(case.uid);
    if uploads::count_of(conn, &of)? >= MAX_FILES {
        return Err(Error::Conflict("a case has at most 200 pictures"));
    }
    Ok((of, case.grid))
}

/// The same for whoever may look at one.
pub fn may_see(
    conn: &Connection,
    uid: &str,
    sha256: &Sha256,
    who: &Principal,
) -> Result<(RecordId, String)> {
    let case = act::visible(conn, uid, who)?;
    let of = RecordId(case.uid);
    uploads::find_file(conn, &of, sha256)?.ok_or(Error::NotFound("file"))?;
    Ok((of, case.grid))
}
