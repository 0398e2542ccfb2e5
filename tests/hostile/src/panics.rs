//! Panics that are expected: counted in silence while a case runs, printed otherwise.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe, catch_unwind},
    sync::Once,
};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

static HOOK: Once = Once::new();

/// Runs `work` with this thread's panics silent. Gives its result, `None` if a panic escaped,
/// and how many panics there were, escaped or not.
pub(super) fn counted<T>(work: impl FnOnce() -> T) -> (Option<T>, u64) {
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            COUNT.set(COUNT.get() + 1);
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    let start = COUNT.get();
    QUIET.set(true);
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    QUIET.set(false);
    (done, COUNT.get() - start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_counted_whether_it_escapes_or_not() {
        assert_eq!(counted(|| 7), (Some(7), 0));
        assert_eq!(counted::<()>(|| panic!("escapes")), (None, 1));
        let caught = counted(|| catch_unwind(|| panic!("caught")).is_err());
        assert_eq!(caught, (Some(true), 1));
    }
}
