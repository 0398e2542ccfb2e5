//! Files that come in one piece, of things that are no records: an office's pictures of a case.

use sync_core::{RecordId, Sha256, limits::MAX_ATTACHMENT_BYTES};

use super::{
    Address, MAX_PIECE_BYTES, StoredFile,
    container::{self, About},
    folder::{Place, make_parent, settle},
    kind, rows,
};
use crate::{
    app::App,
    error::{Error, Result},
    own::{OwnClass, own_device},
};

/// Keeps a picture under the key of `of`, which is made if there is none; its name and what it is.
/// The same bytes again are the same file.
pub async fn keep_whole(app: &App, of: RecordId, bytes: Vec<u8>) -> Result<(Sha256, StoredFile)> {
    if bytes.is_empty() {
        return Err(Error::invalid("file", "an empty file"));
    }
    if bytes.len() > MAX_ATTACHMENT_BYTES {
        return Err(Error::TooLarge("a picture of 4 MiB"));
    }
    let media = kind::of(&bytes).ok_or(Error::Unsupported("JPEG, PNG, WebP and HEIC are taken"))?;
    let sha256 = Sha256::of(&bytes);
    let (length, all) = (bytes.len() as u64, app.config().max_files_bytes);
    let known = app
        .read(move |conn| {
            if rows::totals(conn)?.0.saturating_add(length) > all {
                return Err(Error::Full);
            }
            rows::find_file(conn, &of, &sha256)
        })
        .await?;
    if let Some(known) = known {
        return Ok((sha256, known));
    }
    let core = app.core().clone();
    let key = core.keys().get_or_make(&of)?;
    core.keys().flush()?;
    let about = About {
        sha256,
        bytes: length,
        media: media.to_owned(),
        device: own_device(OwnClass::Office, core.epoch()),
        begun_ms: core.now_ms(),
    };
    let place = Place::new(&app.config().data);
    let at = Address {
        device: about.device,
        record: of,
        sha256,
    };
    // Two who send the same at once gather it one after the other.
    let lane = app.lane(about.device);
    let _turn = lane.lock().await;
    let kept = about.clone();
    let work = move || {
        let (from, to) = (place.partial(&core, &at), place.whole(&core, &of, &sha256));
        make_parent(&from)?;
        let mut stored = container::create(&from, &of, &kept, Some(&key))?;
        for (number, piece) in (1..).zip(bytes.chunks(MAX_PIECE_BYTES)) {
            stored = container::append(&from, stored, number, piece, Some(&key))?;
        }
        settle(&from, &to)
    };
    super::receive::blocking(work).await?;
    app.write(move |tx| {
        rows::insert_file(tx, &of, &about)?;
        let file = rows::find_file(tx.conn(), &of, &sha256)?;
        Ok((sha256, file.ok_or(Error::Internal("a file was not kept"))?))
    })
    .await
}

/// The bytes of such a file.
pub async fn read_whole(app: &App, of: RecordId, sha256: Sha256) -> Result<(StoredFile, Vec<u8>)> {
    let core = app.core().clone();
    let key = core.keys().get(&of)?;
    super::read_under(app, of, sha256, key).await
}
