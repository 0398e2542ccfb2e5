//! The text that is signed (RFC 9421, section 2.5).

/// Builds the signature base of components, given as name and value, and of the parameters as
/// they stand in Signature-Input.
pub fn signature_base<'a>(
    components: impl IntoIterator<Item = (&'a str, &'a str)>,
    params: &str,
) -> String {
    let mut base = String::with_capacity(256);
    for (name, value) in components {
        base.push('"');
        base.push_str(name);
        base.push_str("\": ");
        base.push_str(value.trim());
        base.push('\n');
    }
    base.push_str("\"@signature-params\": ");
    base.push_str(params);
    base
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose as codec};

    use super::super::Params;
    use super::*;

    /// RFC 9421, appendix B.2.6, with the key of B.1.4.
    #[test]
    fn the_example_of_the_rfc_verifies_and_is_made_again() {
        let components = [
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ];
        let params = Params {
            created_s: 1_618_884_473,
            expires_s: None,
            key_id: "test-key-ed25519".to_owned(),
            algorithm: None,
            nonce: None,
        };
        let params = params.write(components.iter().map(|(name, _)| *name));
        let base = signature_base(components, &params);
        let expected = "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\
            \"@method\": POST\n\
            \"@path\": /foo\n\
            \"@authority\": example.com\n\
            \"content-type\": application/json\n\
            \"content-length\": 18\n\
            \"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" \
            \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
        assert_eq!(base, expected);

        let key = codec::URL_SAFE_NO_PAD
            .decode("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs")
            .unwrap();
        let seed = codec::URL_SAFE_NO_PAD
            .decode("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU")
            .unwrap();
        let signature = codec::STANDARD
            .decode(
                "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu\
                 4A0w6vuQv5lIp5WPpBKRCw==",
            )
            .unwrap();
        let public =
            ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, key.as_slice());
        assert!(public.verify(base.as_bytes(), &signature).is_ok());
        let pair = ring::signature::Ed25519KeyPair::from_seed_and_public_key(&seed, &key).unwrap();
        assert_eq!(pair.sign(base.as_bytes()).as_ref(), signature);
    }
}
