//! Every bound of the core, in one place. Each has a test that goes past it.

/// Operations in one change. A form of 200 fields with 300 entries stays far below.
pub const MAX_OPS_PER_CHANGE: usize = 4_096;
/// Bytes of one change chunk, inflated.
pub const MAX_CHANGE_BYTES: usize = 48 * 1024;
/// Direct dependencies of one change, which is how many heads a record may have.
pub const MAX_DEPS: usize = 64;
/// Actors named in one change beside its author.
pub const MAX_OTHER_ACTORS: usize = 256;
/// Predecessors of one operation: the concurrent values it replaces.
pub const MAX_PREDS: usize = 256;
/// Bytes of a register key.
pub const MAX_KEY_BYTES: usize = 96;
/// Bytes of one text value (UTF-8).
pub const MAX_TEXT_BYTES: usize = 8 * 1024;
/// Bytes of one byte-string value.
pub const MAX_BLOB_BYTES: usize = 256;
/// Bytes of the commit message Automerge allows and we do not use.
pub const MAX_MESSAGE_BYTES: usize = 0;
/// Highest operation counter. Automerge stores counters in 32 bits.
pub const MAX_OP_COUNTER: u64 = 0x7FFF_FFFF;
/// Latest wall time of a change, ms since 1970: the end of the year 9999. Automerge keeps times as
/// differences, which must not leave 64 bits.
pub const MAX_TIME_MS: i64 = 253_402_300_799_999;
/// Changes of one record.
pub const MAX_CHANGES_PER_RECORD: usize = 20_000;
/// Highest operation counter of a record: its document takes a microsecond an operation to load.
pub const MAX_OPS_PER_RECORD: u64 = 100_000;
/// Registers of one record, retired ones and removed entries included.
pub const MAX_REGISTERS_PER_RECORD: usize = 4_096;
/// Bytes of one record's snapshot.
pub const MAX_SNAPSHOT_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of one bundle as sent: the unit of resume.
pub const MAX_BUNDLE_BYTES: usize = 64 * 1024;
/// Bytes of one bundle's body once inflated or expanded.
pub const MAX_BODY_BYTES: usize = 512 * 1024;
/// Bytes of change chunks at which an open bundle is closed.
pub const CLOSE_BUNDLE_AT_BYTES: usize = 40 * 1024;
/// Changes of one bundle.
pub const MAX_CHANGES_PER_BUNDLE: usize = 1_024;
/// Bytes of one request's body.
pub const MAX_REQUEST_BYTES: usize = 1024 * 1024;
/// Bytes of one response's body.
pub const MAX_RESPONSE_BYTES: usize = 8 * 1024 * 1024;
/// Bundles of one request.
pub const MAX_BUNDLES_PER_REQUEST: usize = 16;
/// Bytes of one feed or pack part as sent.
pub const MAX_PART_BYTES: usize = 64 * 1024;
/// Bytes of one feed or pack part once inflated.
pub const MAX_PART_INFLATED_BYTES: usize = 2 * MAX_SNAPSHOT_BYTES;
/// Streams (grids and the device's own) one phone follows.
pub const MAX_STREAMS: usize = 64;
/// Bytes of one version of the schemas as served.
pub const MAX_SCHEMA_BYTES: usize = 2 * 1024 * 1024 + 64 * 1024;
/// Files of one version of the schemas.
pub const MAX_SCHEMA_FILES: usize = 400;
/// Bytes of one attached file after the phone scaled it down.
pub const MAX_ATTACHMENT_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of the piece in which an attachment is kept and read.
pub const ATTACHMENT_PIECE_BYTES: usize = 256 * 1024;
/// Rounds of one session before it yields, so that a faulty server cannot keep a phone busy.
pub const MAX_SESSION_ROUNDS: u32 = 4_096;
/// Bytes of an exported outbox file.
pub const MAX_OUTBOX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// Typed edits in one commit.
pub const MAX_EDITS_PER_COMMIT: usize = 1_024;
/// Records listed or found in one call.
pub const MAX_PAGE: usize = 500;
