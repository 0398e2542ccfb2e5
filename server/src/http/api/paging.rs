//! Pages of lists, as handlers know them.

use serde::Deserialize;
use utoipa::IntoParams;

pub use crate::lists::{Ask, Page, from_cursor, limit, to_cursor};

/// Which part of a list, where nothing else is asked of it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// Rows of the page, at most 200.
    pub(super) limit: Option<usize>,
    /// Cursor of the page before.
    pub(super) after: Option<String>,
}
