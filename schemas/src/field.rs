//! Fields of a kind and the types of their values.

use std::sync::Arc;

use crate::access::Access;
use crate::checks::{ValueError, date, id_card, phone, point, text, uscc};
use crate::code::CodeList;
use crate::condition::Condition;
use crate::limits::MAX_TIME_MS;
use crate::path::FieldPath;
use crate::place::Origin;
use crate::text::Labels;
use crate::value::Scalar;

/// A field's type, with the encoding of its values. A field is never retyped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldType {
    /// One line, `Text`.
    Text {
        /// Most characters.
        max_len: u32,
    },
    /// Several lines in one register, `Text`.
    Remark {
        /// Most characters.
        max_len: u32,
    },
    /// `Int` within bounds.
    Integer {
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
    },
    /// `Int`, the value times ten to the power `scale`.
    Decimal {
        /// Digits after the point.
        scale: u8,
    },
    /// `Text`, `YYYY-MM-DD`.
    Date,
    /// `Text`, one code of the list.
    Choice {
        /// The code list's name.
        codes: String,
    },
    /// One register per code, `Bool(true)` or `Null`.
    Choices {
        /// The code list's name.
        codes: String,
    },
    /// `Text`, a mainland phone number.
    Phone,
    /// `Text`, an identity number (GB 11643).
    IdCard,
    /// `Text`, a unified social credit code (GB 32100).
    Uscc,
    /// `Bytes`, 8: see [`crate::checks::point`].
    Point,
    /// `Bytes`, 32: the photo's SHA-256.
    Photo,
    /// `Bytes`, 16: the other record's id.
    Ref {
        /// The other record's kind.
        kind: String,
    },
    /// `Bool`.
    Flag,
    /// `Int`, milliseconds since 1970-01-01 UTC.
    Time,
}

impl FieldType {
    /// The type's name in schema files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Remark { .. } => "remark",
            Self::Integer { .. } => "integer",
            Self::Decimal { .. } => "decimal",
            Self::Date => "date",
            Self::Choice { .. } => "choice",
            Self::Choices { .. } => "choices",
            Self::Phone => "phone",
            Self::IdCard => "id-card",
            Self::Uscc => "uscc",
            Self::Point => "point",
            Self::Photo => "photo",
            Self::Ref { .. } => "ref",
            Self::Flag => "flag",
            Self::Time => "time",
        }
    }

    /// The code list of a choice or choices field.
    pub fn codes(&self) -> Option<&str> {
        match self {
            Self::Choice { codes } | Self::Choices { codes } => Some(codes),
            _ => None,
        }
    }

    /// Whether values of this type are about a person by themselves.
    pub fn is_personal(&self) -> bool {
        matches!(self, Self::Phone | Self::IdCard | Self::Remark { .. })
    }
}

/// One field of a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent keys of a schema file"
)]
pub struct Field {
    /// Its name and group.
    pub path: FieldPath,
    /// What people read.
    pub labels: Labels,
    /// Its type.
    pub ty: FieldType,
    /// The code list, if the type has one.
    pub(crate) list: Option<Arc<CodeList>>,
    /// Exactly this many digits, for a text.
    pub digits: Option<u8>,
    /// Must be filled in wherever it is shown.
    pub required: bool,
    /// Filled in by the app (place, time, the shop it hangs on): never asked.
    pub automatic: bool,
    /// Names or describes a person; masked in exports.
    pub personal: bool,
    /// No longer asked; old values stay readable.
    pub retired: bool,
    /// Shown to an office that handles an item or a case about the record.
    pub in_case: bool,
    /// When the form shows it: `All` of nothing means always.
    pub shown_when: Condition,
    /// Who reads it, if fewer than read the kind.
    pub read: Option<Access>,
    /// Who writes it, if others than write the kind.
    pub write: Option<Access>,
    /// Where it is declared.
    pub place: Origin,
}

impl Field {
    /// The code list of a choice or choices field.
    pub fn code_list(&self) -> Option<&CodeList> {
        self.list.as_deref()
    }

    /// Checks one value of this field. `Null` (cleared) is always valid, and so is a retired code:
    /// old records stay as they are, only forms stop offering it.
    pub fn check(&self, value: &Scalar) -> Result<(), ValueError> {
        use FieldType as T;
        match (&self.ty, value) {
            (_, Scalar::Null)
            | (T::Choices { .. }, Scalar::Bool(true))
            | (T::Flag, Scalar::Bool(_))
            | (T::Decimal { .. }, Scalar::Int(_)) => Ok(()),
            (T::Text { max_len }, Scalar::Text(v)) => {
                text::check_line(v, *max_len)?;
                self.digits
                    .map_or(Ok(()), |count| text::check_digits(v, count))
            }
            (T::Remark { max_len }, Scalar::Text(v)) => text::check_remark(v, *max_len),
            (T::Date, Scalar::Text(v)) => date::check(v).map(drop),
            (T::Choice { .. }, Scalar::Text(v)) => self.check_code(v),
            (T::Phone, Scalar::Text(v)) => phone::check(v),
            (T::IdCard, Scalar::Text(v)) => id_card::check(v).map(drop),
            (T::Uscc, Scalar::Text(v)) => uscc::check(v),
            (T::Integer { min, max }, Scalar::Int(v)) => {
                let fits = (*min..=*max).contains(v);
                fits.then_some(()).ok_or(ValueError::OutOfBounds {
                    min: *min,
                    max: *max,
                })
            }
            (T::Time, Scalar::Int(v)) => (0..MAX_TIME_MS)
                .contains(v)
                .then_some(())
                .ok_or(ValueError::ImplausibleDate),
            (T::Point, Scalar::Bytes(v)) => point::check(v).map(drop),
            (T::Photo, Scalar::Bytes(v)) => length(v, 32),
            (T::Ref { .. }, Scalar::Bytes(v)) => length(v, 16),
            _ => Err(ValueError::WrongType),
        }
    }

    /// Checks that the field's list has this code and that it is no heading.
    pub(crate) fn check_code(&self, code: &str) -> Result<(), ValueError> {
        let entry = self.list.as_ref().and_then(|list| list.get(code));
        match entry {
            None => Err(ValueError::UnknownCode),
            Some(entry) if entry.heading => Err(ValueError::HeadingCode),
            Some(_) => Ok(()),
        }
    }
}

fn length(bytes: &[u8], wanted: usize) -> Result<(), ValueError> {
    if bytes.len() == wanted {
        Ok(())
    } else {
        Err(ValueError::WrongType)
    }
}
