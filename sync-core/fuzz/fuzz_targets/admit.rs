//! A change to a record: two bytes choose one of the genuine records and a moment of its life,
//! the others are the change's body. What enters must leave a record that Automerge saves, loads
//! and reads as the registers do; what does not must leave it as it was.
#![no_main]

use std::sync::OnceLock;

use gridbook_hostile::{Corpus, check_record, seal};
use libfuzzer_sys::fuzz_target;
use sync_core::change::{Incoming, Outcome, admit};

static CORPUS: OnceLock<Corpus> = OnceLock::new();

fuzz_target!(|data: &[u8]| {
    let corpus = CORPUS.get_or_init(|| {
        // Admission catches Automerge's panics, at which libFuzzer's hook would abort.
        std::panic::set_hook(Box::new(|_| {}));
        Corpus::for_fuzzing()
    });
    let Some(([record, moment], body)) = data.split_first_chunk::<2>() else {
        return;
    };
    let histories = corpus.histories();
    let points = &histories[usize::from(*record) % histories.len()].points;
    let (_, before) = &points[usize::from(*moment) % points.len()];
    let Ok(incoming) = Incoming::scan(&seal(body)) else {
        return;
    };
    let mut after = before.clone();
    let admitted = admit(&mut after, &[incoming], &());
    let held = match admitted.outcomes.first() {
        Some(Outcome::Accepted(_)) => check_record(&after).is_ok(),
        _ => after == *before,
    };
    if !held {
        std::process::abort();
    }
});
