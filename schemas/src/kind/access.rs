//! Who may read and write a kind's registers.

use super::Kind;
use crate::access::Author;
use crate::path::{FieldPath, RegisterKey};
use crate::value::Scalar;

impl Kind {
    /// Whether `who` may write this field at all. An unknown field may be written by nobody.
    ///
    /// A field's own list stands instead of the kind's, so it can widen as well as narrow.
    pub fn may_write(&self, path: &FieldPath, who: &Author) -> bool {
        self.field(path)
            .is_some_and(|field| field.write.as_ref().unwrap_or(&self.write).allows(who))
    }

    /// Whether `who` may read this field. It takes the kind's list and the field's own.
    pub fn may_read(&self, path: &FieldPath, who: &Author) -> bool {
        let own =
            |field: &crate::field::Field| field.read.as_ref().is_none_or(|own| own.allows(who));
        self.may_read_kind(who) && self.field(path).is_some_and(own)
    }

    /// Whether `who` may read records of this kind at all.
    pub fn may_read_kind(&self, who: &Author) -> bool {
        self.read.allows(who)
    }

    /// Whether `who` may make new records of this kind.
    pub fn may_create(&self, who: &Author) -> bool {
        self.write.allows(who)
    }

    /// Whether `who` may delete records of this kind.
    pub fn may_delete(&self, who: &Author) -> bool {
        self.delete.allows(who)
    }

    /// Whether `who` may put `value` into this register.
    ///
    /// The presence of a record or an entry is rewritten by every edit in it: whoever may write
    /// one of its fields may set it. Deleting a record takes the kind's own list for that;
    /// deleting an entry takes write access to all its fields in use.
    pub fn may_write_register(&self, key: &RegisterKey, value: &Scalar, who: &Author) -> bool {
        match key {
            RegisterKey::Alive if value.is_null() => self.may_delete(who),
            RegisterKey::Alive => self
                .fields
                .iter()
                .any(|field| self.may_write(&field.path, who)),
            RegisterKey::Entry { group, .. } => {
                let mut fields = self
                    .fields
                    .iter()
                    .filter(|field| field.path.group.as_ref() == Some(group) && !field.retired);
                if value.is_null() {
                    self.group(group.as_str()).is_some()
                        && fields.all(|field| self.may_write(&field.path, who))
                } else {
                    fields.any(|field| self.may_write(&field.path, who))
                }
            }
            RegisterKey::Field { .. } | RegisterKey::EntryField { .. } => {
                key.path().is_some_and(|path| self.may_write(&path, who))
            }
        }
    }

    /// Whether an office that handles an item or a case about a record is shown this field.
    pub fn in_case(&self, path: &FieldPath) -> bool {
        self.field(path).is_some_and(|field| field.in_case)
    }
}
