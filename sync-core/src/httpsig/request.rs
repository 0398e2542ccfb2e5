//! A signed request: what is covered, the headers that say so, and the check.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use super::{ALGORITHM, Params, SignatureFault, signature_base};
use crate::{
    bundle::{SIGNATURE_LEN, verify_signature},
    ids::DeviceId,
};

/// Headers of an upload (tus 1.0) that are covered when the request carries them.
pub const UPLOAD_FIELDS: [&str; 3] = ["upload-length", "upload-metadata", "upload-offset"];

const LABEL: &str = "sig=";
const NONCE_LEN: usize = 16;

/// Whether requests of this method have a Content-Digest, also for an empty body.
pub fn needs_digest(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

/// The parts of a request that its signature covers.
#[derive(Clone, Debug)]
pub struct Covered<'a> {
    method: &'a str,
    path: &'a str,
    query: String,
    /// Covered fields, in the order in which they are signed.
    fields: Vec<(&'static str, &'a str)>,
}

impl<'a> Covered<'a> {
    /// What is covered of a request to `target` (path, and query if it has one), given how to
    /// read its headers.
    pub fn of(
        method: &'a str,
        target: &'a str,
        header: impl Fn(&'static str) -> Option<&'a str>,
    ) -> Result<Self, SignatureFault> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut fields = Vec::new();
        if needs_digest(method) {
            let digest = header("content-digest").ok_or(SignatureFault::Digest)?;
            fields.push(("content-digest", digest));
        }
        for name in UPLOAD_FIELDS {
            if let Some(value) = header(name) {
                fields.push((name, value));
            }
        }
        Ok(Self {
            method,
            path,
            query: format!("?{query}"),
            fields,
        })
    }

    fn components(&self) -> impl Iterator<Item = (&str, &str)> {
        let derived = [
            ("@method", self.method),
            ("@path", self.path),
            ("@query", self.query.as_str()),
        ];
        derived.into_iter().chain(self.fields.iter().copied())
    }

    /// The value of Signature-Input behind its label.
    fn input(&self, params: &Params) -> String {
        params.write(self.components().map(|(name, _)| name))
    }

    /// The bytes to sign as `device`, at `created_s` by the server's clock.
    pub fn to_sign(&self, device: DeviceId, created_s: i64, nonce: [u8; NONCE_LEN]) -> ToSign {
        let params = Params {
            created_s,
            expires_s: None,
            key_id: device.to_string(),
            algorithm: Some(ALGORITHM.to_owned()),
            nonce: Some(URL_SAFE_NO_PAD.encode(nonce)),
        };
        let input = self.input(&params);
        ToSign {
            message: signature_base(self.components(), &input).into_bytes(),
            input: format!("{LABEL}{input}"),
        }
    }
}

/// A request that waits for its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSign {
    /// What is signed.
    pub message: Vec<u8>,
    /// The value of Signature-Input.
    pub input: String,
}

impl ToSign {
    /// The value of Signature.
    pub fn signature(signature: &[u8; SIGNATURE_LEN]) -> String {
        format!("{LABEL}:{}:", STANDARD.encode(signature))
    }
}

/// A request's signature as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The device it claims to be of.
    pub device: DeviceId,
    /// When it was made, seconds.
    pub created_s: i64,
    /// After which it is not to be taken, seconds.
    pub expires_s: Option<i64>,
    /// What makes it unlike the device's others.
    pub nonce: [u8; NONCE_LEN],
    names: String,
    input: String,
    signature: [u8; SIGNATURE_LEN],
}

impl Sent {
    /// Reads Signature-Input and Signature, in the protocol's form and no other.
    pub fn read(input: &str, signature: &str) -> Result<Self, SignatureFault> {
        let form = SignatureFault::Form;
        let input = input.strip_prefix(LABEL).ok_or(form)?;
        let (names, params) = Params::read(input)?;
        if params.algorithm.as_deref() != Some(ALGORITHM) {
            return Err(SignatureFault::Algorithm);
        }
        let signature = signature
            .strip_prefix(LABEL)
            .and_then(|rest| rest.strip_prefix(':')?.strip_suffix(':'))
            .and_then(|text| STANDARD.decode(text).ok())
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(form)?;
        let nonce = params
            .nonce
            .as_deref()
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(SignatureFault::Nonce)?;
        Ok(Self {
            device: DeviceId::parse(&params.key_id).ok_or(SignatureFault::KeyId)?,
            created_s: params.created_s,
            expires_s: params.expires_s,
            nonce,
            names: names.to_owned(),
            input: input.to_owned(),
            signature,
        })
    }

