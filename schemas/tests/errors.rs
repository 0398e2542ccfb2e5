//! Errors in schema files: a golden list, and hostile input.
//!
//! `tests/bad/*.txt` holds one set each, as sections `=== file name`. Run with `UPDATE_GOLDEN=1`
//! to write `tests/bad/errors.golden` anew, then read the difference.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use schemas::builtin::FILES;
use schemas::limits::{MAX_ERRORS, MAX_FILE_BYTES, MAX_FILES};
use schemas::{SchemaSet, SourceFile};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad")
}

fn sections(text: &str) -> Vec<SourceFile<'_>> {
    let parts = text.split("=== ").skip(1);
    parts
        .filter_map(|part| part.split_once('\n'))
        .map(|(name, text)| SourceFile { name, text })
        .collect()
}

fn errors(files: &[SourceFile<'_>]) -> Vec<String> {
    let errors = SchemaSet::parse(files).err().unwrap_or_default();
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn every_mistake_is_reported_with_its_line_and_what_to_write_instead() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    cases.sort();
    let mut found = String::new();
    for path in &cases {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = errors(&sections(&text));
        assert!(!lines.is_empty(), "{} has no error", path.display());
        let name = path.file_stem().unwrap().to_str().unwrap();
        writeln!(found, "{name}\n  {}\n", lines.join("\n  ")).unwrap();
    }
    let golden = folder().join("errors.golden");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &found).unwrap();
    }
    assert!(cases.len() >= 6);
    assert_eq!(found, std::fs::read_to_string(golden).unwrap());
}

#[test]
fn nothing_at_all_is_an_error_and_a_version_alone_is_a_set() {
    assert_eq!(
        errors(&[]),
        ["schema.toml: file is missing; add it with `version = 1`"]
    );
    assert!(
        SchemaSet::parse(&[SourceFile {
            name: "schema.toml",
            text: "version = 3"
        }])
        .is_ok()
    );
}

#[test]
fn too_long_and_too_many_files_are_refused_before_they_are_parsed() {
    let long = "#".repeat(MAX_FILE_BYTES + 1);
    let file = SourceFile {
        name: "kinds/x.toml",
        text: &long,
    };
    assert_eq!(
        errors(&[file]),
        ["kinds/x.toml: file is longer than 262144 bytes"]
    );
    let fits = "#".repeat(MAX_FILE_BYTES);
    assert!(
        !errors(&[SourceFile {
            name: "kinds/x.toml",
            text: &fits
        }])[0]
            .contains("longer")
    );
    let many = vec![
        SourceFile {
            name: "kinds/x.toml",
            text: ""
        };
        MAX_FILES + 1
    ];
    assert_eq!(errors(&many), ["schema.toml: more than 256 files"]);
    let heavy = vec![
        SourceFile {
            name: "kinds/x.toml",
            text: &fits
        };
        9
    ];
    assert_eq!(
        errors(&heavy),
        ["schema.toml: more than 2097152 bytes in all files"]
    );
}

#[test]
fn nesting_is_bounded_in_toml_and_in_conditions() {
    let arrays = format!("a = {}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let found = errors(&[SourceFile {
        name: "kinds/x.toml",
        text: &arrays,
    }]);
    assert!(
        found.iter().any(|error| error.contains("not TOML")),
        "{found:?}"
    );
    let deep = format!(
        "[[proposal]]\nid = \"x\"\nkind = \"x\"\nclass = \"x\"\nwhen = [{}{{ field = \"a\", set = true }}{}]",
        "{ all = [".repeat(20),
        "] }".repeat(20)
    );
    let found = errors(&[SourceFile {
        name: "rules/x.toml",
        text: &deep,
    }]);
    assert!(
        found
            .iter()
            .any(|error| error.contains("nest deeper than 4")),
        "{found:?}"
    );
}

#[test]
fn the_list_of_errors_is_bounded() {
    let text = "[[office]]\n".repeat(5_000);
    assert_eq!(
        errors(&[SourceFile {
            name: "offices.toml",
            text: &text
        }])
        .len(),
        MAX_ERRORS
    );
}

#[test]
fn limits_on_rules_codes_and_fields_are_told() {
    let rule = |id: usize| {
        format!(
            "[[rule]]\nid = \"r{id}\"\nzh = \"x\"\nen = \"x\"\nkind = \"k\"\non = [{{ created = true }}]\nto = \"o\"\nhow = \"at_once\"\nas = \"item\"\n"
        )
    };
    let told = |name: &str, text: &str, message: &str| {
        let found = errors(&[SourceFile { name, text }]);
        found.iter().any(|error| error.ends_with(message))
    };
    let rules = |count| (0..count).map(rule).collect::<String>();
    assert!(told("rules/x.toml", &rules(257), "more than 256 rules"));
    assert!(!told("rules/x.toml", &rules(256), "more than 256 rules"));
    let codes = |count| {
        let rows = (0..count).map(|at| format!("{{code=\"{at}\",zh=\"x\",en=\"x\"}},\n"));
        format!(
            "name=\"x\"\nzh=\"x\"\nen=\"x\"\ncode=[{}]",
            rows.collect::<String>()
        )
    };
    assert!(told("codes/x.toml", &codes(4097), "more than 4096 codes"));
    assert!(!told("codes/x.toml", &codes(4096), "more than 4096 codes"));
    let fields = |count| {
        let row = |at| format!("[[field]]\nname=\"f{at}\"\nzh=\"x\"\nen=\"x\"\ntype=\"flag\"\n");
        format!(
            "name=\"x\"\nzh=\"x\"\nen=\"x\"\ngrid=\"own\"\n{}",
            (0..count).map(row).collect::<String>()
        )
    };
    assert!(told("kinds/x.toml", &fields(65), "more than 64 fields"));
    assert!(!told("kinds/x.toml", &fields(64), "more than 64 fields"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_damaged_set_never_makes_the_parser_panic(
        file in 0..FILES.len(), cut in 0..200_000_usize, length in 0..60_usize,
        insert in "[\\[\\]{}=\"a-z0-9_., \n#é]{0,12}",
    ) {
        let original = FILES[file].text;
        let mut at = cut % (original.len() + 1);
        while !original.is_char_boundary(at) { at -= 1; }
        let mut end = (at + length).min(original.len());
        while !original.is_char_boundary(end) { end += 1; }
        let damaged = format!("{}{insert}{}", &original[..at], &original[end..]);
        let mut files = FILES.to_vec();
        files[file].text = &damaged;
        if let Err(errors) = SchemaSet::parse(&files) {
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.iter().all(|error| !error.message.is_empty()));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text: String, file in 0..FILES.len()) {
        let _ = SchemaSet::parse(&[SourceFile { name: FILES[file].name, text: &text }]);
    }
}
