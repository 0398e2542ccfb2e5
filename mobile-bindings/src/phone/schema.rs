//! Kinds, code lists and finding classes, as forms are made from them.

use std::collections::BTreeMap;

use schemas::{Author, Field, FieldType, Kind, SchemaSet};
use serde::Serialize;

use super::{Phone, Problem, Words};

/// Everything that forms and pickers need.
#[derive(Debug, Serialize)]
pub(super) struct SchemaDef {
    version: u32,
    kinds: Vec<KindDef>,
    codes: BTreeMap<String, ListDef>,
    finding_classes: Vec<ClassDef>,
}

#[derive(Debug, Serialize)]
struct KindDef {
    name: String,
    words: Words,
    personal: bool,
    follows: Option<String>,
    may_create: bool,
    may_delete: bool,
    fields: Vec<FieldDef>,
    groups: Vec<GroupDef>,
}

#[derive(Debug, Serialize)]
struct GroupDef {
    name: String,
    words: Words,
}

#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of a field"
)]
struct FieldDef {
    name: String,
    group: Option<String>,
    words: Words,
    #[serde(rename = "type")]
    ty: &'static str,
    codes: Option<String>,
    kind: Option<String>,
    required: bool,
    automatic: bool,
    writable: bool,
    personal: bool,
    max_len: Option<u32>,
    min: Option<i64>,
    max: Option<i64>,
}

#[derive(Debug, Serialize)]
struct ListDef {
    words: Words,
    codes: Vec<CodeDef>,
}

#[derive(Debug, Serialize)]
struct CodeDef {
    code: String,
    words: Words,
    parent: Option<String>,
    offered: bool,
}

#[derive(Debug, Serialize)]
struct ClassDef {
    code: String,
    words: Words,
    handlers: Vec<Words>,
    offered: bool,
}

impl Phone {
    pub(super) fn schema(&self) -> Result<SchemaDef, Problem> {
        let book = self.book()?;
        let who = book.identity().and_then(|known| known.certificate.author());
        let schemas = book.schemas();
        let kinds = schemas.kinds().iter();
        Ok(SchemaDef {
            version: schemas.version(),
            kinds: kinds.map(|kind| kind_def(kind, who.as_ref())).collect(),
            codes: schemas.code_lists().map(list_def).collect(),
            finding_classes: class_defs(schemas),
        })
    }
}

fn kind_def(kind: &Kind, who: Option<&Author>) -> KindDef {
    let fields = kind.fields().iter().filter(|field| !field.retired);
    let group = |group: &schemas::kind::Group| GroupDef {
        name: group.name.to_string(),
        words: Words::from(&group.labels),
    };
    KindDef {
        name: kind.name().to_owned(),
        words: Words::from(kind.labels()),
        personal: kind.personal(),
        follows: kind.follows().map(str::to_owned),
        may_create: who.is_some_and(|who| kind.may_create(who)),
        may_delete: who.is_some_and(|who| kind.may_delete(who)),
        fields: fields.map(|field| field_def(kind, field, who)).collect(),
        groups: kind.groups().iter().map(group).collect(),
    }
}

fn field_def(kind: &Kind, field: &Field, who: Option<&Author>) -> FieldDef {
    let (max_len, min, max) = match field.ty {
        FieldType::Text { max_len } | FieldType::Remark { max_len } => (Some(max_len), None, None),
        FieldType::Integer { min, max } => (None, Some(min), Some(max)),
        _ => (None, None, None),
    };
    FieldDef {
        name: field.path.field.to_string(),
        group: field.path.group.as_ref().map(ToString::to_string),
        words: Words::from(&field.labels),
        // A text of digits alone gets a keypad.
        ty: if field.digits.is_some() {
            "digits"
        } else {
            field.ty.name()
        },
        codes: field.ty.codes().map(str::to_owned),
        kind: match &field.ty {
            FieldType::Ref { kind } => Some(kind.clone()),
            _ => None,
        },
        required: field.required,
        automatic: field.automatic,
        writable: who.is_some_and(|who| kind.may_write(&field.path, who)),
        personal: field.personal || field.ty.is_personal(),
        max_len,
        min,
        max,
    }
}

fn list_def(list: &schemas::CodeList) -> (String, ListDef) {
    let code = |entry: &schemas::code::CodeEntry| CodeDef {
        code: entry.code.to_string(),
        words: Words::from(&entry.labels),
        parent: entry.parent.as_ref().map(ToString::to_string),
        offered: !entry.retired && !entry.heading,
    };
    let def = ListDef {
        words: Words::from(list.labels()),
        codes: list.entries().iter().map(code).collect(),
    };
    (list.name().to_owned(), def)
}

fn class_defs(schemas: &SchemaSet) -> Vec<ClassDef> {
    let office = |name: &String| {
        schemas
            .office(name)
            .map(|office| Words::from(&office.labels))
    };
    let class = |class: &schemas::FindingClass| ClassDef {
        code: class.code.to_string(),
        words: Words::from(&class.labels),
        handlers: class.handlers.iter().filter_map(office).collect(),
        offered: !class.retired,
    };
    schemas.finding_classes().iter().map(class).collect()
}
