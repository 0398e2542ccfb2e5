//! Bounds of one import.

/// Bytes of one file.
pub const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;
/// Rows of one file: a city's shops.
pub const MAX_ROWS: usize = 1_000_000;
/// Columns of one file.
pub(super) const MAX_COLUMNS: usize = 512;
/// Rows that are written in one transaction.
pub(super) const BATCH: usize = 200;
/// Bytes of a column map.
pub(super) const MAX_MAP_BYTES: u64 = 1024 * 1024;
