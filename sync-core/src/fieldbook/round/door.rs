//! The order of doors: as a person walks, 8 before 12, 12 before 12甲.

use std::cmp::Ordering;

/// Compares texts by their runs of digits as numbers and by what is between them as text.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (run_a, rest_a) = run(left);
        let (run_b, rest_b) = run(right);
        if run_a.is_empty() || run_b.is_empty() {
            return run_a.len().cmp(&run_b.len()).then_with(|| a.cmp(b));
        }
        let order = if is_digits(run_a) && is_digits(run_b) {
            let (number_a, number_b) = (significant(run_a), significant(run_b));
            let longer = number_a.len().cmp(&number_b.len());
            longer.then_with(|| number_a.cmp(number_b))
        } else {
            run_a.cmp(run_b)
        };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (rest_a, rest_b);
    }
}

/// The longest beginning of digits only, or of no digits.
fn run(text: &str) -> (&str, &str) {
    let digits = is_digits(text.get(..1).unwrap_or_default());
    let end = text
        .bytes()
        .position(|byte| byte.is_ascii_digit() != digits);
    text.split_at_checked(end.unwrap_or(text.len()))
        .unwrap_or((text, ""))
}

fn is_digits(text: &str) -> bool {
    text.bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit())
}

fn significant(digits: &str) -> &str {
    digits.trim_start_matches('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doors_stand_in_the_order_of_the_street() {
        let sorted = [
            "",
            "008号",
            "8号",
            "8号甲",
            "12号",
            "12号-1",
            "12号-2",
            "12号-10",
            "100号",
            "古美路 2 号",
            "古美路 2 号 B",
            "古美路 11 号",
            "平南路 1 号",
            "99999999999999999999999999999999号",
        ];
        let mut doors = sorted;
        doors.reverse();
        doors.sort_unstable_by(|a, b| compare(a, b));
        let place = |door: &str| doors.iter().position(|one| *one == door).unwrap();
        for pair in [
            ["8号", "12号"],
            ["12号-2", "12号-10"],
            ["古美路 2 号", "古美路 11 号"],
            ["100号", "99999999999999999999999999999999号"],
            ["8号", "8号甲"],
            ["12号", "古美路 2 号"],
        ] {
            assert!(place(pair[0]) < place(pair[1]), "{pair:?} {doors:?}");
        }
        assert_eq!(doors[0], "");
    }

    #[test]
    fn the_order_is_total() {
        let doors = ["1a", "01a", "1", "a1", "a", "一号", "1 2", "1 10"];
        for a in doors {
            for b in doors {
                assert_eq!(compare(a, b), compare(b, a).reverse(), "{a} {b}");
                assert_eq!(compare(a, b) == Ordering::Equal, a == b, "{a} {b}");
                for c in doors {
                    if compare(a, b).is_lt() && compare(b, c).is_lt() {
                        assert!(compare(a, c).is_lt(), "{a} {b} {c}");
                    }
                }
            }
        }
    }
}
