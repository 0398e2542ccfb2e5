//! Values as the console's API shows and takes them: JSON, labels, masks.

use schemas::{Field, FieldType, Kind, Lang, RegisterKey, Scalar, checks::ValueError};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub use schemas::json::to_json;

use crate::error::{Error, Result};

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Labels of a schema.
    pub fn of(labels: &schemas::Labels) -> Self {
        Self {
            zh: labels.label(Lang::Zh).to_owned(),
            en: labels.label(Lang::En).to_owned(),
        }
    }

    /// Fixed words.
    pub fn fixed(zh: &str, en: &str) -> Self {
        Self {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }
}

/// Whether values of a field are shown with their middle left out: numbers of documents and
/// phones, addresses of homes. Names stay: without them nobody can work.
pub fn is_masked(kind: &Kind, field: &Field) -> bool {
    match field.ty {
        FieldType::Phone | FieldType::IdCard => true,
        FieldType::Text { .. } if field.personal => {
            let named = kind.title().contains(&field.path) || kind.search().contains(&field.path);
            !named && !field.automatic
        }
        _ => false,
    }
}

/// A text with its middle left out.
pub fn mask(field: &Field, text: &str) -> String {
    let (head, tail) = match field.ty {
        FieldType::IdCard => (4, 4),
        FieldType::Phone => (3, 4),
        _ => (2, 0),
    };
    let chars: Vec<char> = text.chars().collect();
    // Too short to keep anything of it.
    if chars.len() < (head + tail) * 3 / 2 {
        return "****".to_owned();
    }
    let end = chars.len() - tail;
    let masked = |(at, c): (usize, &char)| if at < head || at >= end { *c } else { '*' };
    chars.iter().enumerate().map(masked).collect()
}

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The value, masked where it is personal.
    pub value: Value,
    /// What people read for a code.
    pub label: Option<Words>,
    /// Whether its middle is left out.
    pub masked: bool,
}

/// A value of a field as it is shown.
pub fn shown(kind: &Kind, field: &Field, value: &Scalar) -> Shown {
    let masked = value.as_text().filter(|_| is_masked(kind, field));
    Shown {
        value: match masked {
            Some(text) => mask(field, text).into(),
            None => to_json(Some(field), value),
        },
        label: label(Some(field), value),
        masked: masked.is_some(),
    }
}

/// The field that a register belongs to; none for a presence, and for what the kind does not have.
pub fn field_of<'k>(kind: &'k Kind, key: &str) -> Option<&'k Field> {
    kind.field(&RegisterKey::parse(key).ok()?.path()?)
}

/// What people read for a field's register: of one of many choices, for the choice.
pub fn key_label(field: &Field, key: &str) -> Words {
    let code = key.split_once('#').map(|(_, code)| code);
    let code = code.and_then(|code| field.code_list()?.get(code));
    Words::of(code.map_or(&field.labels, |code| &code.labels))
}

/// What people read for a code.
pub fn label(field: Option<&Field>, value: &Scalar) -> Option<Words> {
    let list = field?.code_list()?;
    let entry = list.get(value.as_text()?)?;
    Some(Words::of(&entry.labels))
}

/// The value that JSON stands for in a register of a kind, checked.
pub fn from_json(kind: &Kind, key: &RegisterKey, json: &Value) -> Result<Scalar> {
    let wrong = |error: ValueError| Error::Invalid {
        at: key.to_string(),
        reason: words(error),
    };
    schemas::json::from_json(kind, key, json).map_err(wrong)
}

/// What is wrong, in fixed words.
fn words(error: ValueError) -> &'static str {
    match error {
        ValueError::UnknownField => "the kind has no such field",
        ValueError::WrongType => "the value has the wrong type for this field",
        ValueError::Empty => "the text is empty: clear the field instead",
        ValueError::TooLong { .. } => "the text is too long",
        ValueError::BadCharacters => "the text holds characters that cannot be typed",
        ValueError::NotDigits { .. } => "the text has not the number of digits it needs",
        ValueError::OutOfBounds { .. } => "the number is out of bounds",
        ValueError::NotADate => "this is not a date",
        ValueError::ImplausibleDate => "the date is not plausible",
        ValueError::UnknownCode => "the code is not in the list",
        ValueError::HeadingCode => "the code is a heading",
        ValueError::NotAPhone => "this is not a phone number",
        ValueError::NotAnIdCard
        | ValueError::IdCardRegion
        | ValueError::IdCardBirth
        | ValueError::IdCardCheck => "this is not an identity number",
        ValueError::NotAUscc | ValueError::UsccCheck => "this is not a credit code",
        ValueError::PointOutOfBounds => "the point is out of bounds",
    }
}

#[cfg(test)]
mod tests {
    use schemas::{FieldPath, SchemaSet};
    use serde_json::json;

    use super::*;

    fn masked(kind: &str, field: &str, text: &str) -> Option<String> {
        let schemas = SchemaSet::builtin().unwrap();
        let kind = schemas.kind(kind).unwrap();
        let field = kind.field(&FieldPath::parse(field).unwrap()).unwrap();
        is_masked(kind, field).then(|| mask(field, text))
    }

    #[test]
    fn numbers_lose_their_middle_and_names_stay() {
        let shown = |kind, field, text| masked(kind, field, text);
        let id = shown("resident", "id_number", "310112199001011233");
        assert_eq!(id.as_deref(), Some("3101**********1233"));
        let phone = shown("party", "phone", "13812341234");
        assert_eq!(phone.as_deref(), Some("138****1234"));
        let home = shown("worker", "home", "七莘路一百号");
        assert_eq!(home.as_deref(), Some("七莘****"));
        let passport = shown("resident", "other_id_number", "E1");
        assert_eq!(passport.as_deref(), Some("****"));
        assert_eq!(shown("resident", "name", "李小明"), None);
        assert_eq!(shown("party", "principal", "李小明"), None);
        assert_eq!(shown("shop", "sign_name", "张记小馆"), None);
    }

    #[test]
    fn json_becomes_the_value_of_its_field_or_an_error_that_names_it() {
        let schemas = SchemaSet::builtin().unwrap();
        let shop = schemas.kind("shop").unwrap();
        let read = |key: &str, json| from_json(shop, &key.parse().unwrap(), &json);
        let point = read(
            "location",
            json!({"lat": 311_400_000, "lon": 1_213_900_000}),
        );
        let field = shop.field(&FieldPath::parse("location").unwrap());
        let back = to_json(field, &point.unwrap());
        assert_eq!(back, json!({"lat": 311_400_000, "lon": 1_213_900_000}));
        let owner = read("landlord", json!("000102030405060708090a0b0c0d0e0f")).unwrap();
        assert_eq!(owner, Scalar::Bytes((0..16).collect()));
        for (key, bad) in [
            ("landlord", json!("xyz")),
            ("gas", json!("no such code")),
            ("lived_in", json!("yes")),
            ("nothing", json!(1)),
            ("sign_name", json!(["a"])),
        ] {
            let error = read(key, bad).unwrap_err();
            assert!(matches!(error, Error::Invalid { at, .. } if at == key));
        }
    }
}
