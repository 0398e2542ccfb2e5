//! What every file of the repository keeps to, whoever wrote it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Lines a source file may have before it is no longer one thing.
const LINES_MAX: usize = 400;

/// The folders the repository consists of; dot-folders and build output stand beside them.
const FOLDERS: [&str; 6] = [
    "docs",
    "mobile-bindings",
    "schemas",
    "server",
    "sync-core",
    "tests",
];

/// Folders that hold what tools made: they are in `.gitignore`.
const MADE: [&str; 7] = [
    ".git",
    "artifacts",
    "corpus",
    "dist",
    "node_modules",
    "pkg",
    "target",
];

#[test]
fn no_source_file_is_past_400_lines() -> io::Result<()> {
    report("split it: each file is one thing", |file| {
        let counted = file.has_extension("rs") && !file.is_test();
        let lines = file.text.lines().count();
        let long = counted && lines > LINES_MAX;
        long.then(|| format!("{lines} lines")).into_iter().collect()
    })
}

#[test]
fn no_file_names_a_path_of_one_machine() -> io::Result<()> {
    let roots = ["home", "root", "work", "Users"].map(|name| format!("/{name}/"));
    report("make it relative or an argument", |file| {
        // A slash after a name or a dot goes on with a relative path or an address.
        let absolute = |at: usize| {
            let before = file.text[..at].chars().next_back();
            !before.is_some_and(|c| c.is_ascii_alphanumeric() || "._-}$)/*".contains(c))
        };
        file.lines_with(&roots, absolute)
    })
}

#[test]
fn no_file_names_the_host_of_a_package_registry() -> io::Result<()> {
    let hosts = [
        ("crates", "io"),
        ("npmjs", "com"),
        ("npmjs", "org"),
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("deb.debian", "org"),
        ("security.debian", "org"),
        ("static.rust-lang", "org"),
    ]
    .map(|(name, top)| format!("{name}.{top}"));
    report(
        "packages come by name, from whatever registry the machine is set up with",
        |file| {
            // Cargo writes its index's name into the lock files itself.
            if file.path.ends_with("Cargo.lock") {
                Vec::new()
            } else {
                file.lines_with(&hosts, |_| true)
            }
        },
    )
}

#[test]
fn nothing_is_left_to_do_in_a_comment() -> io::Result<()> {
    let marks =
        ["TO", "FIX"].map(|start| start.to_owned() + if start == "TO" { "DO" } else { "ME" });
    report("do it, or file it as an issue", |file| {
        file.lines_with(&marks, |_| true)
    })
}

#[test]
fn every_link_in_the_docs_leads_to_a_file() -> io::Result<()> {
    report("the target does not exist", |file| {
        if file.has_extension("md") {
            file.broken_links()
        } else {
            Vec::new()
        }
    })
}

#[test]
fn every_word_of_the_schemas_stands_in_the_glossary() -> io::Result<()> {
    let glossary = fs::read_to_string(root().join("docs/GLOSSARY.md"))?;
    report("add it to docs/GLOSSARY.md", |file| {
        let in_schemas = ["schemas/kinds", "schemas/codes", "schemas/offices.toml"]
            .iter()
            .any(|part| file.path.starts_with(part));
        if !in_schemas || !file.has_extension("toml") {
            return Vec::new();
        }
        // An office's `duty_zh` is a sentence, not a word.
        let text = file.text.replace("duty_zh", "duty");
        let labels = text
            .split("zh = \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        labels
            .filter(|label| !glossary.contains(label))
            .map(str::to_owned)
            .collect()
    })
}

#[test]
fn the_repository_has_only_the_folders_it_is_meant_to_have() -> io::Result<()> {
    for entry in fs::read_dir(root())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = FOLDERS.contains(&name.as_str()) || is_made(&name) || name.starts_with('.');
        assert!(
            !entry.file_type()?.is_dir() || known,
            "{name}/ is not one of {FOLDERS:?}"
        );
    }
    Ok(())
}

