//! The offices that items and cases go to.

use crate::place::Origin;
use crate::text::Labels;

/// One office.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Office {
    /// Stable name, as in `population-office`.
    pub name: String,
    /// What people read.
    pub labels: Labels,
    /// What it does.
    pub duty: Labels,
    /// No longer there: rules and classes may not name it, old items keep it.
    pub retired: bool,
    /// Where it is declared.
    pub place: Origin,
}
