//! Time-based one-time codes after RFC 6238: HMAC-SHA-1, six digits, steps of 30 seconds.

use ring::hmac;

use super::same_secret;

/// Seconds of a step.
const STEP_S: i64 = 30;
/// Steps before and after the present one that are taken: clocks differ.
const WINDOW: i64 = 1;
const DIGITS: u32 = 6;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Bytes of a secret: as many as SHA-1 gives.
pub const SECRET_LEN: usize = 20;

/// The step at a time.
pub const fn step(now_ms: i64) -> i64 {
    now_ms / 1_000 / STEP_S
}

/// The code of a step, of six digits.
pub fn code(secret: &[u8], step: i64) -> String {
    digits(secret, step, DIGITS)
}

/// The step that `given` is the code of: within the window around now, and later than the last one
/// used.
pub fn accept(secret: &[u8], given: &str, now_ms: i64, last_used: i64) -> Option<i64> {
    let now = step(now_ms);
    let steps = now - WINDOW..=now + WINDOW;
    steps
        .filter(|step| *step > last_used)
        .find(|step| same_secret(code(secret, *step).as_bytes(), given.as_bytes()))
}

/// The secret as people type it: base32 (RFC 4648) without padding.
pub fn base32(secret: &[u8]) -> String {
    let mut text = String::with_capacity(secret.len() * 8 / 5 + 1);
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut push = |digit: u32| {
        let letter = usize::try_from(digit & 31)
            .ok()
            .and_then(|at| ALPHABET.get(at));
        text.push(char::from(letter.copied().unwrap_or(b'A')));
    };
    for byte in secret {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            push(bits >> held);
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        push(bits << (5 - held));
    }
    text
}

/// What a QR code for an authenticator holds.
pub fn uri(login: &str, secret: &[u8]) -> String {
    let secret = base32(secret);
    format!("otpauth://totp/Gridbook:{login}?secret={secret}&issuer=Gridbook")
}

fn digits(secret: &[u8], step: i64, count: u32) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or(0) & 15);
    let number = tag
        .iter()
        .skip(offset)
        .take(4)
        .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    let width = usize::try_from(count).unwrap_or(0);
    format!(
        "{:0width$}",
        (number & 0x7FFF_FFFF) % 10_u32.saturating_pow(count)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the rows of SHA-1.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (time_s, wanted) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(digits(secret, step(time_s * 1_000), 8), wanted, "{time_s}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_once() {
        let secret = [7; SECRET_LEN];
        let now_ms = 1_800_000_000_000;
        let now = step(now_ms);
        for shift in -3..=3 {
            let accepted = accept(&secret, &code(&secret, now + shift), now_ms, 0);
            let wanted = (-1..=1).contains(&shift).then_some(now + shift);
            assert_eq!(accepted, wanted, "{shift}");
        }
        assert_eq!(accept(&secret, &code(&secret, now), now_ms, now), None);
        assert_eq!(accept(&secret, "", now_ms, 0), None);
    }

    /// RFC 4648, section 10.
    #[test]
    fn base32_is_that_of_the_rfc() {
        for (plain, wanted) in [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), wanted);
        }
    }
}
