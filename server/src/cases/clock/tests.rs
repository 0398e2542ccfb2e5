//! Due times against tables written by hand. 2026: National Day 1–7 October, Saturday 10 October
//! worked in exchange; Mid-Autumn 25–27 September (Friday to Sunday), Sunday 20 September worked.

use schemas::SchemaSet;

use super::*;

const H: Clock = Clock::NaturalHours;
const W: Clock = Clock::WorkingHours;
const D: Clock = Clock::WorkingDays;

fn ms(text: &str) -> i64 {
    let at: jiff::civil::DateTime = text.parse().unwrap();
    ZONE.to_timestamp(at).unwrap().as_millisecond()
}

fn text(ms: i64) -> String {
    let at = ZONE.to_datetime(Timestamp::from_millisecond(ms).unwrap());
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

fn pauses(list: &[(&str, &str)]) -> Vec<Pause> {
    let pause = |(from, to): &(&str, &str)| Pause {
        from_ms: ms(from),
        to_ms: (!to.is_empty()).then(|| ms(to)),
    };
    list.iter().map(pause).collect()
}

fn due_text(start: &str, clock: Clock, within: u32, stands: &[(&str, &str)]) -> String {
    let set = SchemaSet::builtin().unwrap();
    let work = WorkTime::of(set.calendar(), set.settings("310112901001001").unwrap());
    let timer = Timer {
        start_ms: ms(start),
        limit: Limit { clock, within },
        pauses: &pauses(stands),
    };
    match due(&timer, &work) {
        Ok(Due::At(ms)) => text(ms),
        Ok(Due::Paused) => "paused".to_owned(),
        Err(UnknownYear) => "unknown".to_owned(),
    }
}

#[test]
fn due_times_over_a_holiday_and_a_swapped_day() {
    let table: &[(&str, Clock, u32, &str)] = &[
        // An ordinary week. Friday 2026-11-20, 16:50.
        ("2026-11-20T16:50", H, 24, "2026-11-21T16:50"),
        ("2026-11-20T16:50", W, 4, "2026-11-23T12:50"),
        ("2026-11-20T16:50", D, 3, "2026-11-25T17:00"),
        ("2026-11-20T16:50", D, 15, "2026-12-11T17:00"),
        // Ends with the day, and not with the next morning.
        ("2026-11-20T13:00", W, 4, "2026-11-20T17:00"),
        ("2026-11-20T13:01", W, 4, "2026-11-23T09:01"),
        // At the end of the day, before its beginning, in the night, at the weekend.
        ("2026-11-20T17:00", W, 4, "2026-11-23T13:00"),
        ("2026-11-20T17:00", D, 1, "2026-11-23T17:00"),
        ("2026-11-19T17:00", D, 1, "2026-11-20T17:00"),
        ("2026-11-20T07:30", W, 4, "2026-11-20T13:00"),
        ("2026-11-20T00:00", D, 1, "2026-11-23T17:00"),
        ("2026-11-21T11:00", W, 4, "2026-11-23T13:00"),
        ("2026-11-22T23:59", D, 2, "2026-11-24T17:00"),
        // Into National Day: Wednesday 30 September to Thursday 8 October.
        ("2026-09-30T16:50", H, 24, "2026-10-01T16:50"),
        ("2026-09-30T16:50", W, 4, "2026-10-08T12:50"),
        ("2026-09-30T09:00", D, 1, "2026-10-08T17:00"),
        ("2026-09-30T09:00", D, 3, "2026-10-10T17:00"),
        ("2026-09-30T09:00", D, 4, "2026-10-12T17:00"),
        ("2026-09-30T09:00", D, 7, "2026-10-15T17:00"),
        // From within the holiday.
        ("2026-10-03T10:00", H, 24, "2026-10-04T10:00"),
        ("2026-10-03T10:00", W, 4, "2026-10-08T13:00"),
        ("2026-10-03T10:00", D, 2, "2026-10-09T17:00"),
        // Friday evening before the swapped Saturday, and on it.
        ("2026-10-09T16:50", W, 4, "2026-10-10T12:50"),
        ("2026-10-09T16:50", D, 1, "2026-10-10T17:00"),
        ("2026-10-10T16:00", W, 4, "2026-10-12T12:00"),
        ("2026-10-10T16:00", D, 1, "2026-10-12T17:00"),
        // The swapped Sunday of September and the short week behind it.
        ("2026-09-18T17:00", W, 4, "2026-09-20T13:00"),
        ("2026-09-19T12:00", D, 6, "2026-09-28T17:00"),
        ("2026-09-24T15:00", W, 4, "2026-09-28T11:00"),
        // Working hours over more than one day.
        ("2026-09-29T09:00", W, 24, "2026-10-08T17:00"),
        // Into the next year that is known, and into one that is not.
        ("2025-12-31T16:00", W, 4, "2026-01-04T12:00"),
        ("2026-12-31T16:00", W, 4, "unknown"),
        ("2026-12-30T16:00", D, 2, "unknown"),
        ("2026-12-30T16:00", D, 1, "2026-12-31T17:00"),
        ("2026-12-31T16:00", H, 24, "2027-01-01T16:00"),
    ];
    for (start, clock, within, want) in table {
        let got = due_text(start, *clock, *within, &[]);
        assert_eq!(&got, want, "{start} + {within} {clock}");
    }
}

type Row = (
    &'static str,
    Clock,
    u32,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const PAUSED: &[Row] = &[
    (
        "2026-11-20T16:50",
        H,
        24,
        &[("2026-11-20T18:00", "2026-11-21T18:00")],
        "2026-11-22T16:50",
    ),
    // A pause behind the end changes nothing; one open before it leaves no due time.
    (
        "2026-11-20T16:50",
        H,
        24,
        &[("2026-11-21T16:50", "")],
        "2026-11-21T16:50",
    ),
    (
        "2026-11-20T16:50",
        H,
        24,
        &[("2026-11-21T16:49", "")],
        "paused",
    ),
    (
        "2026-11-20T13:00",
        W,
        4,
        &[("2026-11-20T14:00", "2026-11-20T15:00")],
        "2026-11-23T10:00",
    ),
    (
        "2026-11-20T13:00",
        W,
        4,
        &[("2026-11-20T16:00", "2026-11-24T10:00")],
        "2026-11-24T11:00",
    ),
    (
        "2026-11-20T13:00",
        W,
        4,
        &[("2026-11-20T17:00", "")],
        "2026-11-20T17:00",
    ),
    (
        "2026-11-20T13:00",
        W,
        4,
        &[("2026-11-20T16:59", "")],
        "paused",
    ),
    // Two pauses, one of them at night.
    (
        "2026-11-20T13:00",
        W,
        4,
        &[
            ("2026-11-20T14:00", "2026-11-20T15:00"),
            ("2026-11-20T20:00", "2026-11-21T20:00"),
        ],
        "2026-11-23T10:00",
    ),
    // Days count by their ends: Monday's and Tuesday's fall into the pause, Wednesday's not.
    (
        "2026-11-20T10:00",
        D,
        3,
        &[("2026-11-23T10:00", "2026-11-25T15:00")],
        "2026-11-27T17:00",
    ),
    (
        "2026-11-20T10:00",
        D,
        3,
        &[("2026-11-23T10:00", "2026-11-23T16:00")],
        "2026-11-25T17:00",
    ),
    (
        "2026-11-20T10:00",
        D,
        3,
        &[("2026-11-23T17:00", "2026-11-24T17:00")],
        "2026-11-26T17:00",
    ),
    (
        "2026-11-20T10:00",
        D,
        3,
        &[("2026-11-23T10:00", "")],
        "paused",
    ),
    // Across National Day: 8, 9 and 10 October fall into the pause.
    (
        "2026-09-30T10:00",
        D,
        3,
        &[("2026-10-02T10:00", "2026-10-11T10:00")],
        "2026-10-14T17:00",
    ),
    // An open pause needs no calendar.
    (
        "2026-12-31T10:00",
        D,
        3,
        &[("2026-12-31T11:00", "")],
        "paused",
    ),
    (
        "2026-12-30T10:00",
        D,
        3,
        &[("2026-12-30T11:00", "")],
        "paused",
    ),
];

#[test]
fn due_times_with_pauses() {
    for (start, clock, within, stands, want) in PAUSED {
        let got = due_text(start, *clock, *within, stands);
        assert_eq!(&got, want, "{start} + {within} {clock} with {stands:?}");
    }
}

#[test]
fn what_is_left_at_a_moment() {
    let set = SchemaSet::builtin().unwrap();
    let work = WorkTime::of(set.calendar(), set.settings("").unwrap());
    let minutes = |n: i64| Left::Ms(n * 60_000);
    let stands = pauses(&[("2026-11-23T10:00", "2026-11-24T10:00")]);
    let table = [
        (H, 24, &[][..], "2026-11-20T17:50", minutes(23 * 60)),
        (H, 24, &[][..], "2026-11-21T17:50", minutes(-60)),
        (W, 4, &[][..], "2026-11-22T12:00", minutes(230)),
        (W, 4, &[][..], "2026-11-23T12:50", minutes(0)),
        (W, 4, &[][..], "2026-11-23T14:50", minutes(-120)),
        (W, 4, &stands[..], "2026-11-24T09:30", minutes(170)),
        (W, 4, &stands[..], "2026-11-24T11:00", minutes(110)),
        (D, 3, &[][..], "2026-11-20T23:00", Left::Days(3)),
        (D, 3, &[][..], "2026-11-23T16:59", Left::Days(3)),
        (D, 3, &[][..], "2026-11-23T17:00", Left::Days(2)),
        (D, 3, &stands[..], "2026-11-24T17:00", Left::Days(2)),
        (D, 3, &[][..], "2026-11-27T18:00", Left::Days(-2)),
    ];
    for (clock, within, pauses, now, want) in table {
        let timer = Timer {
            start_ms: ms("2026-11-20T16:50"),
            limit: Limit { clock, within },
            pauses,
        };
        let got = left(&timer, &work, ms(now)).unwrap();
        assert_eq!(got, want, "{within} {clock} at {now}");
    }
}
