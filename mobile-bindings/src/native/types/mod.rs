//! What the book is asked and what it answers: the fields that the phone's answers have, with the
//! same names, as records that every language has types for.
//!
//! Times are ms since 1970 (UTC), dates `YYYY-MM-DD`, ids lower-case hex (a record 32 digits, a
//! photo 64), places degrees times 10⁷.

mod forms;
mod lists;
mod record;
mod schema;
mod standing;
mod value;
mod work;

pub use forms::{Check, Fault, Form, FormPlace, Holder, Proposal, Saved};
pub use lists::{
    CaseStatus, Dossier, Due, FindingPage, FindingRow, GridMap, MapPoint, Order, RowPage, ShopPage,
    ShopQuery, ShopRow, ShopWarning, TodayCounts, TodayPage, VisitMark, VisitedToday,
};
pub use record::{
    Author, EntryState, FieldState, FieldValue, HistoryChange, HistoryRow, RecordState, Row,
};
pub use schema::{
    CodeDef, CodeList, FieldDef, FieldType, FindingClass, GroupDef, KindDef, SchemaDef,
};
pub use standing::{
    Counts, Forms, FormsReport, Grant, Inspector, PhotoReport, SchemaVersion, Standing, SyncPhase,
    SyncProgress, SyncReport, Waiting,
};
pub use value::{Point, Value, Words};
pub use work::{
    Draft, DrawnDoor, Figures, Judged, Photo, Rate, Registered, ReturnedRow, SetbackRow, Step,
    TaskRow, Todo, WorkRow,
};

use serde::{Serialize, de::DeserializeOwned};

use crate::phone::Problem;

/// An answer of the phone's, as a record of these.
pub(super) fn read<T: DeserializeOwned>(answer: &impl Serialize) -> Result<T, Problem> {
    let answer = serde_json::to_value(answer).map_err(|_| Problem::call())?;
    serde_json::from_value(answer).map_err(|_| Problem::call())
}
