//! What changes between two versions, and why one may not follow the other, in words.

use schemas::{
    FieldPath, Lang, SchemaSet,
    diff::{Change, Refusal},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::records::values::Words;

/// Something that a version changes, or that keeps it from following the one in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Said {
    /// What it is about: `kind.field`, `list#code`, a kind, a list; empty for the whole.
    pub name: String,
    /// In words.
    pub words: Words,
}

/// What people call a thing that files name, by a version that has it.
fn label(set: &SchemaSet, name: &str, lang: Lang) -> Option<String> {
    if let Some((list, code)) = name.split_once('#') {
        return set.code_label(list, code, lang).map(str::to_owned);
    }
    if let Some((kind, field)) = name.split_once('.') {
        let path = FieldPath::parse(field).ok()?;
        return set.field_label(kind, &path, lang).map(str::to_owned);
    }
    let kind = set.kind(name)?;
    Some(kind.labels().label(lang).to_owned())
}

fn named(set: &SchemaSet, name: &str) -> Words {
    let one = |lang| match label(set, name, lang) {
        Some(label) => format!("{label} ({name})"),
        None => name.to_owned(),
    };
    Words {
        zh: one(Lang::Zh),
        en: one(Lang::En),
    }
}

fn said(set: &SchemaSet, name: &str, zh: &str, en: &str) -> Said {
    let known = named(set, name);
    Said {
        name: name.to_owned(),
        words: Words {
            zh: format!("{zh}：{}", known.zh),
            en: format!("{en}: {}", known.en),
        },
    }
}

/// A change, by the labels of the new version.
pub(super) fn change(new: &SchemaSet, change: &Change) -> Said {
    let of = |name: &String, zh, en| said(new, name, zh, en);
    match change {
        Change::KindAdded(name) => of(name, "新增表单", "New kind"),
        Change::BecamePersonal(name) => of(name, "改为个人信息", "Now personal"),
        Change::FieldAdded(name) => of(name, "新增字段", "New field"),
        Change::FieldRetired(name) => of(name, "字段停用", "Field retired"),
        Change::FieldRevived(name) => of(name, "字段恢复", "Field asked again"),
        Change::FieldChanged(name) => of(name, "字段改动", "Field changed"),
        Change::KindChanged(name) => of(name, "表单改动", "Kind changed"),
        Change::ListAdded(name) => of(name, "新增代码表", "New code list"),
        Change::CodeAdded(name) => of(name, "新增代码", "New code"),
        Change::CodeRetired(name) => of(name, "代码停用", "Code retired"),
        Change::CodeChanged(name) => of(name, "代码改动", "Code changed"),
        Change::RestChanged(what) => {
            let zh = match *what {
                "offices" => "部门",
                "order of entry" => "录入顺序",
                "rules" => "分派规则",
                "finding classes" => "问题小类",
                "areas" => "区域",
                "settings" => "区域设置",
                "calendar" => "工作日历",
                other => other,
            };
            Said {
                name: (*what).to_owned(),
                words: Words {
                    zh: format!("有改动：{zh}"),
                    en: format!("Changed: {what}"),
                },
            }
        }
    }
}

/// A refusal, by the labels of the version in force.
pub(super) fn refusal(old: &SchemaSet, refusal: &Refusal) -> Said {
    let (name, zh) = match refusal {
        Refusal::VersionNotRisen => ("", "请调高 schema.toml 的 version"),
        Refusal::KindVersionNotRisen(name) => (name.as_str(), "请调高该表单的 version"),
        Refusal::KindRemoved(name) => (name.as_str(), "表单不能删除，请放回"),
        Refusal::NoLongerPersonal(name) => (name.as_str(), "个人信息类表单不能改为非个人"),
        Refusal::GridMoved(name) => (name.as_str(), "网格来源不能改"),
        Refusal::FieldRemoved(name)
        | Refusal::CodeRemoved(name)
        | Refusal::OfficeRemoved(name)
        | Refusal::RuleRemoved(name) => (name.as_str(), "不能删除，请放回并写 retired = true"),
        Refusal::FieldRetyped(name) => (name.as_str(), "类型不能改，请另设新字段"),
        Refusal::ListRemoved(name) => (name.as_str(), "代码表不能删除，请放回"),
        Refusal::CodeReused(name) => (name.as_str(), "停用的代码不能另作他用，请用新代码"),
    };
    let zh = if name.is_empty() {
        zh.to_owned()
    } else {
        format!("{}：{zh}", named(old, name).zh)
    };
    Said {
        name: name.to_owned(),
        words: Words {
            zh,
            en: refusal.to_string(),
        },
    }
}
