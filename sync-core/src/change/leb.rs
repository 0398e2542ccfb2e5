//! Canonical LEB128 and a byte cursor that cannot read past its end.

use super::scan::ScanError;

/// Reads forward over bytes; every read is checked.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], ScanError> {
        let (head, tail) = self
            .rest
            .split_at_checked(len)
            .ok_or(ScanError::Truncated)?;
        self.rest = tail;
        Ok(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], ScanError> {
        self.take(N)?.try_into().map_err(|_| ScanError::Truncated)
    }

    fn byte(&mut self) -> Result<u8, ScanError> {
        let [byte] = self.array::<1>()?;
        Ok(byte)
    }

    /// Unsigned LEB128 in its shortest form.
    pub(crate) fn unsigned(&mut self) -> Result<u64, ScanError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if shift == 63 && bits > 1 {
                return Err(ScanError::Number);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 {
                    Err(ScanError::Number)
                } else {
                    Ok(value)
                };
            }
        }
        Err(ScanError::Number)
    }

    /// Signed LEB128 in its shortest form.
    pub(crate) fn signed(&mut self) -> Result<i64, ScanError> {
        let start = self.rest;
        let mut value = 0_i64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte != 0 && byte != 0x7F {
                return Err(ScanError::Number);
            }
            value |= i64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                if shift < 57 && byte & 0x40 != 0 {
                    value |= -1_i64 << (shift + 7);
                }
                let used = start.len() - self.rest.len();
                let mut shortest = Vec::with_capacity(10);
                write_signed(&mut shortest, value);
                return if shortest.len() == used {
                    Ok(value)
                } else {
                    Err(ScanError::Number)
                };
            }
        }
        Err(ScanError::Number)
    }

    /// An unsigned number that must not exceed `cap`.
    pub(crate) fn length(&mut self, cap: usize) -> Result<usize, ScanError> {
        let value = usize::try_from(self.unsigned()?).map_err(|_| ScanError::TooLarge)?;
        if value > cap {
            Err(ScanError::TooLarge)
        } else {
            Ok(value)
        }
    }
}

/// Appends unsigned LEB128.
pub(crate) fn write_unsigned(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let byte = value.to_le_bytes()[0] & 0x7F;
        value >>= 7;
        if value == 0 {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

/// Appends signed LEB128.
pub(crate) fn write_signed(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = value.to_le_bytes()[0] & 0x7F;
        value >>= 7;
        let sign = byte & 0x40 != 0;
        if (value == 0 && !sign) || (value == -1 && sign) {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn unsigned_numbers_come_back(value: u64) {
            let mut out = Vec::new();
            write_unsigned(&mut out, value);
            prop_assert_eq!(Reader::new(&out).unsigned(), Ok(value));
        }

        #[test]
        fn signed_numbers_come_back(value: i64) {
            let mut out = Vec::new();
            write_signed(&mut out, value);
            prop_assert_eq!(Reader::new(&out).signed(), Ok(value));
        }
    }

    #[test]
    fn a_number_in_a_longer_form_than_needed_is_refused() {
        assert_eq!(
            Reader::new(&[0x80, 0x00]).unsigned(),
            Err(ScanError::Number)
        );
        assert_eq!(Reader::new(&[0x80, 0x00]).signed(), Err(ScanError::Number));
        assert_eq!(Reader::new(&[0xFF, 0x7F]).signed(), Err(ScanError::Number));
        assert_eq!(Reader::new(&[0xFF; 11]).unsigned(), Err(ScanError::Number));
    }

    #[test]
    fn reading_past_the_end_is_an_error() {
        assert_eq!(Reader::new(&[1, 2]).take(3), Err(ScanError::Truncated));
        assert_eq!(Reader::new(&[0x80]).unsigned(), Err(ScanError::Truncated));
    }
}
