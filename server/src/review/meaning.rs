//! Whether values say the same, though they were typed differently.

use schemas::{FieldType, Scalar};
use sync_core::fieldbook::search::fold;

/// Whether all of them mean the same: of texts width, case, blanks and punctuation count for
/// nothing, but what parts two digits does (`12-3号` is not `123号`); of a phone number its digits
/// are all. Other values mean the same where they are equal. One value alone is no question.
pub(super) fn same(ty: &FieldType, values: &[&Scalar]) -> bool {
    let [first, rest @ ..] = values else {
        return false;
    };
    !rest.is_empty() && rest.iter().all(|value| pair(ty, first, value))
}

fn pair(ty: &FieldType, one: &Scalar, other: &Scalar) -> bool {
    let (Some(one_text), Some(other_text)) = (one.as_text(), other.as_text()) else {
        return one == other;
    };
    let folded: fn(&str) -> String = match ty {
        FieldType::Text { .. } | FieldType::Remark { .. } => text,
        FieldType::Phone => digits,
        _ => return one == other,
    };
    let one_text = folded(one_text);
    !one_text.is_empty() && one_text == folded(other_text)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// As it is searched for, but with what stands between two digits: a blank or any dash as `-`,
/// another sign as itself.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut between: Option<char> = None;
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    for c in text.chars() {
        let kept = fold(c.encode_utf8(&mut [0; 4]));
        if kept.is_empty() {
            let dash = c.is_whitespace() || is_dash(c);
            between = between
                .filter(|_| dash)
                .or(Some(if dash { '-' } else { c }));
            continue;
        }
        if let Some(sign) = between.take()
            && is_digit(out.chars().next_back())
            && is_digit(kept.chars().next())
        {
            out.push(sign);
        }
        out.push_str(&kept);
    }
    out
}

/// Of ASCII, of full width, and what phones put in their place.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '~' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' | '\u{FF5E}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: FieldType = FieldType::Text { max_len: 80 };

    fn alike(ty: &FieldType, values: &[&str]) -> bool {
        let values: Vec<_> = values.iter().map(|text| Scalar::text(*text)).collect();
        same(ty, &values.iter().collect::<Vec<_>>())
    }

    #[test]
    fn width_case_blanks_and_punctuation_count_for_nothing() {
        for values in [
            ["张记 小馆", "张记小馆"],
            ["ＫＦＣ（漕宝路店）", "kfc (漕宝路店)"],
            ["梧桐里路 6 号", "梧桐里路6号"],
            ["１２－３号", "12 3号"],
            ["12—3号", "12-3号"],
        ] {
            assert!(alike(&TEXT, &values), "{values:?}");
        }
    }

    #[test]
    fn what_parts_two_digits_counts() {
        for values in [
            ["12-3号", "123号"],
            ["1.5米", "15米"],
            ["1.5米", "1-5米"],
            ["3 01室", "301室"],
        ] {
            assert!(!alike(&TEXT, &values), "{values:?}");
        }
    }

    #[test]
    fn other_words_one_value_and_nothing_but_signs_are_not_alike() {
        assert!(!alike(&TEXT, &["张记小馆", "张记饭店"]));
        assert!(!alike(&TEXT, &["张记小馆"]));
        assert!(!alike(&TEXT, &["！", "？"]));
        assert!(!alike(&TEXT, &["张记小馆", "张记 小馆", "李记小馆"]));
    }

    #[test]
    fn a_phone_number_is_its_digits_and_other_types_are_compared_as_they_are() {
        assert!(alike(&FieldType::Phone, &["021-50000000", "02150000000"]));
        assert!(!alike(&FieldType::Phone, &["13800000000", "13900000000"]));
        assert!(!alike(&FieldType::Date, &["2026-11-02", "20261102"]));
        assert!(same(&FieldType::Date, &[&Scalar::Int(3), &Scalar::Int(3)]));
        assert!(!same(&TEXT, &[&Scalar::text("张记"), &Scalar::Null]));
    }
}
