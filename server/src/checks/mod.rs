//! Spot checks 抽查: doors drawn by a seed that was committed to, looked at by inspectors of other
//! grids who are shown nothing, judged, appealed against, locked, counted.
//!
//! ```text
//! open (commitment) ─ list ─ draw (seed shown) ─ tasks ─ phones
//!                                                          │ answer: a record of kind spot-check
//!                        figures ─ lock ─ decide ─ appeal ─ judge
//! ```
//!
//! What people do is an `act::Act`: checked, carried out by `apply`, journalled; a rebuild
//! carries it out again. Answers and appeals come from phones as changes and need no act.

mod act;
mod answer;
mod apply;
mod assign;
mod batch;
mod draw;
mod drawing;
mod figures;
mod frame;
mod held;
mod judge;
mod list;
mod query;
mod told;

pub(crate) use act::replay;
pub(crate) use answer::{answered, appealed};
pub use batch::{Batch, BatchFilter, NewBatch, batch_of, batches, lock, open};
pub use draw::{Door, Seed, draw, frame_digest};
pub use drawing::draw_batch;
pub use figures::{Figures, GridFigures, Rate, figures, need_reader, of_month};
pub(crate) use frame::drawn;
pub use frame::{FrameFilter, FrameRow, frame};
pub use held::{Held, Seen};
pub use judge::{AppealInput, CheckerInput, DecisionInput, JudgementInput};
pub use judge::{appeal, assign_checker, decide, judge};
pub(crate) use list::file_error;
pub use list::{Listed, MAX_LIST_BYTES, RejectedRow, list_doors};
pub use query::{DoorDetail, DoorFilter, DoorRow, door_of, doors};
pub(crate) use told::tell_phone;
