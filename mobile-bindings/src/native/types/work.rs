//! Own work: what is to be done, what was done, drafts and photos that wait.

use serde::{Deserialize, Serialize};

use super::{Form, Row, ShopRow, Words};

/// Everything that waits for the inspector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Todo {
    /// Shops to visit again.
    pub revisit: Vec<ShopRow>,
    /// Tasks, those due first.
    pub tasks: Vec<TaskRow>,
    /// Edits to correct.
    pub returned: Vec<ReturnedRow>,
    /// What the server holds.
    pub held: Vec<SetbackRow>,
}

/// A task for this inspector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct TaskRow {
    /// The task.
    pub id: String,
    /// The task type's code.
    #[serde(rename = "type")]
    pub task_type: String,
    /// What people read for it.
    pub words: Words,
    /// The door.
    pub door: String,
    /// What to find out.
    pub question: String,
    /// When it is due, ms.
    pub due_ms: Option<i64>,
    /// The task's record, where it is in the book: what is answered is written there.
    pub record: Option<Row>,
    /// Where what is made for it stands.
    pub grid: Option<String>,
    /// The shop, where it is in the book.
    pub shop: Option<String>,
    /// The finding, where it is in the book.
    pub finding: Option<String>,
    /// The person to collect again, where they are in the book.
    pub resident: Option<String>,
    /// Of a spot check: how its door was drawn.
    pub draw: Option<DrawnDoor>,
}

/// How the door of a spot check was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct DrawnDoor {
    /// The batch.
    pub batch: String,
    /// The method's code.
    pub method: String,
    /// The shop, whether it is in the book or not.
    pub shop: Option<String>,
}

/// Edits to correct and send again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct ReturnedRow {
    /// Names it in `resolve_returned`.
    pub id: i64,
    /// The record.
    pub record: String,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The shop that it belongs to.
    pub shop: Option<String>,
    /// Why.
    pub why: Option<Words>,
    /// The register at fault.
    pub field: Option<String>,
    /// When it was committed, ms.
    pub at_ms: i64,
    /// What was done.
    pub form: Form,
}

/// A record that the server held or refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct SetbackRow {
    /// The record.
    pub record: String,
    /// Its kind; empty where it is not in the book any more.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The shop that it belongs to.
    pub shop: Option<String>,
    /// Whether it waits; otherwise it was refused.
    pub held: bool,
    /// Why.
    pub why: Words,
    /// The field at fault.
    pub field: Option<Words>,
}

/// How far an own change has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// On this phone.
    Kept,
    /// With the server.
    Received,
    /// In the register.
    Entered,
    /// Held by the server.
    Held,
    /// Refused.
    Refused,
}

/// An own change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct WorkRow {
    /// The record.
    pub record: String,
    /// Its kind; empty where it is not in the book any more.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The shop that it belongs to.
    pub shop: Option<String>,
    /// When it was made, ms.
    pub at_ms: i64,
    /// How far it has come.
    pub step: Step,
    /// Why not further.
    pub why: Option<Words>,
    /// The field at fault.
    pub field: Option<Words>,
}

/// A photo that the server does not have whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Photo {
    /// The record.
    pub record: String,
    /// The photo, by its SHA-256.
    pub sha256: String,
    /// Its media type.
    pub media: String,
    /// Its size.
    pub bytes: u64,
    /// Bytes that the server has.
    pub uploaded: u64,
}

/// A form begun and not saved, in the app's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// What people read for it.
    pub title: String,
    /// When it was kept, ms.
    pub at_ms: i64,
    /// What the app wrote.
    pub body: String,
}

/// What an inspector did in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Figures {
    /// `YYYY-MM`.
    pub month: String,
    /// Shops to be visited.
    pub due: u32,
    /// Those that were, by whomever.
    pub visited: u32,
    /// Own visits.
    pub visits: u32,
    /// Own visits that were refused.
    pub refused: u32,
    /// Own visits to a shut door.
    pub shut: u32,
    /// Own findings.
    pub findings: u32,
    /// People registered by this phone.
    pub registered: Registered,
}

/// People registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Registered {
    /// Living in a shop.
    pub residents: u32,
    /// Working in one.
    pub workers: u32,
}

/// A rate with its 95 % interval, each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Rate {
    /// Hits.
    pub hits: u32,
    /// Of so many.
    pub n: u32,
    /// The rate.
    pub rate: Option<f64>,
    /// Where the interval begins.
    pub low: Option<f64>,
    /// Where it ends.
    pub high: Option<f64>,
    /// Whether there are enough to say anything.
    pub enough: bool,
}

/// What spot checks said of an own grid in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Judged {
    /// `YYYY-MM`.
    pub month: String,
    /// The grid.
    pub grid: String,
    /// Doors not judged yet.
    pub waiting: u32,
    /// Doors appealed against.
    pub appealed: u32,
    /// Doors that do not count.
    pub not_counted: u32,
    /// Shops that are in the register.
    pub shops: Rate,
    /// Fields that are as on site.
    pub consistent: Rate,
    /// Residents that are in the register.
    pub residents: Rate,
    /// Workers that are in the register.
    pub workers: Rate,
    /// Whether the month is locked.
    pub locked: bool,
    /// When the server said so, ms.
    pub told_ms: i64,
}
