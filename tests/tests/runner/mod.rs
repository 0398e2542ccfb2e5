//! Runs a property over many cases: the same ones each time, unless told otherwise.

use std::fmt::Debug;

use gridbook_tests::props::Checked;
use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};

/// How many times more cases a soak runs.
pub(crate) const SOAK: u32 = 20;

/// Runs `law` on `cases` cases. `GRIDBOOK_SEED` chooses other ones, `PROPTEST_CASES` another
/// number of them.
pub(crate) fn run<S: Strategy>(cases: u32, strategy: &S, law: impl Fn(S::Value) -> Checked)
where
    S::Value: Debug,
{
    let seed: u64 = number("GRIDBOOK_SEED").unwrap_or(1);
    let asked = number("PROPTEST_CASES").and_then(|asked| u32::try_from(asked).ok());
    let cases = asked.unwrap_or(cases);
    let mut bytes = [0x42; 32];
    bytes
        .iter_mut()
        .zip(seed.to_be_bytes())
        .for_each(|(to, from)| *to ^= from);
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    match runner.run(strategy, |case| law(case).map_err(TestCaseError::fail)) {
        Ok(()) => {}
        Err(TestError::Fail(why, case)) => {
            panic!("GRIDBOOK_SEED={seed}: {why}\nsmallest case: {case:#?}")
        }
        Err(TestError::Abort(why)) => panic!("GRIDBOOK_SEED={seed}: gave up: {why}"),
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
