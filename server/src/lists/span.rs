//! How much time something has left, and how long it is there: what inboxes are narrowed by.

use rusqlite::types::Value;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Where;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// How a thing stands to its due time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DueFilter {
    /// Past its time.
    Overdue,
    /// In the last quarter of its time.
    Soon,
    /// Whatever its time.
    All,
}

impl DueFilter {
    /// Narrows a list: `due` and `start` are SQL expressions, null where there is no time.
    pub(crate) fn narrow(self, list: &mut Where, due: &str, start: &str, now_ms: i64) {
        match self {
            Self::Overdue => list.with(&format!("{due} < ?"), now_ms),
            // now ≥ due − (due − start) / 4, without a division.
            Self::Soon => list.with_all(
                &format!("({due} >= ? AND ? * 4 > {due} * 3 + {start})"),
                [Value::from(now_ms), Value::from(now_ms)],
            ),
            Self::All => {}
        }
    }
}

/// Natural days since something came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum Age {
    /// Less than three.
    #[serde(rename = "under_3")]
    Under3,
    /// Three to less than seven.
    #[serde(rename = "3_to_7")]
    To7,
    /// Seven to less than fifteen.
    #[serde(rename = "7_to_15")]
    To15,
    /// Fifteen to less than thirty.
    #[serde(rename = "15_to_30")]
    To30,
    /// Thirty and more.
    #[serde(rename = "over_30")]
    Over30,
}

impl Age {
    /// All of them, the youngest first.
    pub const ALL: [Self; 5] = [
        Self::Under3,
        Self::To7,
        Self::To15,
        Self::To30,
        Self::Over30,
    ];

    /// Its code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Under3 => "under_3",
            Self::To7 => "3_to_7",
            Self::To15 => "7_to_15",
            Self::To30 => "15_to_30",
            Self::Over30 => "over_30",
        }
    }

    /// From how many days, and up to how many.
    const fn days(self) -> (i64, Option<i64>) {
        match self {
            Self::Under3 => (0, Some(3)),
            Self::To7 => (3, Some(7)),
            Self::To15 => (7, Some(15)),
            Self::To30 => (15, Some(30)),
            Self::Over30 => (30, None),
        }
    }

    /// That of something that came in at `since_ms`.
    pub fn of(since_ms: i64, now_ms: i64) -> Self {
        let days = (now_ms - since_ms).div_euclid(DAY_MS);
        let within = |age: &Self| age.days().1.is_none_or(|end| days < end);
        Self::ALL.into_iter().find(within).unwrap_or(Self::Over30)
    }

    /// Narrows a list; `since` is an SQL expression.
    pub(crate) fn narrow(self, list: &mut Where, since: &str, now_ms: i64) {
        let (from, to) = self.days();
        // The youngest hold what a clock that was set back dates ahead, too.
        if from > 0 {
            list.with(&format!("{since} <= ?"), now_ms - from * DAY_MS);
        }
        if let Some(to) = to {
            list.with(&format!("{since} > ?"), now_ms - to * DAY_MS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_age_has_one_place() {
        let now = 100 * DAY_MS;
        for (days, wanted) in [
            (-1, Age::Under3),
            (0, Age::Under3),
            (2, Age::Under3),
            (3, Age::To7),
            (7, Age::To15),
            (15, Age::To30),
            (29, Age::To30),
            (30, Age::Over30),
            (90, Age::Over30),
        ] {
            assert_eq!(Age::of(now - days * DAY_MS, now), wanted, "{days}");
        }
        assert_eq!(Age::of(now - 3 * DAY_MS + 1, now), Age::Under3);
    }
}
