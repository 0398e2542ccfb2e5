//! A form's keys and values, read by the schema. Faults name keys as the form wrote them.

use std::collections::{BTreeMap, BTreeSet};

use schemas::{
    Code, EntryId, FieldPath, FieldType, Kind, Name, RegisterKey, Scalar, ValueError,
    json::from_json,
};
use serde_json::Value;

use super::Form;
use crate::phone::{Fault, Problem};

/// Entries that a form may begin.
const MAX_NEW_ENTRIES: usize = 64;

/// What was typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// Values by register; null where a field was cleared.
    pub(super) values: BTreeMap<RegisterKey, Scalar>,
    /// Entries begun.
    pub(super) added: BTreeSet<(Name, EntryId)>,
    /// Entries taken away.
    pub(super) removed: BTreeSet<(Name, EntryId)>,
    /// Values that do not pass.
    pub(super) faults: Vec<Fault>,
    /// Their registers.
    pub(super) faulty: BTreeSet<RegisterKey>,
    /// What the form calls an entry that is new.
    names: Vec<(EntryId, String)>,
}

impl Typed {
    /// Reads a form. `fresh` makes as many entry ids as asked for.
    pub(super) fn read(
        form: &Form,
        kind: &Kind,
        fresh: impl FnOnce(usize) -> Result<Vec<EntryId>, Problem>,
    ) -> Result<Self, Problem> {
        let mut typed = Self::default();
        let new = new_names(form);
        if new.len() > MAX_NEW_ENTRIES {
            return Err(Problem::call());
        }
        typed.names = fresh(new.len())?.into_iter().zip(new).collect();
        for added in &form.added {
            typed.added.insert(typed.entry(added)?);
        }
        for removed in &form.removed {
            let entry = typed.entry(removed)?;
            // Begun and taken away again in the same form: it never was.
            if !typed.added.remove(&entry) {
                typed.removed.insert(entry);
            }
        }
        for (name, value) in &form.values {
            let key = typed.key(name)?;
            match typed.value(kind, &key, value) {
                Ok(Some(value)) => drop(typed.values.insert(key, value)),
                Ok(None) => {}
                Err(error) => {
                    typed.faults.push(Fault::value(name, error));
                    typed.faulty.insert(key);
                }
            }
        }
        Ok(typed)
    }

    /// A register's key as the form writes it.
    pub(super) fn name(&self, key: &RegisterKey) -> String {
        let text = app_key(&key.to_string());
        let Some((group, id)) = key.entry() else {
            return text;
        };
        let new = self.names.iter().find(|(known, _)| *known == id);
        match new {
            Some((_, name)) => {
                text.replacen(&format!("{group}.{id}"), &format!("{group}.{name}"), 1)
            }
            None => text,
        }
    }

    /// The value of a register, or none where its entry was taken away.
    fn value(
        &mut self,
        kind: &Kind,
        key: &RegisterKey,
        json: &Value,
    ) -> Result<Option<Scalar>, ValueError> {
        if let Some((group, id)) = key.entry() {
            let entry = (group.clone(), id);
            let new = self.names.iter().any(|(known, _)| *known == id);
            if self.removed.contains(&entry) || (new && !self.added.contains(&entry)) {
                return Ok(None);
            }
        }
        from_json(kind, key, &tidy(kind, key, json)).map(Some)
    }

    fn key(&self, name: &str) -> Result<RegisterKey, Problem> {
        let key = register_key(name, |part| self.named(part));
        key.filter(|key| !key.is_presence())
            .ok_or_else(Problem::call)
    }

    fn entry(&self, name: &str) -> Result<(Name, EntryId), Problem> {
        let (group, id) = name.split_once('.').ok_or_else(Problem::call)?;
        let group = Name::parse(group).map_err(|_| Problem::call())?;
        let id = match self.named(id) {
            Some(id) => id,
            None => EntryId::parse(id).map_err(|_| Problem::call())?,
        };
        Ok((group, id))
    }

    fn named(&self, name: &str) -> Option<EntryId> {
        let known = self.names.iter().find(|(_, known)| known == name)?;
        Some(known.0)
    }
}

/// A key as apps write it: with a dot before the code of a choices field, too.
pub(in crate::phone) fn app_key(key: &str) -> String {
    key.replacen('#', ".", 1)
}

/// The register that an app's key names: `field`, `field.code`, `group.entry.field`,
/// `group.entry.field.code`. `named` knows entries that are new.
fn register_key(name: &str, named: impl Fn(&str) -> Option<EntryId>) -> Option<RegisterKey> {
    let parts: Vec<&str> = name.split('.').collect();
    let (place, field, code) = match *parts.as_slice() {
        [field] => (None, field, None),
        [field, code] => (None, field, Some(code)),
        [group, entry, field] => (Some((group, entry)), field, None),
        [group, entry, field, code] => (Some((group, entry)), field, Some(code)),
        _ => return None,
    };
    let code = code.map(Code::parse).transpose().ok()?;
    let field = Name::parse(field).ok()?;
    let (path, entry) = match place {
        None => (FieldPath::root(field), None),
        Some((group, entry)) => {
            let group = Name::parse(group).ok()?;
            let id = named(entry).or_else(|| EntryId::parse(entry).ok())?;
            (FieldPath::in_group(group, field), Some(id))
        }
    };
    RegisterKey::of(&path, entry, code)
}

/// The names of a form's new entries, in the order of their numbers.
fn new_names(form: &Form) -> Vec<String> {
    let mut names: Vec<(u32, String)> = Vec::new();
    for added in &form.added {
        let name = added.split_once('.').map_or("", |(_, id)| id);
        let number = name.strip_prefix("new").and_then(|text| text.parse().ok());
        if let Some(number) = number {
            names.push((number, name.to_owned()));
        }
    }
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|(_, name)| name).collect()
}

/// What people type beside what they mean: blanks around it, a small x; nothing at all is a field
/// cleared.
fn tidy(kind: &Kind, key: &RegisterKey, json: &Value) -> Value {
    let Some(text) = json.as_str() else {
        return json.clone();
    };
    let text = text.trim();
    if text.is_empty() {
        return Value::Null;
    }
    let field = key.path().and_then(|path| kind.field(&path));
    match field.map(|field| &field.ty) {
        Some(FieldType::IdCard | FieldType::Uscc) => text.to_ascii_uppercase().into(),
        _ => text.into(),
    }
}
