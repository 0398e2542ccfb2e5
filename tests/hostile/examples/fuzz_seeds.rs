//! Writes starting inputs for sync-core's fuzz targets:
//! `cargo run -p gridbook-hostile --example fuzz_seeds -- sync-core/fuzz/corpus`.

use std::{env, fs, io, path::Path};

use gridbook_hostile::{Corpus, body_of};
use sync_core::Sha256;

fn main() -> io::Result<()> {
    let folder = env::args()
        .nth(1)
        .unwrap_or_else(|| "sync-core/fuzz/corpus".to_owned());
    let folder = Path::new(&folder);
    let corpus = Corpus::for_fuzzing();
    for (record, history) in (0_u8..).zip(corpus.histories()) {
        for (moment, (at, _)) in (0_u8..).zip(&history.points) {
            let Some(next) = history.changes.get(*at) else {
                continue;
            };
            let body = body_of(&next.chunk);
            write(&folder.join("scan"), body)?;
            write(&folder.join("admit"), &[&[record, moment], body].concat())?;
        }
    }
    for (choice, file) in (0_u8..).zip(schemas::builtin::FILES) {
        let input = [&[choice], file.text.as_bytes()].concat();
        write(&folder.join("toml"), &input)?;
    }
    Ok(())
}

/// Under its digest, so that running it again writes the same files.
fn write(folder: &Path, input: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(Sha256::of(input).to_string()), input)
}
