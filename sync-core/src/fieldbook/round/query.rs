//! Questions about shops.

use serde::{Deserialize, Serialize};

use super::{Due, Point, ShopRow};

/// Which shops, in which order, how many.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ShopQuery {
    /// Name, door, owner or licence, by part of it or by pinyin initials.
    pub text: Option<String>,
    /// Only this grid.
    pub grid: Option<String>,
    /// Only those that are due so.
    pub due: Option<Due>,
    /// Only this business type and those below it.
    pub business_type: Option<String>,
    /// Only those not visited for longer than they should be.
    pub overdue: Option<bool>,
    /// Only those with open findings.
    pub findings: Option<bool>,
    /// Where the phone is.
    pub here: Option<Point>,
    /// In which order; the nearest first where the place is known.
    pub order: Option<Order>,
    /// Rows to leave out.
    pub offset: Option<usize>,
    /// Most rows.
    pub limit: Option<usize>,
}

/// An order of shops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The nearest first.
    Near,
    /// As the doors stand.
    Door,
}

/// How far the round has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
pub struct TodayCounts {
    /// Shops not visited.
    pub due: usize,
    /// Those to be visited again.
    pub revisit: usize,
    /// Those visited.
    pub visited: usize,
    /// All of them.
    pub all: usize,
}

/// A page of Today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TodayPage {
    /// How far the round has come, in the grid asked for.
    pub counts: TodayCounts,
    /// Rows of the whole list.
    pub total: usize,
    /// Those asked for.
    pub rows: Vec<ShopRow>,
}

impl TodayCounts {
    pub(super) fn add(&mut self, due: Due) {
        self.all += 1;
        match due {
            Due::Due => self.due += 1,
            Due::Revisit => self.revisit += 1,
            Due::Visited => self.visited += 1,
        }
    }
}
