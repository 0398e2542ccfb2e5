//! Lists of shops and findings, the map, and a shop's dossier.

use serde::{Deserialize, Serialize};

use super::{Point, RecordState, Row, Words};

/// Whether a shop is to be visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "lowercase")]
pub enum Due {
    /// Not visited in this interval.
    Due,
    /// To be visited again.
    Revisit,
    /// Visited.
    Visited,
}

/// An order of shops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The nearest first.
    Near,
    /// As the doors stand.
    Door,
}

/// Which shops, in which order, how many.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, uniffi::Record)]
#[serde(default)]
pub struct ShopQuery {
    /// Name, door, owner or licence, by part of it or by pinyin initials.
    #[uniffi(default = None)]
    pub text: Option<String>,
    /// Only this grid.
    #[uniffi(default = None)]
    pub grid: Option<String>,
    /// Only those that are due so.
    #[uniffi(default = None)]
    pub due: Option<Due>,
    /// Only this business type and those below it.
    #[uniffi(default = None)]
    pub business_type: Option<String>,
    /// Only those not visited for longer than they should be.
    #[uniffi(default = None)]
    pub overdue: Option<bool>,
    /// Only those with open findings.
    #[uniffi(default = None)]
    pub findings: Option<bool>,
    /// Where the phone is.
    #[uniffi(default = None)]
    pub here: Option<Point>,
    /// In which order; the nearest first where the place is known.
    #[uniffi(default = None)]
    pub order: Option<Order>,
    /// Rows to leave out.
    #[uniffi(default = None)]
    pub offset: Option<u64>,
    /// Most rows, 200 at most.
    #[uniffi(default = None)]
    pub limit: Option<u64>,
}

/// One visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct VisitMark {
    /// The visit.
    pub record: String,
    /// Its outcome's code.
    pub outcome: String,
    /// When, ms.
    pub at_ms: i64,
    /// Who, as people know them.
    pub by: String,
    /// Whether on this phone.
    pub own: bool,
}

/// Something about a shop that wants a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct ShopWarning {
    /// Which sort of warning, as a code.
    pub kind: String,
    /// What people read.
    pub words: Words,
    /// The register where to act.
    pub key: Option<String>,
    /// The record where to act, if it is another one.
    pub record: Option<String>,
    /// The day it is about.
    pub date: Option<String>,
}

/// A shop in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct ShopRow {
    /// The shop.
    pub id: String,
    /// Its grid.
    pub grid: String,
    /// Road and door number.
    pub door: String,
    /// Unit number.
    pub unit: String,
    /// Name on the sign.
    pub sign: String,
    /// Business type's code.
    pub business_type: Option<String>,
    /// Operating state's code.
    pub state: Option<String>,
    /// People living there.
    pub residents: u32,
    /// People working there.
    pub workers: u32,
    /// Where it is.
    pub location: Option<Point>,
    /// Metres from where the phone is.
    pub metres: Option<u32>,
    /// Whether it is to be visited.
    pub due: Due,
    /// The last visit.
    pub last: Option<VisitMark>,
    /// Open findings.
    pub findings: u32,
    /// Registers in conflict.
    pub conflicts: u32,
    /// What wants a look.
    pub warnings: Vec<ShopWarning>,
    /// Whether own changes of it are not settled yet.
    pub pending: bool,
}

/// Shops of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct ShopPage {
    /// Rows of the whole list.
    pub total: u64,
    /// Those asked for.
    pub rows: Vec<ShopRow>,
}

/// How far the round has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct TodayCounts {
    /// Shops not visited.
    pub due: u64,
    /// Those to be visited again.
    pub revisit: u64,
    /// Those visited.
    pub visited: u64,
    /// All of them.
    pub all: u64,
}

/// A page of Today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct TodayPage {
    /// How far the round has come, in the grid asked for.
    pub counts: TodayCounts,
    /// Rows of the whole list.
    pub total: u64,
    /// Those asked for.
    pub rows: Vec<ShopRow>,
}

/// A shop on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct MapPoint {
    /// The shop.
    pub id: String,
    /// Where it is.
    pub at: Point,
    /// Whether it is to be visited.
    pub due: Due,
    /// Name on the sign.
    pub sign: String,
}

/// A grid as its shops show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct GridMap {
    /// The corners of the line around it, in order, the first not repeated.
    pub outline: Vec<Point>,
    /// Its shops.
    pub points: Vec<MapPoint>,
}

/// Records of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct RowPage {
    /// Rows of the whole list.
    pub total: u64,
    /// Those asked for.
    pub rows: Vec<Row>,
}

/// Where a finding stands, as the server said last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct CaseStatus {
    /// The state's code.
    pub state: String,
    /// What people read for it.
    pub words: Words,
    /// The office that has it.
    pub office: Option<Words>,
    /// By when, ms.
    pub due_ms: Option<i64>,
    /// Whether its clock stands still.
    pub paused: bool,
    /// When it was closed, ms.
    pub closed_ms: Option<i64>,
    /// When the server said so, ms.
    pub told_ms: i64,
}

/// A finding in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct FindingRow {
    /// The record.
    #[serde(flatten)]
    pub row: Row,
    /// Where it stands; none until the server said.
    pub case: Option<CaseStatus>,
    /// Whether this inspector reported it.
    pub own: bool,
    /// The shop.
    pub shop: Option<String>,
    /// The name on its sign.
    pub sign: String,
}

/// Findings of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct FindingPage {
    /// Rows of the whole list.
    pub total: u64,
    /// Those asked for.
    pub rows: Vec<FindingRow>,
}

/// Who visited a shop today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct VisitedToday {
    /// As people know them.
    pub by: String,
    /// When, ms.
    pub at_ms: i64,
}

/// Everything about a shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Dossier {
    /// The shop itself: the one that it was merged into, if it was.
    pub shop: RecordState,
    /// Its row.
    pub row: ShopRow,
    /// Who visited it today.
    pub visited_today: Option<VisitedToday>,
    /// The landlord.
    pub landlord: Option<Row>,
    /// The tenant.
    pub tenant: Option<Row>,
    /// The operator.
    pub operator: Option<Row>,
    /// People living there, those who left last.
    pub residents: Vec<Row>,
    /// People working there, those who left last.
    pub workers: Vec<Row>,
    /// Findings, the latest first.
    pub findings: Vec<FindingRow>,
    /// Visits, the latest first.
    pub visits: Vec<Row>,
    /// What wants a look.
    pub warnings: Vec<ShopWarning>,
}
