//! An inspector's round: Today, shops and their dossiers, own work, as the app shows them.
//!
//! Lists are made in memory from the facts of summaries; only one record's own page reads that
//! record. The answers serialise to the JSON that the app's types name.

mod answer;
mod card;
mod day;
mod door;
mod dossier;
mod finding;
mod history;
mod judged;
mod listing;
mod map;
mod names;
mod now;
mod query;
mod reason;
mod row;
mod rows;
mod shop;
mod tally;
mod title;
mod todo;
mod value;
mod warning;
mod words;
mod work;

pub use answer::{
    Author, Due, EntryState, FieldState, FieldValue, Page, RecordState, Row, ShopRow, VisitMark,
    VisitedToday, Warning,
};
pub use dossier::Dossier;
pub use finding::{CaseStatus, FindingRow};
pub use history::{HistoryChange, HistoryRow};
pub use judged::{Judged, Rate};
pub use map::{GridMap, MapPoint};
pub use names::{MOVED_OUT, SETTLING};
pub use query::{Order, ShopQuery, TodayCounts, TodayPage};
pub use rows::{Figures, Registered};
pub use todo::{DrawnDoor, Form, FormPlace, ReturnedRow, TaskRow, Todo};
pub use value::{Point, Value};
pub use words::Words;
pub use work::{SetbackRow, Step, WorkRow};

pub(super) use tally::Round;

#[cfg(test)]
mod tests;
