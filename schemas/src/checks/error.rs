//! Why a value is not valid, in words that say what to do.

use crate::text::{Lang, Message};

/// Why a value is not valid. Never holds the value: it may be personal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
pub enum ValueError {
    /// The field is not in this kind, or it is named without its code, or with one it has not.
    #[error("no such register in this kind")]
    UnknownField,
    /// The scalar's type is not the one that encodes this field.
    #[error("value has the wrong type for this field")]
    WrongType,
    /// An empty text; clearing is `Null`.
    #[error("text is empty")]
    Empty,
    /// Longer than the field allows.
    #[error("text is longer than {max} characters")]
    TooLong {
        /// Most characters.
        max: u32,
    },
    /// Control characters, a line break in a single line, or blanks around the text.
    #[error("text holds characters that cannot be typed")]
    BadCharacters,
    /// Not exactly this many digits.
    #[error("text is not {count} digits")]
    NotDigits {
        /// Digits asked for.
        count: u8,
    },
    /// Outside the field's bounds.
    #[error("number is not within {min} to {max}")]
    OutOfBounds {
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
    },
    /// Not `YYYY-MM-DD`, or not a day of the calendar.
    #[error("not a date")]
    NotADate,
    /// A date or time outside the plausible years.
    #[error("date is not plausible")]
    ImplausibleDate,
    /// Not a code of the field's list.
    #[error("code is not in the list")]
    UnknownCode,
    /// A code that heads a section and cannot be chosen itself.
    #[error("code is a heading")]
    HeadingCode,
    /// Not a mainland mobile or landline number.
    #[error("not a phone number")]
    NotAPhone,
    /// An identity number of the wrong length or with wrong characters.
    #[error("not an identity number")]
    NotAnIdCard,
    /// An identity number whose first two digits are no province.
    #[error("identity number has an unknown region")]
    IdCardRegion,
    /// An identity number whose birth date does not exist.
    #[error("identity number has an impossible birth date")]
    IdCardBirth,
    /// An identity number whose check character is wrong.
    #[error("identity number fails its check character")]
    IdCardCheck,
    /// A credit code of the wrong length or with wrong characters.
    #[error("not a credit code")]
    NotAUscc,
    /// A credit code whose check character is wrong.
    #[error("credit code fails its check character")]
    UsccCheck,
    /// A point outside the earth or outside the country.
    #[error("point is out of bounds")]
    PointOutOfBounds,
}

impl ValueError {
    /// What the person at the form should do.
    pub fn label(self, lang: Lang) -> String {
        let bounds = match self {
            Self::TooLong { max } => {
                Some(by(lang, format!("请缩短到 {max} 个字以内"), || {
                    format!("Shorten this to {max} characters")
                }))
            }
            Self::NotDigits { count } => {
                Some(by(lang, format!("请填写 {count} 位数字"), || {
                    format!("Enter exactly {count} digits")
                }))
            }
            Self::OutOfBounds { min, max } => Some(by(
                lang,
                format!("请填写 {min} 到 {max} 之间的数"),
                || format!("Enter a number from {min} to {max}"),
            )),
            _ => None,
        };
        bounds.unwrap_or_else(|| self.fixed().label(lang).to_owned())
    }

    fn fixed(self) -> Message {
        match self {
            Self::UnknownField => Message::new(
                "本表没有此项，请更新应用",
                "Update the app: this form has no such field",
            ),
            Self::WrongType => Message::new(
                "此项内容类型不对，请重新填写",
                "Enter this again: it is of the wrong type",
            ),
            Self::Empty => {
                Message::new("请填写内容，或清空此项", "Enter a text, or clear the field")
            }
            Self::BadCharacters => Message::new(
                "请去掉换行、首尾空格和特殊符号",
                "Remove line breaks, outer blanks and special characters",
            ),
            Self::NotADate => Message::new(
                "请按 年-月-日 填写真实存在的日期",
                "Enter a real date as YYYY-MM-DD",
            ),
            Self::ImplausibleDate => Message::new(
                "请核对年份，须在 1900 至 2199 年之间",
                "Check the year: it must be 1900 to 2199",
            ),
            Self::UnknownCode => Message::new("请从列表中选择", "Choose from the list"),
            Self::HeadingCode => Message::new("请选择更具体的类别", "Choose a more specific entry"),
            Self::NotAPhone => Message::new(
                "请填写 11 位手机号，或带区号的座机号",
                "Enter an 11-digit mobile number, or a landline with its area code",
            ),
            Self::NotAnIdCard => Message::new(
                "请核对证件：身份证号为 18 位，末位可为 X",
                "Check the card: the number has 18 characters, the last may be X",
            ),
            Self::IdCardRegion => Message::new(
                "请核对身份证号前两位地区码",
                "Check the first two digits: no such region",
            ),
            Self::IdCardBirth => Message::new(
                "请核对身份证号第 7 至 14 位出生日期",
                "Check digits 7 to 14: no such birth date",
            ),
            Self::IdCardCheck => Message::new(
                "身份证号校验不符，请对照证件逐位核对",
                "Compare with the card digit by digit: the check character does not fit",
            ),
            Self::NotAUscc => Message::new(
                "请核对执照：统一社会信用代码为 18 位，不含 I O S V Z",
                "Check the licence: the credit code has 18 characters, never I O S V Z",
            ),
            Self::UsccCheck => Message::new(
                "信用代码校验不符，请对照执照逐位核对",
                "Compare with the licence digit by digit: the check character does not fit",
            ),
            Self::PointOutOfBounds => {
                Message::new("请在地图上重新选点", "Pick the point on the map again")
            }
            Self::TooLong { .. } | Self::NotDigits { .. } | Self::OutOfBounds { .. } => {
                Message::new("", "")
            }
        }
    }
}

fn by(lang: Lang, zh: String, en: impl Fn() -> String) -> String {
    match lang {
        Lang::Zh => zh,
        Lang::En => en(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_says_what_to_do_in_both_languages() {
        use ValueError as E;
        for error in [
            E::UnknownField,
            E::WrongType,
            E::Empty,
            E::TooLong { max: 40 },
            E::BadCharacters,
            E::NotDigits { count: 6 },
            E::OutOfBounds { min: 0, max: 9 },
            E::NotADate,
            E::ImplausibleDate,
            E::UnknownCode,
            E::HeadingCode,
            E::NotAPhone,
            E::NotAnIdCard,
            E::IdCardRegion,
            E::IdCardBirth,
            E::IdCardCheck,
            E::NotAUscc,
            E::UsccCheck,
            E::PointOutOfBounds,
        ] {
            let (zh, en) = (error.label(Lang::Zh), error.label(Lang::En));
            assert!(
                zh.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)),
                "{zh}"
            );
            assert!(en.is_ascii() && en.len() > 10, "{en}");
        }
        assert_eq!(
            E::TooLong { max: 40 }.label(Lang::En),
            "Shorten this to 40 characters"
        );
        assert_eq!(
            E::TooLong { max: 40 }.label(Lang::Zh),
            "请缩短到 40 个字以内"
        );
    }
}
