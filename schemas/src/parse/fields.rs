//! `[[field]]` and `[[group.field]]` of a kind.

use super::conditions;
use super::file::clip;
use super::table::{At, Table};
use crate::access::{Access, Grant, Role};
use crate::field::{Field, FieldType};
use crate::limits::{MAX_REMARK_CHARS, MAX_TEXT_CHARS};
use crate::path::{FieldPath, Name};

/// Every type's name.
const TYPES: [&str; 15] = [
    "text", "remark", "integer", "decimal", "date", "choice", "choices", "phone", "id-card",
    "uscc", "point", "photo", "ref", "flag", "time",
];

pub(crate) fn read(table: &Table<'_>, group: Option<&Name>) -> Option<Field> {
    let name = name_of(table);
    let labels = table.labels();
    let ty = table.need_text("type").and_then(|ty| type_of(table, &ty));
    let digits = table.int_in("digits", 1..=32);
    if digits.is_some() && !matches!(ty, Some(FieldType::Text { .. }) | None) {
        let help = Some("use it with `type = \"text\"`".to_owned());
        table
            .file
            .sink
            .push(&table.place, "`digits` fits only a text", help);
    }
    let shown_when = conditions::read(table, "shown_when", group);
    let (required, automatic) = (table.flag("required"), table.flag("automatic"));
    let (personal, retired) = (table.flag("personal"), table.flag("retired"));
    let in_case = table.flag("in_case");
    let (read, write) = (access(table, "read"), access(table, "write"));
    let (name, ty) = (name?, ty?);
    Some(Field {
        path: FieldPath {
            group: group.cloned(),
            field: name,
        },
        labels: labels.unwrap_or_default(),
        personal: personal || ty.is_personal(),
        ty,
        list: None,
        digits,
        required,
        automatic,
        retired,
        in_case,
        shown_when,
        read,
        write,
        place: table.place.clone().into(),
    })
}

/// The `name` of a field or a group.
pub(crate) fn name_of(table: &Table<'_>) -> Option<Name> {
    let found = table.need_text("name")?;
    let name = Name::parse(&found.value);
    if let Err(error) = &name {
        let message = format!("`{}` is no name", clip(&found.value));
        table
            .file
            .sink
            .push(&found.place, message, Some(error.to_string()));
    }
    name.ok()
}

fn type_of(table: &Table<'_>, ty: &At<String>) -> Option<FieldType> {
    let codes = || table.need_text("codes").map(|codes| codes.value);
    let length = |most: u32| table.need_int_in::<u32>("max_len", 1..=i64::from(most));
    Some(match ty.value.as_str() {
        "text" => FieldType::Text {
            max_len: length(MAX_TEXT_CHARS)?,
        },
        "remark" => FieldType::Remark {
            max_len: length(MAX_REMARK_CHARS)?,
        },
        "integer" => integer(table)?,
        "decimal" => FieldType::Decimal {
            scale: table.need_int_in("scale", 1..=9)?,
        },
        "date" => FieldType::Date,
        "choice" => FieldType::Choice { codes: codes()? },
        "choices" => FieldType::Choices { codes: codes()? },
        "phone" => FieldType::Phone,
        "id-card" => FieldType::IdCard,
        "uscc" => FieldType::Uscc,
        "point" => FieldType::Point,
        "photo" => FieldType::Photo,
        "ref" => FieldType::Ref {
            kind: table.need_text("kind")?.value,
        },
        "flag" => FieldType::Flag,
        "time" => FieldType::Time,
        other => {
            table.file.sink.unknown(&ty.place, "type", other, TYPES);
            return None;
        }
    })
}

fn integer(table: &Table<'_>) -> Option<FieldType> {
    let bounds = i64::MIN..=i64::MAX;
    let (min, max) = (
        table.need_int_in("min", bounds.clone()),
        table.need_int_in("max", bounds),
    );
    let (min, max) = (min?, max?);
    if min > max {
        table
            .file
            .sink
            .push(&table.place, "`min` is greater than `max`", None);
    }
    Some(FieldType::Integer { min, max })
}

/// An access list; `None` if the key is absent.
pub(crate) fn access(table: &Table<'_>, key: &'static str) -> Option<Access> {
    let present = table.has(key);
    let one = |found: At<String>| {
        let grant = Grant::parse(&found.value);
        if grant.is_none() {
            let known = Role::ALL.map(Role::as_str);
            table
                .file
                .sink
                .unknown(&found.place, "role", &found.value, known);
        }
        grant
    };
    let grants = table.texts(key).into_iter().filter_map(one).collect();
    present.then_some(Access(grants))
}
