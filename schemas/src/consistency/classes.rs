//! Finding classes: their handlers exist, and there is something to be done by some time.

use super::Check;

pub(super) fn check(on: Check<'_>) {
    for class in on.set.finding_classes() {
        for handler in &class.handlers {
            on.office(&class.place, handler);
        }
        if class.handlers.is_empty() {
            on.error(
                &class.place,
                format!("class `{}` has no handler", class.code),
                "name an office",
            );
        }
        if class.milestones.is_empty() {
            let message = format!("class `{}` has no milestone", class.code);
            on.error(&class.place, message, "add one that closes the case");
        }
    }
}
