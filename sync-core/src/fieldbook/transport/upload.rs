//! Sends attached files, resumably, after the text (tus 1.0).

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    super::{Attachment, Fieldbook, FieldbookError},
    Method, Request, Response, SignedLink, Signer, SyncError, Transport, TransportError, Waiter,
};
use crate::{ids::Sha256, limits::ATTACHMENT_PIECE_BYTES, sync::SessionError};

const BEGIN: &str = "/v1/files";
const PIECE: &str = "application/offset+octet-stream";
const VERSION: (&str, &str) = ("tus-resumable", "1.0.0");
/// Answers in a row that bring a file no further.
const STUCK: u32 = 5;

/// What became of the files that waited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// Files that the server has whole.
    pub done: u32,
    /// Files that it cannot take now: their record is not there yet, or there is no room. They
    /// stay, for the next time.
    pub later: u32,
    /// Files that it will not take, each with the HTTP status that says why. They stay, for the
    /// person to take out or to photograph again.
    pub refused: Vec<(Attachment, u16)>,
}

/// Where the files that wait are kept: an open fieldbook, or one that is shared and locked for
/// each of these calls.
pub trait Files {
    /// Files that the server does not have whole.
    fn pending(&mut self) -> Result<Vec<Attachment>, FieldbookError>;
    /// One piece of a file; none past its end.
    fn piece(&mut self, file: &Attachment, piece: usize)
    -> Result<Option<Vec<u8>>, FieldbookError>;
    /// Notes, durably, how much of the file the server has, as the file says.
    fn uploaded(&mut self, file: &Attachment) -> Result<(), FieldbookError>;
}

impl Files for Fieldbook {
    fn pending(&mut self) -> Result<Vec<Attachment>, FieldbookError> {
        self.pending_attachments()
    }

    fn piece(
        &mut self,
        file: &Attachment,
        piece: usize,
    ) -> Result<Option<Vec<u8>>, FieldbookError> {
        self.attachment_piece(&file.record, &file.sha256, piece)
    }

    fn uploaded(&mut self, file: &Attachment) -> Result<(), FieldbookError> {
        self.attachment_uploaded(&file.record, &file.sha256, file.uploaded)
    }
}

/// Sends what waits, one file after the other; `progress` hears of each as it goes on. What was
/// sent is not sent again, whenever this ends.
pub async fn upload<T, S, W, F, P>(
    link: &SignedLink<'_, T, S, W>,
    files: &mut F,
    progress: &mut P,
) -> Result<Uploaded, SyncError<FieldbookError>>
where
    T: Transport,
    S: Signer,
    W: Waiter,
    F: Files,
    P: FnMut(&Attachment) + ?Sized,
{
    let mut report = Uploaded::default();
    let mut pending = files.pending().map_err(own)?.into_iter();
    while let Some(mut file) = pending.next() {
        match one(link, files, &mut file, progress).await {
            Ok(None) => report.done += 1,
            // As much as one device may have begun: the others need not ask.
            Err(SyncError::Transport(TransportError::Status { code: 429, .. })) | Ok(Some(429)) => {
                report.later += 1 + u32::try_from(pending.len()).unwrap_or(u32::MAX - 1);
                break;
            }
            Ok(Some(404 | 409 | 507)) => report.later += 1,
            Ok(Some(status)) => report.refused.push((file, status)),
            Err(error) => return Err(error),
        }
    }
    Ok(report)
}
fn own(error: FieldbookError) -> SyncError<FieldbookError> {
    SyncError::Session(SessionError::Desk(error))
}

/// Sends one file; the status with which it was refused, if it was.
async fn one<T, S, W, F, P>(
    link: &SignedLink<'_, T, S, W>,
    files: &mut F,
    file: &mut Attachment,
    progress: &mut P,
) -> Result<Option<u16>, SyncError<FieldbookError>>
where
    T: Transport,
    S: Signer,
    W: Waiter,
    F: Files,
    P: FnMut(&Attachment) + ?Sized,
{
    let mut answer = link.call(&begin(file)).await?;
    let mut stuck = 0;
    loop {
        let before = file.uploaded;
        match offset(&answer) {
            // Another place than it was at: an answer was lost, or another attempt went before.
            Some(at) if answer.status < 300 || answer.status == 409 => file.uploaded = at,
            _ if answer.status == 460 => {}
            _ if answer.status >= 400 => return Ok(Some(answer.status)),
            _ => return Err(TransportError::Intercepted.into()),
        }
        files.uploaded(file).map_err(own)?;
        progress(file);
        if file.uploaded >= file.bytes {
            return Ok(None);
        }
        stuck = if file.uploaded > before { 0 } else { stuck + 1 };
        if stuck > STUCK {
            return Ok(Some(answer.status));
        }
        let piece = piece(files, file)?;
        let path = format!("{BEGIN}/{}/{}", file.record, file.sha256);
        let checksum = format!("sha256 {}", STANDARD.encode(Sha256::of(&piece).0));
        let request = Request {
            content_type: Some(PIECE),
            body: piece,
            ..Request::new(Method::Patch, &path)
        }
        .with_header(VERSION.0, VERSION.1)
        .with_header("upload-offset", file.uploaded.to_string())
        .with_header("upload-checksum", checksum);
        answer = link.call(&request).await?;
    }
}

fn begin(file: &Attachment) -> Request<'static> {
    let said = |text: &str| STANDARD.encode(text);
    let metadata = format!(
        "record {},sha256 {},filetype {}",
        said(&file.record.to_string()),
        said(&file.sha256.to_string()),
        said(&file.media),
    );
    Request::new(Method::Post, BEGIN)
        .with_header(VERSION.0, VERSION.1)
        .with_header("upload-length", file.bytes.to_string())
        .with_header("upload-metadata", metadata)
}

/// What is sent next: to the end of the piece of the store that the offset lies in.
fn piece<F: Files>(files: &mut F, file: &Attachment) -> Result<Vec<u8>, SyncError<FieldbookError>> {
    let at = usize::try_from(file.uploaded).unwrap_or(usize::MAX);
    let mut piece = files
        .piece(file, at / ATTACHMENT_PIECE_BYTES)
        .map_err(own)?
        .unwrap_or_default();
    piece.drain(..(at % ATTACHMENT_PIECE_BYTES).min(piece.len()));
    if piece.is_empty() {
        return Err(own(FieldbookError::Damaged("attachment_piece")));
    }
    Ok(piece)
}

fn offset(answer: &Response) -> Option<u64> {
    answer.header("upload-offset")?.trim().parse().ok()
}
