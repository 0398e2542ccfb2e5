//! Automerge behind a net: a panic costs the document at hand and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work`; `None` if it panicked. Whatever `work` borrowed mutably must be dropped then.
///
/// In WebAssembly a panic aborts instead: the app restarts its worker and sets the record aside.
pub(crate) fn guard<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