    /// Checks that it covers what it must and was made with `key`. The body is the caller's to
    /// compare with Content-Digest.
    pub fn verify(&self, covered: &Covered<'_>, key: &[u8; 32]) -> Result<(), SignatureFault> {
        let names: Vec<String> = covered
            .components()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        if names.join(" ") != self.names {
            return Err(SignatureFault::Coverage);
        }
        let base = signature_base(covered.components(), &self.input);
        verify_signature(key, base.as_bytes(), &self.signature)
            .map_err(|_| SignatureFault::Signature)
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{Ed25519KeyPair, KeyPair as _};

    use super::super::content_digest;
    use super::*;

    const DEVICE: DeviceId = DeviceId([1, 2, 3, 10, 11, 12]);

    fn pair() -> (Ed25519KeyPair, [u8; 32]) {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let key = pair.public_key().as_ref().try_into().unwrap();
        (pair, key)
    }

    fn sign(covered: &Covered<'_>) -> (String, String) {
        let to_sign = covered.to_sign(DEVICE, 1_000, [9; 16]);
        let signature = pair().0.sign(&to_sign.message);
        let signature = ToSign::signature(signature.as_ref().try_into().unwrap());
        (to_sign.input, signature)
    }

    #[test]
    fn a_signature_holds_for_its_request_and_for_no_other() {
        let digest = content_digest(b"body");
        let header = |name: &'static str| (name == "content-digest").then_some(digest.as_str());
        let covered = Covered::of("POST", "/v1/sync?x=1", header).unwrap();
        let (input, signature) = sign(&covered);
        let sent = Sent::read(&input, &signature).unwrap();
        assert_eq!(
            (sent.device, sent.created_s, sent.nonce),
            (DEVICE, 1_000, [9; 16])
        );
        assert_eq!(sent.verify(&covered, &pair().1), Ok(()));
        for (method, target) in [
            ("PUT", "/v1/sync?x=1"),
            ("POST", "/v1/sync?x=2"),
            ("POST", "/v1/sync"),
            ("POST", "/v1/enrol?x=1"),
        ] {
            let other = Covered::of(method, target, header).unwrap();
            assert_eq!(
                sent.verify(&other, &pair().1),
                Err(SignatureFault::Signature)
            );
        }
        let bare = Covered::of("GET", "/v1/sync?x=1", header).unwrap();
        assert_eq!(sent.verify(&bare, &pair().1), Err(SignatureFault::Coverage));
        assert_eq!(
            sent.verify(&covered, &[8; 32]),
            Err(SignatureFault::Signature)
        );
    }

    #[test]
    fn an_uploads_headers_are_covered_when_they_are_there() {
        let digest = content_digest(b"");
        let header = |offset: &'static str| {
            let digest = digest.as_str();
            move |name: &'static str| match name {
                "content-digest" => Some(digest),
                "upload-offset" => Some(offset),
                _ => None,
            }
        };
        let covered = Covered::of("PATCH", "/v1/files/a/b", header("0")).unwrap();
        let (input, signature) = sign(&covered);
        let sent = Sent::read(&input, &signature).unwrap();
        assert_eq!(sent.verify(&covered, &pair().1), Ok(()));
        let moved = Covered::of("PATCH", "/v1/files/a/b", header("5")).unwrap();
        assert_eq!(
            sent.verify(&moved, &pair().1),
            Err(SignatureFault::Signature)
        );
    }

    #[test]
    fn a_request_with_a_body_needs_its_digest() {
        for method in ["POST", "PUT", "PATCH"] {
            let covered = Covered::of(method, "/v1/sync", |_| None);
            assert_eq!(covered.err(), Some(SignatureFault::Digest));
        }
        for method in ["GET", "HEAD", "DELETE"] {
            assert!(Covered::of(method, "/v1/sync", |_| None).is_ok());
        }
    }

    #[test]
    fn headers_of_another_form_name_their_fault() {
        let covered = Covered::of("GET", "/v1/live", |_| None).unwrap();
        let (input, signature) = sign(&covered);
        let read = |input: &str, signature: &str| Sent::read(input, signature).err();
        let changed = |from: &str, to: &str| read(&input.replace(from, to), &signature);
        assert_eq!(read(&input, &signature), None);
        assert_eq!(read("", &signature), Some(SignatureFault::Form));
        assert_eq!(read(&input, "sig=:AA==:"), Some(SignatureFault::Form));
        assert_eq!(changed("ed25519", "hmac"), Some(SignatureFault::Algorithm));
        assert_eq!(changed("0102030a", "0102030A"), Some(SignatureFault::KeyId));
        assert_eq!(changed("0102030a", "a"), Some(SignatureFault::KeyId));
        assert_eq!(changed("CQ\"", "\""), Some(SignatureFault::Nonce));
        assert_eq!(changed("sig=", "sig1="), Some(SignatureFault::Form));
    }
}