/// A text file of the repository.
struct File {
    /// From the repository's root.
    path: PathBuf,
    text: String,
}

impl File {
    fn has_extension(&self, extension: &str) -> bool {
        self.path.extension().is_some_and(|e| e == extension)
    }

    /// Tests beside the code (`tests.rs`, `x_tests.rs`, `x/tests/…`) and whole test targets. The
    /// crate `tests/src` is a library and counts as code.
    fn is_test(&self) -> bool {
        let path = self.path.strip_prefix("tests").unwrap_or(&self.path);
        let folder = path.iter().any(|part| part == "tests");
        let stem = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        folder || stem.is_some_and(|stem| stem == "tests" || stem.ends_with("_tests"))
    }

    /// `line: text` for each place that holds one of `words` and that `counts`.
    fn lines_with(&self, words: &[String], counts: impl Fn(usize) -> bool) -> Vec<String> {
        let mut found = Vec::new();
        for word in words {
            for (at, _) in self
                .text
                .match_indices(word.as_str())
                .filter(|(at, _)| counts(*at))
            {
                let line = self.text[..at].matches('\n').count() + 1;
                found.push(format!("line {line}: {word}"));
            }
        }
        found
    }

    /// Targets of `[…](target)` outside code blocks that are neither an address nor a file.
    fn broken_links(&self) -> Vec<String> {
        let prose: Vec<&str> = self.text.split("```").step_by(2).collect();
        let targets = prose.iter().flat_map(|part| part.split("](").skip(1));
        let folder = root().join(self.path.parent().unwrap_or(Path::new("")));
        targets
            .filter_map(|rest| rest.split([')', ' ', '#']).next())
            .filter(|target| !target.is_empty() && !target.contains(':'))
            .filter(|target| !folder.join(target).exists())
            .map(str::to_owned)
            .collect()
    }
}

/// Fails with every complaint of `check` about any file.
fn report(advice: &str, check: impl Fn(&File) -> Vec<String>) -> io::Result<()> {
    let mut files = Vec::new();
    collect(&root(), &mut files)?;
    assert!(
        files.len() > 10,
        "the repository was not found at {}",
        root().display()
    );
    let complaints: Vec<String> = files
        .iter()
        .flat_map(|file| {
            check(file)
                .into_iter()
                .map(|c| format!("{}: {c}", file.path.display()))
        })
        .collect();
    assert!(
        complaints.is_empty(),
        "{advice}:\n{}",
        complaints.join("\n")
    );
    Ok(())
}

/// The text files under `folder`, without what tools made. Walked rather than asked of git, so that
/// an unpacked archive is checked as well.
fn collect(folder: &Path, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if is_made(&entry.file_name().to_string_lossy()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&path, files)?;
        } else if let Ok(text) = String::from_utf8(fs::read(&path)?) {
            let path = path.strip_prefix(root()).unwrap_or(&path).to_owned();
            files.push(File { path, text });
        }
    }
    Ok(())
}

fn is_made(name: &str) -> bool {
    MADE.contains(&name) || name.starts_with("target-")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default()
}

/// What left with a release under a number is that number's content for good.
#[test]
fn a_released_version_of_the_schemas_is_as_it_was_released() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/released.txt");
    let text = fs::read_to_string(file).unwrap();
    let version = schemas::SchemaSet::builtin().unwrap().version();
    let files = sync_core::sync::SchemaFiles::builtin(version);
    let digest = sync_core::Sha256::of(&files.to_bytes()).to_string();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let released: Vec<(u32, &str)> = lines
        .map(|line| {
            let (number, digest) = line.split_once(' ').unwrap();
            (number.parse().unwrap(), digest)
        })
        .collect();
    let last = released.last().map_or(0, |(number, _)| *number);
    assert!(
        last + 1 == version || released.contains(&(version, &digest)),
        "raise `version` in schema.toml to {}, or put back what version {last} was: {digest}",
        last + 1
    );
}
