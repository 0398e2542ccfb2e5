//! An upload's life: announced, received piece by piece, checked as a whole, settled.

use std::path::{Path, PathBuf};

use sync_core::{Sha256, limits::MAX_ATTACHMENT_BYTES};

use super::{
    Address, Announced, container,
    folder::{Place, make_parent, settle},
    kind, record_of, rows,
    rows::Upload,
};
use crate::{
    app::App,
    error::{Error, Result},
    keys::RecordKey,
};

/// Uploads that one round of [`expire`] takes away at most.
const EXPIRED_AT_ONCE: usize = 500;

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Bytes that the server has.
    pub received: u64,
    /// Bytes that the file has.
    pub bytes: u64,
    /// Whether the file counts: nothing is left to send.
    pub whole: bool,
    /// Whether the upload was begun just now.
    pub new: bool,
    /// When it expires, server time, ms; none once it is whole.
    pub expires_ms: Option<i64>,
}

impl Begun {
    const fn whole(bytes: u64) -> Self {
        Self {
            received: bytes,
            bytes,
            whole: true,
            new: false,
            expires_ms: None,
        }
    }
}

/// Begins an upload, or finds the one that was begun, or the file itself.
pub async fn begin(app: &App, at: Address, announced: Announced) -> Result<Begun> {
    check(&announced)?;
    let key = key_of(app, at).await?;
    if let Some(begun) = standing(app, at).await? {
        if begun.bytes != announced.bytes {
            return Err(Error::invalid(
                "Upload-Length",
                "not the length of this file",
            ));
        }
        return if begun.received == begun.bytes && !begun.whole {
            // The power failed after its last piece.
            finish(app, at).await
        } else {
            Ok(begun)
        };
    }
    room(app, at, announced.bytes).await?;
    let path = partial(app, &at);
    let about = container::About {
        sha256: at.sha256,
        bytes: announced.bytes,
        media: announced.media.clone(),
        device: at.device,
        begun_ms: app.core().now_ms(),
    };
    let stored = blocking(move || {
        make_parent(&path)?;
        container::create(&path, &at.record, &about, key.as_ref())
    })
    .await?;
    let upload = Upload {
        announced,
        received: 0,
        stored,
        pieces: 0,
        expires_ms: 0,
    };
    let begun = put(app, at, upload).await?;
    Ok(Begun { new: true, ..begun })
}

/// Where an upload or file stands.
pub async fn offset(app: &App, at: Address) -> Result<Begun> {
    key_of(app, at).await?;
    standing(app, at).await?.ok_or(Error::NotFound("upload"))
}

/// Takes the next piece. [`Error::Conflict`] if it does not begin where the server stands.
pub async fn append(app: &App, at: Address, from: u64, piece: Vec<u8>) -> Result<Begun> {
    let key = key_of(app, at).await?;
    let upload = app
        .read(move |conn| rows::find_upload(conn, &at))
        .await?
        .ok_or(Error::NotFound("upload"))?;
    if from != upload.received {
        return Err(Error::Conflict("Upload-Offset is not where it stands"));
    }
    let room = upload.announced.bytes.saturating_sub(upload.received);
    if piece.len() as u64 > room {
        return Err(Error::TooLarge("more bytes than Upload-Length"));
    }
    if from == 0 && piece.len() >= kind::TOLD_BY && kind::of(&piece).is_none() {
        cancel(app, at).await?;
        return Err(NO_PICTURE);
    }
    let (path, number) = (partial(app, &at), upload.pieces + 1);
    let received = upload.received + piece.len() as u64;
    let before = upload.stored;
    let written =
        blocking(move || container::append(&path, before, number, &piece, key.as_ref())).await;
    let stored = match written {
        Ok(stored) => stored,
        // What came before stands: it goes on when there is room.
        Err(full) if full.is_full() => return Err(full),
        Err(_) => {
            // A copy of the data that has the row and not the file, for one.
            cancel(app, at).await?;
            return Err(LOST);
        }
    };
    let upload = Upload {
        received,
        stored,
        pieces: number,
        ..upload
    };
    let begun = put(app, at, upload).await?;
    if begun.received == begun.bytes {
        finish(app, at).await
    } else {
        Ok(begun)
    }
}

/// Gives an upload up. Whether there was one.
pub async fn cancel(app: &App, at: Address) -> Result<bool> {
    let dropped = app.write(move |tx| rows::drop_upload(tx, &at)).await?;
    let path = partial(app, &at);
    blocking(move || remove(&path)).await?;
    Ok(dropped)
}

/// Takes away what waited too long: for the nightly run. How many there were.
pub async fn expire(app: &App) -> Result<usize> {
    let now_ms = app.core().now_ms();
    let mut count = 0;
    loop {
        let over = app
            .read(move |conn| rows::expired(conn, now_ms, EXPIRED_AT_ONCE))
            .await?;
        let last = over.len() < EXPIRED_AT_ONCE;
        for at in over {
            count += usize::from(cancel(app, at).await?);
        }
        if last {
            return Ok(count);
        }
    }
}

