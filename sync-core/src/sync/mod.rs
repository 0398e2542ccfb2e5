//! Sync: what phone and server say to each other, and the session that says it.
//!
//! `messages` are the request and the response, `feed` and `pack` what comes down, `verdict` what
//! became of what went up, `session` the state machine that is handed bytes and hands back bytes,
//! `enrol` how a phone becomes a device, `figures` what spot checks said of its grids, `schema_files` a version of the schemas, `judge` the server's decision on one record of a bundle.

mod enrol;
mod feed;
mod figures;
mod judge;
mod messages;
mod pack;
mod schema_files;
mod session;
mod verdict;

pub use enrol::{EnrolReply, EnrolRequest};
pub use feed::{ChangesReader, FeedBody, FeedItem, FeedPart, OpenPart};
pub use figures::{ENOUGH, GridFigures, wilson};
pub use judge::{Judgement, Scanned, Standing, judge, judge_scanned};
pub use messages::{
    BundleProblem, CaseStatus, Cursor, DeviceEntry, DeviceItem, Draw, PROTOCOL, PackProgress,
    PhoneStatus, Problem, SyncRequest, SyncResponse, Task,
};
pub use pack::{PackPart, PackRecord, decode_pack, encode_pack};
pub use schema_files::SchemaFiles;
pub use session::{Applied, Clock, Desk, Report, Session, SessionError, Step};
pub use verdict::{Verdict, VerdictStatus};
