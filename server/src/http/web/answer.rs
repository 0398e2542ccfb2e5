//! One embedded file as an answer: its type, its compressed form, how long it may be kept.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use rust_embed::{Embed, EmbeddedFile};

/// Names of files whose content is in their name: they never change.
const HASHED: &str = "assets/";
const FOREVER: &str = "public, max-age=31536000, immutable";
/// The browser asks each time whether there is another.
const ASK: &str = "no-cache";

/// The file at `path`, if there is one. Where the build left a file compressed with brotli beside it
/// (`….br`), that goes to those who take it.
pub(super) fn answer<F: Embed>(path: &str, asked: &HeaderMap, policy: &str) -> Option<Response> {
    // The compressed forms are not files of their own.
    if path.strip_suffix(".br").is_some() {
        return None;
    }
    let plain = F::get(path)?;
    let tag = tag(&plain);
    let (file, compressed) = match F::get(&format!("{path}.br")) {
        Some(file) if takes_brotli(asked) => (file, true),
        _ => (plain, false),
    };
    let mut answer = if asked.get(header::IF_NONE_MATCH) == Some(&tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.data.into_response()
    };
    let kept = if path.starts_with(HASHED) {
        FOREVER
    } else {
        ASK
    };
    let headers = answer.headers_mut();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, media_type(path));
    put(header::CACHE_CONTROL, kept);
    put(header::VARY, "accept-encoding");
    put(header::CONTENT_SECURITY_POLICY, policy);
    put(
        HeaderName::from_static("permissions-policy"),
        "camera=(self), geolocation=(self), microphone=()",
    );
    if compressed {
        put(header::CONTENT_ENCODING, "br");
    }
    headers.insert(header::ETAG, tag);
    Some(answer)
}

fn takes_brotli(asked: &HeaderMap) -> bool {
    let mut values = asked.get_all(header::ACCEPT_ENCODING).iter();
    values.any(|value| {
        let mut codings = value.to_str().unwrap_or_default().split(',');
        codings.any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            parts.next() == Some("br") && !parts.any(|q| matches!(q, "q=0" | "q=0.0"))
        })
    })
}

fn tag(file: &EmbeddedFile) -> HeaderValue {
    let hash = file.metadata.sha256_hash();
    let text = crate::hex::hex(hash.get(..12).unwrap_or(&hash));
    // Hex between quotes is a header's value.
    HeaderValue::from_str(&format!("\"{text}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// Types of what the builds make; anything else is not to be guessed at.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use rust_embed::Metadata;

    use super::*;

    struct Two;

    impl Embed for Two {
        fn get(path: &str) -> Option<EmbeddedFile> {
            let data: &'static [u8] = match path {
                "index.html" => b"<p>plain</p>",
                "assets/core-1a2b.wasm" => b"\0asm",
                "assets/core-1a2b.wasm.br" => b"br",
                _ => return None,
            };
            Some(EmbeddedFile {
                data: Cow::Borrowed(data),
                metadata: Metadata::__rust_embed_new([7; 32], None, None),
            })
        }

        fn iter() -> impl Iterator<Item = Cow<'static, str>> + 'static {
            std::iter::empty()
        }
    }

    fn asked(name: &'static str, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        headers
    }

    fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
        answer
            .headers()
            .get(name)
            .map_or("", |v| v.to_str().unwrap())
    }

    #[test]
    fn who_takes_brotli_gets_it_and_others_the_file() {
        let wasm = "assets/core-1a2b.wasm";
        for (coding, given) in [("gzip, br", "br"), ("gzip", ""), ("br;q=0", "")] {
            let answer = answer::<Two>(wasm, &asked("accept-encoding", coding), "p").unwrap();
            assert_eq!(header(&answer, "content-encoding"), given, "{coding}");
            assert_eq!(header(&answer, "content-type"), "application/wasm");
            assert!(header(&answer, "cache-control").contains("immutable"));
        }
    }

    #[test]
    fn a_page_is_asked_for_each_time_and_sent_once() {
        let first = answer::<Two>("index.html", &HeaderMap::new(), "p").unwrap();
        assert_eq!(header(&first, "cache-control"), "no-cache");
        assert_eq!(header(&first, "content-security-policy"), "p");
        let mut again = HeaderMap::new();
        again.insert("if-none-match", first.headers()["etag"].clone());
        let again = answer::<Two>("index.html", &again, "p").unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn compressed_forms_and_other_paths_are_no_files() {
        for path in ["assets/core-1a2b.wasm.br", "../Cargo.toml", "", "assets/"] {
            assert!(
                answer::<Two>(path, &HeaderMap::new(), "p").is_none(),
                "{path}"
            );
        }
    }
}