const NO_PICTURE: Error = Error::Unsupported("not a picture of a type that is taken");
const LOST: Error = Error::Conflict("the upload was lost: begin again");

/// All has come: is it what was announced?
async fn finish(app: &App, at: Address) -> Result<Begun> {
    let key = key_of(app, at).await?;
    let from = partial(app, &at);
    let to = place(app).whole(app.core(), &at.record, &at.sha256);
    let checked = blocking(move || {
        // A file that is in its place already was checked before the power failed.
        let begun = if from.is_file() { &from } else { &to };
        let (about, bytes) = container::read(begun, key.as_ref())?;
        let fault = fault_of(&at, &about, &bytes);
        if fault.is_none() && begun == &from {
            settle(&from, &to)?;
        }
        Ok((about, fault))
    })
    .await;
    let fault = match checked {
        Ok((about, None)) => return keep(app, at, about).await,
        Ok((_, Some(fault))) => fault,
        Err(full) if full.is_full() => return Err(full),
        Err(error) => {
            tracing::warn!(%error, "an upload was dropped");
            LOST
        }
    };
    cancel(app, at).await?;
    Err(fault)
}

/// The file counts from now on.
async fn keep(app: &App, at: Address, about: container::About) -> Result<Begun> {
    let bytes = about.bytes;
    app.write(move |tx| {
        rows::insert_file(tx, &at.record, &about)?;
        rows::drop_upload(tx, &at)
    })
    .await?;
    app.metrics().files_stored.inc();
    Ok(Begun::whole(bytes))
}

/// What is wrong with a file that has come whole.
fn fault_of(at: &Address, about: &container::About, bytes: &[u8]) -> Option<Error> {
    if Sha256::of(bytes) != at.sha256 {
        return Some(Error::invalid("sha256", "not that of what was sent"));
    }
    match kind::of(bytes) {
        None => Some(NO_PICTURE),
        Some(found) if found != about.media => Some(Error::Unsupported(
            "the content is of another type than announced",
        )),
        Some(_) => None,
    }
}

/// Notes how far an upload is.
async fn put(app: &App, at: Address, upload: Upload) -> Result<Begun> {
    let (received, bytes) = (upload.received, upload.announced.bytes);
    let expires_ms = app
        .write(move |tx| rows::put_upload(tx, &at, &upload))
        .await?;
    Ok(Begun {
        received,
        bytes,
        whole: false,
        new: false,
        expires_ms: Some(expires_ms),
    })
}

async fn standing(app: &App, at: Address) -> Result<Option<Begun>> {
    app.read(move |conn| {
        if let Some(file) = rows::find_file(conn, &at.record, &at.sha256)? {
            return Ok(Some(Begun::whole(file.bytes)));
        }
        let upload = rows::find_upload(conn, &at)?;
        Ok(upload.map(|upload| Begun {
            received: upload.received,
            bytes: upload.announced.bytes,
            whole: false,
            new: false,
            expires_ms: Some(upload.expires_ms),
        }))
    })
    .await
}

fn check(announced: &Announced) -> Result<()> {
    if announced.bytes == 0 {
        return Err(Error::invalid("Upload-Length", "an empty file"));
    }
    if announced.bytes > MAX_ATTACHMENT_BYTES as u64 {
        return Err(Error::TooLarge("Upload-Length"));
    }
    if !kind::TAKEN.contains(&announced.media.as_str()) {
        return Err(Error::Unsupported("JPEG, PNG, WebP and HEIC are taken"));
    }
    Ok(())
}

/// Whether there is room for so many bytes more.
async fn room(app: &App, at: Address, bytes: u64) -> Result<()> {
    let config = app.config();
    let (of_all, of_device) = (config.max_files_bytes, config.max_device_upload_bytes);
    app.read(move |conn| {
        if rows::announced_by(conn, at.device)?.saturating_add(bytes) > of_device {
            return Err(Error::TooMany {
                retry_after_ms: 600_000,
            });
        }
        if rows::totals(conn)?.0.saturating_add(bytes) > of_all {
            return Err(Error::Full);
        }
        Ok(())
    })
    .await
}

async fn key_of(app: &App, at: Address) -> Result<Option<RecordKey>> {
    let (other, core) = (app.clone(), app.core().clone());
    app.read(move |conn| record_of(&other, conn, &core, at.device, &at.record))
        .await
}

fn place(app: &App) -> Place {
    Place::new(&app.config().data)
}

fn partial(app: &App, at: &Address) -> PathBuf {
    place(app).partial(app.core(), at)
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Files are read and written on threads that may block.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Internal("work on a file failed"))?
}
