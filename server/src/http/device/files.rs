//! Files over tus 1.0: /v1/files to begin, /v1/files/{record}/{sha256} to go on, look and fetch.
//!
//! An upload's address is that of its file, so a phone that forgot it finds it again. Of tus:
//! core, creation, checksum (sha256), termination, expiration.

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use sync_core::{RecordId, Sha256, limits::MAX_ATTACHMENT_BYTES};

use super::Caller;
use crate::{
    app::App,
    error::{Error, Result},
    http::{Edge, problem::Problem},
    uploads::{self, Address, Announced, Begun},
};

const VERSION: &str = "1.0.0";

/// OPTIONS: what is spoken here.
pub(super) async fn options() -> Response {
    let most = MAX_ATTACHMENT_BYTES.to_string();
    let extensions = "creation,checksum,termination,expiration";
    let headers = [
        ("tus-resumable", VERSION),
        ("tus-version", VERSION),
        ("tus-extension", extensions),
        ("tus-max-size", most.as_str()),
        ("tus-checksum-algorithm", "sha256"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Everything but fetching a file is tus, of one version.
pub(super) async fn version(request: Request, next: Next) -> Response {
    let named = request.headers().get("tus-resumable");
    let ours = named.is_some_and(|version| version == VERSION);
    if ours || request.method() == Method::GET {
        return next.run(request).await;
    }
    let problem = Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "tus-version",
        "Tus-Resumable: 1.0.0 is needed",
    );
    let named = HeaderName::from_static("tus-version");
    ([(named, HeaderValue::from_static(VERSION))], problem).into_response()
}

/// POST /v1/files: begins an upload, or finds how far it is.
pub(super) async fn create(
    State(app): State<App>,
    Extension(edge): Extension<Edge>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response> {
    if !body.is_empty() {
        return Err(Error::Malformed("creation takes no bytes of the file"));
    }
    let bytes = number(&headers, "upload-length")?;
    let told = Told::read(text(&headers, "upload-metadata")?)?;
    let at = Address {
        device: caller.device,
        record: told.record,
        sha256: told.sha256,
    };
    let announced = Announced {
        bytes,
        media: told.media,
    };
    let _lane = edge.uploads().of(&at).lock_owned().await;
    let begun = uploads::begin(&app, at, announced).await?;
    let status = if begun.new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let location = format!("/v1/files/{}/{}", at.record, at.sha256);
    let mut response = standing(status, &begun);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// HEAD: how far an upload is.
pub(super) async fn head(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(path): Path<(String, String)>,
) -> Result<Response> {
    let begun = uploads::offset(&app, address(caller, &path)?).await?;
    Ok(standing(StatusCode::OK, &begun))
}

/// PATCH: the next piece.
pub(super) async fn patch(
    State(app): State<App>,
    Extension(edge): Extension<Edge>,
    Extension(caller): Extension<Caller>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response> {
    if text(&headers, "content-type")? != "application/offset+octet-stream" {
        return Err(Error::Unsupported(
            "application/offset+octet-stream is needed",
        ));
    }
    let from = number(&headers, "upload-offset")?;
    if headers.contains_key("upload-checksum")
        && !matches(text(&headers, "upload-checksum")?, &body)?
    {
        return Ok(checksum_mismatch());
    }
    let at = address(caller, &path)?;
    let _lane = edge.uploads().of(&at).lock_owned().await;
    // What stood here may be whole by now: an answer that was lost, a piece sent twice.
    let before = uploads::offset(&app, at).await?;
    if from != before.received || before.whole {
        return Ok(elsewhere(&before));
    }
    match uploads::append(&app, at, from, body.to_vec()).await {
        Ok(begun) => Ok(standing(StatusCode::NO_CONTENT, &begun)),
        Err(Error::Invalid { at, .. }) if at == "sha256" => Ok(checksum_mismatch()),
        Err(other) => Err(other),
    }
}

/// DELETE: gives an upload up. A file that is whole stays.
pub(super) async fn delete(
    State(app): State<App>,
    Extension(edge): Extension<Edge>,
    Extension(caller): Extension<Caller>,
    Path(path): Path<(String, String)>,
) -> Result<Response> {
    let at = address(caller, &path)?;
    let _lane = edge.uploads().of(&at).lock_owned().await;
    if uploads::cancel(&app, at).await? {
        Ok((StatusCode::NO_CONTENT, [tus()]).into_response())
    } else {
        Err(Error::NotFound("upload"))
    }
}

/// GET: the file itself, for a device that may pull and holds the record's grid.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(path): Path<(String, String)>,
) -> Result<Response> {
    let at = address(caller, &path)?;
    super::standing::need_record(&app, at.device, &at.record).await?;
    let (file, bytes) = uploads::read(&app, at.record, at.sha256).await?;
    Ok(picture(&file.media, bytes))
}

/// A picture as an answer: never anything that a browser would run.
pub(in crate::http) fn picture(media: &str, bytes: Vec<u8>) -> Response {
    let kind = HeaderValue::from_str(media)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let alone = HeaderValue::from_static("default-src 'none'; sandbox");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, alone),
    ];
    (headers, bytes).into_response()
}

/// What Upload-Metadata says.
struct Told {
    record: RecordId,
    sha256: Sha256,
    media: String,
}

impl Told {
    fn read(text: &str) -> Result<Self> {
        const FORM: Error = Error::Malformed("Upload-Metadata needs record, sha256 and filetype");
        let mut found = [None, None, None];
        for pair in text.split(',') {
            let (key, value) = pair.trim().split_once(' ').ok_or(FORM)?;
            let to = match key {
                "record" => &mut found[0],
                "sha256" => &mut found[1],
                "filetype" => &mut found[2],
                // What another client adds is not for us.
                _ => continue,
            };
            let value = STANDARD.decode(value).map_err(|_| FORM)?;
            let value = String::from_utf8(value).map_err(|_| FORM)?;
            if to.replace(value).is_some() {
                return Err(FORM);
            }
        }
        let [Some(record), Some(sha256), Some(media)] = found else {
            return Err(FORM);
        };
        Ok(Self {
            record: RecordId::parse(&record).ok_or(FORM)?,
            sha256: Sha256::parse(&sha256).ok_or(FORM)?,
            media,
        })
    }
}

fn address(caller: Caller, (record, sha256): &(String, String)) -> Result<Address> {
    Ok(Address {
        device: caller.device,
        record: RecordId::parse(record).ok_or(Error::NotFound("file"))?,
        sha256: Sha256::parse(sha256).ok_or(Error::NotFound("file"))?,
    })
}

fn text<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<&'h str> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| Error::invalid(name, "is needed"))
}

fn number(headers: &HeaderMap, name: &'static str) -> Result<u64> {
    let text = text(headers, name)?;
    let plain = text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = plain.then(|| text.parse().ok()).flatten();
    number.ok_or_else(|| Error::invalid(name, "a number of bytes"))
}

/// Whether an Upload-Checksum is that of a piece.
fn matches(checksum: &str, piece: &[u8]) -> Result<bool> {
    let (algorithm, value) = checksum
        .split_once(' ')
        .ok_or_else(|| Error::invalid("upload-checksum", "an algorithm and a value"))?;
    if algorithm != "sha256" {
        return Err(Error::invalid("upload-checksum", "sha256 alone is known"));
    }
    Ok(STANDARD
        .decode(value)
        .is_ok_and(|value| value == Sha256::of(piece).0))
}

fn tus() -> (HeaderName, HeaderValue) {
    (
        HeaderName::from_static("tus-resumable"),
        HeaderValue::from_static(VERSION),
    )
}

/// Where an upload stands.
fn standing(status: StatusCode, begun: &Begun) -> Response {
    let mut response = (status, [tus()]).into_response();
    let headers = response.headers_mut();
    headers.insert("upload-offset", HeaderValue::from(begun.received));
    headers.insert("upload-length", HeaderValue::from(begun.bytes));
    if let Some(expires) = begun.expires_ms.and_then(http_date) {
        headers.insert("upload-expires", expires);
    }
    response
}

fn http_date(ms: i64) -> Option<HeaderValue> {
    let time = Timestamp::from_millisecond(ms).ok()?;
    let text = DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&time)
        .ok()?;
    HeaderValue::from_str(&text).ok()
}

/// The piece does not begin where the upload stands; the headers say where that is.
fn elsewhere(begun: &Begun) -> Response {
    let problem = Problem::new(
        StatusCode::CONFLICT,
        "offset",
        "Upload-Offset is not where the upload stands",
    );
    let mut response = problem.into_response();
    let headers = response.headers_mut();
    headers.insert("upload-offset", HeaderValue::from(begun.received));
    headers.insert("upload-length", HeaderValue::from(begun.bytes));
    let (name, version) = tus();
    headers.insert(name, version);
    response
}

/// tus's own status: the bytes are not those that were announced.
fn checksum_mismatch() -> Response {
    let status = StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST);
    Problem::new(status, "checksum", "The bytes are not those announced").into_response()
}
