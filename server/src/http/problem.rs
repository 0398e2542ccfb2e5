//! Errors as RFC 9457 problem details: the one place where an [`Error`] becomes HTTP.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::words;
use crate::{error::Error, records::values::Words};

/// A problem details object. `type` is a path of docs/API.md; `detail` is fixed words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// What kind of problem: `/problems/stale`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Which one, as a code that stays as long as it means the same: that of `detail`, else the
    /// last part of `type`.
    pub code: String,
    /// The same for people, in both languages.
    pub words: Words,
    /// The type in English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to know about this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The field or row at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl Problem {
    /// A problem of this status; `name` is the last part of its type.
    pub fn new(status: StatusCode, name: &str, title: &str) -> Self {
        Self {
            kind: format!("/problems/{name}"),
            code: name.to_owned(),
            words: words::of_type(name, title),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
            at: None,
        }
    }

    /// The same with what is said of this one case.
    fn saying(mut self, said: &'static str) -> Self {
        self.code = words::code(said);
        self.words = words::of_case(said, &self.words);
        self
    }

    /// The same with words on this one.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        (status, [(header::CONTENT_TYPE, kind)], body).into_response()
    }
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        use StatusCode as S;
        let (status, name, title) = match error {
            Error::NotFound(_) => (S::NOT_FOUND, "not-found", "Not found"),
            Error::Forbidden(_) => (S::FORBIDDEN, "forbidden", "Not allowed"),
            Error::Unauthenticated(_) => (S::UNAUTHORIZED, "unauthenticated", "Not signed in"),
            Error::Conflict(_) => (S::CONFLICT, "conflict", "Not possible now"),
            Error::Stale => (S::PRECONDITION_FAILED, "stale", "Changed meanwhile"),
            Error::NeedsVersion => (
                S::PRECONDITION_REQUIRED,
                "needs-version",
                "If-Match is needed",
            ),
            Error::Invalid { .. } => (S::UNPROCESSABLE_ENTITY, "invalid", "Not acceptable"),
            Error::Malformed(_) => (S::BAD_REQUEST, "malformed", "Cannot be read"),
            Error::TooLarge(_) => (S::PAYLOAD_TOO_LARGE, "too-large", "Too large"),
            Error::Unsupported(_) => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "unsupported",
                "Type of content not taken",
            ),
            Error::Gone(_) => (S::GONE, "gone", "Gone"),
            Error::Busy { .. } => (S::SERVICE_UNAVAILABLE, "busy", "Busy"),
            Error::TooMany { .. } => (S::TOO_MANY_REQUESTS, "too-many", "Too many attempts"),
            error if error.is_full() => (S::INSUFFICIENT_STORAGE, "full", "No room is left"),
            Error::Full
            | Error::Storage(_)
            | Error::Format(_)
            | Error::State(_)
            | Error::Io(_)
            | Error::Internal(_) => (
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "A fault of the server",
            ),
        };
        let mut problem = Self::new(status, name, title);
        match error {
            // What failed inside is for the log, not for the asker.
            _ if status.is_server_error() => {}
            Error::Invalid { at, reason } => {
                problem = problem.saying(reason);
                problem.at = Some(at.clone());
                problem.detail = Some((*reason).to_owned());
            }
            Error::Forbidden(said)
            | Error::Unauthenticated(said)
            | Error::Conflict(said)
            | Error::Malformed(said)
            | Error::TooLarge(said)
            | Error::Unsupported(said) => {
                problem = problem.saying(said);
                problem.detail = Some(error.to_string());
            }
            other => problem.detail = Some(other.to_string()),
        }
        problem
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let problem = Problem::from(&self);
        if problem.status == 500 || (self.is_full() && !matches!(self, Self::Full)) {
            tracing::error!(error = %self, "a request failed");
        }
        let mut response = problem.into_response();
        if let Self::Busy { retry_after_ms } | Self::TooMany { retry_after_ms } = self {
            let seconds = retry_after_ms.div_ceil(1_000).max(1);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_no_fault_of_the_program() {
        let disk = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
        for full in [
            Error::Full,
            Error::Io(disk),
            Error::Storage(rusqlite::Error::SqliteFailure(code, None)),
        ] {
            let problem = Problem::from(&full);
            assert_eq!(
                (problem.status, problem.kind.as_str()),
                (507, "/problems/full")
            );
            assert_eq!(problem.detail, None);
        }
        let other = Error::Io(std::io::Error::from(std::io::ErrorKind::PermissionDenied));
        assert_eq!(Problem::from(&other).status, 500);
    }

    #[test]
    fn what_failed_inside_is_not_told() {
        let error = Error::Internal("a cog came off");
        let body = serde_json::to_string(&Problem::from(&error)).unwrap();
        assert!(!body.contains("cog"), "{body}");
    }
}
