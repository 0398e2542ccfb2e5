//! Schema files: one file in place of one of the built-in ones, or beside them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use schemas::{SchemaSet, SourceFile, builtin};

fuzz_target!(|data: &[u8]| {
    let Some((choice, text)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let mut files: Vec<SourceFile<'_>> = builtin::FILES.to_vec();
    let at = usize::from(*choice) % (files.len() + 1);
    match files.get_mut(at) {
        Some(file) => file.text = text,
        None => files.push(SourceFile {
            name: "kinds/other.toml",
            text,
        }),
    }
    if let Err(errors) = SchemaSet::parse(&files) {
        assert!(!errors.is_empty());
    }
});
