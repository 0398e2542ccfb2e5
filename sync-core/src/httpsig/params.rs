//! The parameters of a signature: when, by whom, which one.

use std::fmt::Write as _;

use super::SignatureFault;

/// The algorithm's name in the parameters.
pub const ALGORITHM: &str = "ed25519";

/// What a signature says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// When it was made, seconds since 1970.
    pub created_s: i64,
    /// After which it is not to be taken.
    pub expires_s: Option<i64>,
    /// Whose key.
    pub key_id: String,
    /// The algorithm.
    pub algorithm: Option<String>,
    /// What makes it unlike any other.
    pub nonce: Option<String>,
}

impl Params {
    /// The parameters with the names of the covered components, as they stand in Signature-Input
    /// behind the label, and in the last line of the signature base.
    pub fn write<'a>(&self, components: impl IntoIterator<Item = &'a str>) -> String {
        let mut text = String::with_capacity(192);
        text.push('(');
        for (index, name) in components.into_iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            // Writing to a String cannot fail, here and below.
            let _ = write!(text, "{space}\"{name}\"");
        }
        let _ = write!(text, ");created={}", self.created_s);
        if let Some(expires) = self.expires_s {
            let _ = write!(text, ";expires={expires}");
        }
        let _ = write!(text, ";keyid=\"{}\"", self.key_id);
        if let Some(algorithm) = &self.algorithm {
            let _ = write!(text, ";alg=\"{algorithm}\"");
        }
        if let Some(nonce) = &self.nonce {
            let _ = write!(text, ";nonce=\"{nonce}\"");
        }
        text
    }

    /// Reads what [`Params::write`] wrote, and nothing else: the names inside the brackets, as
    /// they stand, and the parameters.
    pub fn read(text: &str) -> Result<(&str, Self), SignatureFault> {
        let form = SignatureFault::Form;
        let inside = text.strip_prefix('(').ok_or(form)?;
        let (names, rest) = inside.split_once(')').ok_or(form)?;
        let mut rest = rest.split(';');
        if rest.next() != Some("") {
            return Err(form);
        }
        let mut params = Self {
            created_s: rest
                .next()
                .and_then(|part| part.strip_prefix("created="))
                .and_then(integer)
                .ok_or(form)?,
            expires_s: None,
            key_id: String::new(),
            algorithm: None,
            nonce: None,
        };
        for part in rest {
            let (name, value) = part.split_once('=').ok_or(form)?;
            match name {
                "expires" => params.expires_s = Some(integer(value).ok_or(form)?),
                "keyid" => params.key_id = string(value).ok_or(form)?,
                "alg" => params.algorithm = Some(string(value).ok_or(form)?),
                "nonce" => params.nonce = Some(string(value).ok_or(form)?),
                _ => return Err(form),
            }
        }
        // One way to write it: another order, a repetition or a blank is another text.
        let written = params.write([]);
        let (_, tail) = text.split_at(names.len() + 1);
        if written.get(1..) == Some(tail) {
            Ok((names, params))
        } else {
            Err(form)
        }
    }
}

/// An integer of at most 15 digits, as RFC 9651 has them.
fn integer(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 15;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (plain && digits).then(|| text.parse().ok())?
}

/// A quoted string of letters, digits and a few marks: nothing that needs an escape.
fn string(text: &str) -> Option<String> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+/".contains(&byte);
    (inside.len() <= 128 && inside.bytes().all(plain)).then(|| inside.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params() -> Params {
        Params {
            created_s: 7,
            expires_s: Some(9),
            key_id: "01".into(),
            algorithm: Some(ALGORITHM.into()),
            nonce: Some("AA-_".into()),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let text = params().write(["@method", "@path"]);
        assert_eq!(
            text,
            "(\"@method\" \"@path\");created=7;expires=9;keyid=\"01\";alg=\"ed25519\";nonce=\"AA-_\""
        );
        assert_eq!(Params::read(&text), Ok(("\"@method\" \"@path\"", params())));
    }

    #[test]
    fn another_way_to_write_it_is_refused() {
        for text in [
            "",
            "(",
            "()",
            "();",
            "();created=",
            "();created=7",
            "();created=7;keyid=01",
            "();created=07;keyid=\"01\"",
            "();created=-7;keyid=\"01\"",
            "();created=7 ;keyid=\"01\"",
            "(); created=7;keyid=\"01\"",
            "();keyid=\"01\";created=7",
            "();created=7;created=7;keyid=\"01\"",
            "();created=7;keyid=\"01\";keyid=\"01\"",
            "();created=7;keyid=\"01\";tag=\"x\"",
            "();created=7;keyid=\"0\\\"1\"",
            "();created=7777777777777777;keyid=\"01\"",
            "();created=7;keyid=\"01\";alg=\"ed25519\" ",
        ] {
            assert_eq!(Params::read(text), Err(SignatureFault::Form), "{text}");
        }
    }
}
