//! A record's title, as a person reads it.

use schemas::{Kind, Labels, Lang};

use crate::fieldbook::{Fieldbook, Listed};

impl Fieldbook {
    /// The title of a record in a list: its parts, codes in Chinese, joined by a middle dot. Times
    /// are left to whoever shows them.
    pub(super) fn title(&self, listed: &Listed) -> String {
        let Some(kind) = self.schemas.kind(&listed.kind) else {
            return listed.title.clone();
        };
        let parts = kind.title().iter().filter(|path| path.group.is_none());
        let words: Vec<&str> = parts
            .filter_map(|path| {
                let name = path.field.as_str();
                let text = listed.facts.text(name)?;
                Some(label(kind, path, text).map_or(text, |labels| labels.label(Lang::Zh)))
            })
            .collect();
        if words.is_empty() {
            kind.labels().label(Lang::Zh).to_owned()
        } else {
            words.join(" · ")
        }
    }
}

/// What people read for a code.
fn label<'k>(kind: &'k Kind, path: &schemas::FieldPath, code: &str) -> Option<&'k Labels> {
    let list = kind.field(path)?.code_list()?;
    Some(&list.get(code)?.labels)
}
