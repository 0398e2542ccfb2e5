//! The demo's day, small: everything it shows must happen, and every phone must see the hub's view.

use std::path::Path;

use gridbook_tests::demo::{DemoError, Options, run};

#[test]
fn a_small_day_has_conflicts_holds_and_refusals_and_ends_with_equal_views() {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("demo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let options = Options {
        seed: 5,
        phones: 5,
        shops: 24,
        folder: folder.clone(),
    };
    let mut said = Vec::new();
    let outcome = run(&options, &mut |line| said.push(line.to_owned()));
    std::fs::remove_dir_all(&folder).unwrap();
    let outcome = outcome.unwrap();
    assert!(outcome.all_equal(), "{said:?}\n{outcome}");
    let counts = outcome.counts;
    assert_eq!(outcome.phones, 6, "five and the new one");
    assert!(counts.changes > 100, "{outcome}");
    assert!(counts.conflicts > 0 && counts.decided > 0, "{outcome}");
    assert!(
        outcome.open > 0,
        "an edit that had not seen the decision shows anew\n{outcome}"
    );
    assert!(
        counts.held > 0 && counts.released == counts.held,
        "{outcome}"
    );
    assert!(outcome.refused > 0 && counts.returned > 0, "{outcome}");
    assert!(outcome.made_again > 0, "{outcome}");
    assert!(outcome.broken > 0, "the line loses requests\n{outcome}");
    assert_eq!(outcome.waiting, 0, "{outcome}");
    assert!(counts.packed > 0, "{outcome}");
}

#[test]
fn options_that_make_no_street_are_an_error() {
    for (phones, shops) in [(1, 100), (24, 30)] {
        let folder = std::env::temp_dir();
        let options = Options {
            seed: 1,
            phones,
            shops,
            folder,
        };
        assert!(matches!(
            run(&options, &mut |_| ()),
            Err(DemoError::Options(_))
        ));
    }
}
