//! What offices type into systems of their own: kinds and fields that there are, and that they read.

use super::{Check, conditions};
use crate::access::{Author, Role};

pub(super) fn check(on: Check<'_>) {
    for entry in on.set.entries() {
        on.office(&entry.place, &entry.office);
        let Some(kind) = on.set.kind(&entry.kind) else {
            on.unknown_kind(&entry.place, &entry.kind);
            continue;
        };
        let clerk = Author {
            role: Role::OfficeClerk,
            office: Some(entry.office.clone()),
        };
        for field in &entry.fields {
            let known = conditions::known(on, kind, &field.path, &entry.place);
            if known.is_some() && field.path.group.is_some() {
                let message = format!("`{}` stands in a group", field.path);
                on.error(&entry.place, message, "list fields of the record itself");
            } else if known.is_some() && !kind.may_read(&field.path, &clerk) {
                let message = format!("`{}` is not read by `{}`", field.path, entry.office);
                on.error(
                    &entry.place,
                    message,
                    "leave it out, or let the office read it",
                );
            }
        }
    }
}
