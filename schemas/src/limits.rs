//! Every limit of this crate, in one place.

/// Longest register key, in bytes.
pub const MAX_KEY_BYTES: usize = 96;
/// Longest name of a field or a group, in bytes.
pub const MAX_NAME_BYTES: usize = 40;
/// Longest code, in bytes.
pub const MAX_CODE_BYTES: usize = 24;
/// Length of an entry's id, in bytes.
pub const ENTRY_ID_BYTES: usize = 8;
/// Length of an entry's id as text (base64url without padding), in bytes.
pub const ENTRY_ID_CHARS: usize = 11;

/// Longest schema file, in bytes.
pub const MAX_FILE_BYTES: usize = 256 * 1024;
/// Most files in one schema set.
pub const MAX_FILES: usize = 256;
/// Most bytes in all files of one schema set.
pub const MAX_SET_BYTES: usize = 2 * 1024 * 1024;
/// Most errors reported for one schema set; the rest is counted, not listed.
pub const MAX_ERRORS: usize = 500;
/// Most known names that an unknown one is compared with.
pub const MAX_CANDIDATES: usize = 512;
/// Most fields of one kind.
pub const MAX_FIELDS: usize = 64;
/// Most codes of one list.
pub const MAX_CODES: usize = 4096;
/// Most dispatch rules.
pub const MAX_RULES: usize = 256;
/// Deepest nesting of `all` and `any` in a condition.
pub const MAX_CONDITION_DEPTH: usize = 4;
/// Longest label, in characters.
pub const MAX_LABEL_CHARS: usize = 60;
/// Longest text that a field may allow, in characters.
pub const MAX_TEXT_CHARS: u32 = 200;
/// Longest remark that a field may allow, in characters.
pub const MAX_REMARK_CHARS: u32 = 2000;
/// Most fields that a kind may ask for at once, unless [`required_limit`] says less.
pub const MAX_REQUIRED: usize = 12;

/// Most required fields that a form of `kind` may show at once, filled-in ones aside.
pub fn required_limit(kind: &str) -> usize {
    match kind {
        "resident" => 8,
        "finding" => 4,
        _ => MAX_REQUIRED,
    }
}

/// Earliest and latest year that a date may have.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;
/// Latest time that a register may hold: 2200-01-01, in milliseconds since 1970-01-01 UTC.
pub const MAX_TIME_MS: i64 = 7_258_118_400_000;
