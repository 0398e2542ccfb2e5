//! The schema files that come with the program, built in: no file system is needed.

use crate::set::SourceFile;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(SourceFile { name: $name, text: include_str!(concat!("../", $name)) }),*]
    };
}

/// Every built-in file, as a server hands them to phones.
pub const FILES: &[SourceFile<'static>] = files!["schema.toml",];
