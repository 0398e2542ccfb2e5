//! The session's cookie: `__Host-gridbook` over https, `gridbook` on this machine itself.
//!
//! The server speaks plain HTTP behind a proxy that ends TLS and says so in `X-Forwarded-Proto`. A
//! browser that says it itself harms nobody but its own cookie.

use axum::http::{HeaderMap, HeaderValue, Uri, header};

use crate::error::{Error, Result};

const SECURE: &str = "__Host-gridbook";
const LOCAL: &str = "gridbook";

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Over https.
    Secure,
    /// Plain, to this machine itself.
    Local,
    /// Plain, over a network.
    Open,
}

/// How a request came.
pub(super) fn way(headers: &HeaderMap, uri: &Uri) -> Way {
    let proto = headers.get("x-forwarded-proto");
    if proto.is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https")) {
        return Way::Secure;
    }
    let host = host(headers, uri).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    match name {
        Some("localhost" | "127.0.0.1" | "::1") => Way::Local,
        _ => Way::Open,
    }
}

/// The host that was asked for, with its port.
pub(super) fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let header = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    header.or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
}

/// The token in the request's cookie.
pub(super) fn token(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let name = match way(headers, uri) {
        Way::Secure => SECURE,
        Way::Local => LOCAL,
        Way::Open => return None,
    };
    let lines = headers.get_all(header::COOKIE).iter();
    let mut cookies = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='));
    let (_, token) = cookies.find(|(given, _)| *given == name)?;
    Some(token.to_owned())
}

/// `Set-Cookie` with a token; without one the cookie goes.
pub(super) fn set(token: Option<&str>, way: Way) -> Result<HeaderValue> {
    let (name, secure) = match way {
        Way::Secure => (SECURE, "; Secure"),
        Way::Local => (LOCAL, ""),
        Way::Open => return Err(Error::Forbidden("signing in takes https")),
    };
    let (value, end) = token.map_or(("", "; Max-Age=0"), |token| (token, ""));
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{end}");
    HeaderValue::try_from(cookie).map_err(|_| Error::Internal("a cookie cannot be written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| ((*name).parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn the_plain_cookie_counts_on_this_machine_alone() {
        let uri = Uri::from_static("/api/v1/session");
        let given = |host, extra: &[(&'static str, &'static str)]| {
            let cookies = [("host", host), ("cookie", "gridbook=a; __Host-gridbook=b")];
            token(&headers(&[&cookies, extra].concat()), &uri)
        };
        assert_eq!(given("127.0.0.1:8080", &[]).as_deref(), Some("a"));
        assert_eq!(given("[::1]:8080", &[]).as_deref(), Some("a"));
        assert_eq!(given("grid.example", &[]), None);
        let https = [("x-forwarded-proto", "https")];
        assert_eq!(given("grid.example", &https).as_deref(), Some("b"));
    }

    #[test]
    fn no_cookie_is_set_over_an_open_line() {
        assert!(set(Some("t"), Way::Open).is_err());
        let secure = set(Some("t"), Way::Secure).unwrap();
        let wanted = "__Host-gridbook=t; Path=/; HttpOnly; SameSite=Strict; Secure";
        assert_eq!(secure, wanted);
    }
}
