//! Due times as a console sees them, against a table written by hand. National Day is 1 to 7
//! October 2026, Saturday 10 October is worked in exchange.

use serde_json::json;

use super::{
    desk::{Desk, local, ms},
    flow::{self, Case, bad, good, seen},
};

fn assigned(desk: &mut Desk, class: &str, office: &str, at: &str) -> Case {
    desk.at(at);
    flow::assigned(desk, class, office)
}

fn due(desk: &mut Desk, case: &Case) -> String {
    match seen(desk, case)["due_ms"].as_i64() {
        Some(due) => local(due),
        None => seen(desk, case)["due_state"].as_str().unwrap().to_owned(),
    }
}

#[test]
fn due_times_over_a_week_with_a_holiday_and_a_swapped_day() {
    let table = [
        ("exposed-refuse", "2026-09-30T16:50", "2026-10-08T12:50"),
        ("construction-waste", "2026-09-30T16:51", "2026-10-09T17:00"),
        ("blocked-exit", "2026-09-30T16:52", "2026-10-01T16:52"),
        ("wiring", "2026-10-03T11:00", "2026-10-10T17:00"),
        ("exposed-refuse", "2026-10-03T11:01", "2026-10-08T13:00"),
        ("exposed-refuse", "2026-10-09T16:50", "2026-10-10T12:50"),
        ("exposed-refuse", "2026-10-10T17:00", "2026-10-12T13:00"),
        ("wiring", "2026-10-10T17:00", "2026-10-14T17:00"),
        ("food-safety", "2026-10-10T17:01", "2026-10-30T17:00"),
        ("exposed-refuse", "2026-11-20T16:50", "2026-11-23T12:50"),
        ("blocked-exit", "2026-11-20T16:50", "2026-11-21T16:50"),
        // No calendar of 2027: not guessed, but shown as such.
        ("food-safety", "2026-12-28T10:00", "unknown"),
        ("blocked-exit", "2026-12-31T10:00", "2027-01-01T10:00"),
    ];
    let mut desk = Desk::open("due", "2026-09-28T09:00");
    for (class, at, want) in table {
        let case = assigned(&mut desk, class, "sanitation", at);
        assert_eq!(due(&mut desk, &case), want, "{class} assigned at {at}");
    }
    desk.close();
}

#[test]
fn a_class_with_several_milestones_has_a_clock_for_each() {
    let mut desk = Desk::open("milestones", "2026-11-20T16:50");
    let mut case = assigned(
        &mut desk,
        "illegal-building",
        "urban-management",
        "2026-11-20T16:50",
    );
    let table = |seen: &serde_json::Value| -> Vec<(String, String, bool)> {
        let rows = seen["milestones"].as_array().unwrap().iter();
        rows.map(|row| {
            let name = row["name"].as_str().unwrap().to_owned();
            (
                name,
                local(row["due_ms"].as_i64().unwrap()),
                row["done_ms"].is_i64(),
            )
        })
        .collect()
    };
    let first = seen(&mut desk, &case);
    let row = |name: &str, due: &str, done| (name.to_owned(), due.to_owned(), done);
    let want = [
        row("stop", "2026-11-23T12:50", false),
        row("penalty", "2026-12-01T17:00", false),
        row("removal", "2026-12-18T17:00", false),
    ];
    assert_eq!(table(&first), want);
    assert_eq!(due(&mut desk, &case), "2026-11-23T12:50");
    good(
        &mut desk,
        "city.clerk",
        &mut case,
        &json!({ "step": "handle", "handler": "city.clerk" }),
    );
    let report = json!({ "step": "report", "reason": "已拆除" });
    bad(&mut desk, "city.clerk", &mut case, &report, 409);
    let reach = |name: &str| json!({ "step": "reach", "milestone": name });
    bad(&mut desk, "city.clerk", &mut case, &reach("penalty"), 409);
    desk.at("2026-11-23T11:00");
    good(&mut desk, "city.clerk", &mut case, &reach("stop"));
    bad(&mut desk, "city.clerk", &mut case, &reach("stop"), 409);
    bad(&mut desk, "city.clerk", &mut case, &reach("removal"), 409);
    bad(&mut desk, "city.clerk", &mut case, &reach("other"), 422);
    assert_eq!(due(&mut desk, &case), "2026-12-01T17:00");
    // Past the penalty's time, five working days are left for the removal.
    desk.at("2026-12-11T17:30");
    let late = seen(&mut desk, &case);
    assert_eq!(late["overdue"], true);
    assert_eq!(late["milestones"][1]["over"], true);
    assert_eq!(late["milestones"][1]["left_days"], -8);
    assert_eq!(late["milestones"][2]["left_days"], 5);
    good(&mut desk, "city.clerk", &mut case, &reach("penalty"));
    good(&mut desk, "city.clerk", &mut case, &report);
    good(
        &mut desk,
        "supervisor",
        &mut case,
        &json!({ "step": "verify_pass", "verifier": "w3" }),
    );
    good(
        &mut desk,
        "centre.clerk",
        &mut case,
        &json!({ "step": "close" }),
    );
    let closed = seen(&mut desk, &case);
    assert_eq!(closed["due_state"], "none");
    assert!(table(&closed).iter().all(|row| row.2));
    let over: Vec<bool> = closed["milestones"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["over"].as_bool().unwrap())
        .collect();
    assert_eq!(over, [false, true, false]);
    desk.close();
}

#[test]
fn a_postponement_stops_the_clock_and_an_extension_adds_to_it() {
    let mut desk = Desk::open("pause", "2026-11-20T13:00");
    let mut case = assigned(
        &mut desk,
        "exposed-refuse",
        "sanitation",
        "2026-11-20T13:00",
    );
    assert_eq!(due(&mut desk, &case), "2026-11-20T17:00");
    good(
        &mut desk,
        "sanitation.clerk",
        &mut case,
        &json!({ "step": "handle" }),
    );
    let ask = json!({ "step": "request_postponement", "reason": "道路施工" });
    good(&mut desk, "sanitation.clerk", &mut case, &ask);
    // Asking alone stops nothing.
    assert_eq!(due(&mut desk, &case), "2026-11-20T17:00");
    desk.at("2026-11-20T14:00");
    good(
        &mut desk,
        "centre.head",
        &mut case,
        &json!({ "step": "grant_postponement" }),
    );
    let paused = seen(&mut desk, &case);
    assert_eq!(paused["due_state"], "paused");
    assert!(paused["due_ms"].is_null());
    desk.at("2026-11-25T16:00");
    let still = seen(&mut desk, &case);
    assert_eq!(still["milestones"][0]["left_ms"], 3 * 3_600_000);
    assert_eq!(still["overdue"], false);
    let resume = json!({ "step": "resume", "reason": "施工结束" });
    good(&mut desk, "sanitation.clerk", &mut case, &resume);
    assert_eq!(due(&mut desk, &case), "2026-11-26T11:00");
    // One with an end of its own runs on by itself.
    let until = ms("2026-11-26T10:00");
    let ask = json!({ "step": "request_postponement", "reason": "等待", "until_ms": until });
    good(&mut desk, "sanitation.clerk", &mut case, &ask);
    good(
        &mut desk,
        "centre.head",
        &mut case,
        &json!({ "step": "grant_postponement" }),
    );
    assert_eq!(due(&mut desk, &case), "2026-11-26T13:00");
    desk.at("2026-11-26T11:00");
    good(&mut desk, "centre.clerk", &mut case, &resume);
    assert_eq!(due(&mut desk, &case), "2026-11-26T13:00");
    // Two hours more, on the same clock; no more than the limit again in all.
    let more =
        |amount: u32| json!({ "step": "request_extension", "reason": "量大", "amount": amount });
    bad(&mut desk, "sanitation.clerk", &mut case, &more(5), 422);
    good(&mut desk, "sanitation.clerk", &mut case, &more(2));
    good(
        &mut desk,
        "centre.head",
        &mut case,
        &json!({ "step": "grant_extension" }),
    );
    assert_eq!(due(&mut desk, &case), "2026-11-26T15:00");
    bad(&mut desk, "sanitation.clerk", &mut case, &more(3), 422);
    good(&mut desk, "sanitation.clerk", &mut case, &more(2));
    let decline = json!({ "step": "decline_extension", "reason": "时间充足" });
    good(&mut desk, "centre.head", &mut case, &decline);
    assert_eq!(due(&mut desk, &case), "2026-11-26T15:00");
    // Not after the time is up.
    desk.at("2026-11-26T15:01");
    bad(&mut desk, "sanitation.clerk", &mut case, &more(1), 409);
    desk.close();
}

#[test]
fn wages_are_extended_by_thirty_days_at_most() {
    let mut desk = Desk::open("wages", "2026-05-06T10:00");
    let mut case = assigned(
        &mut desk,
        "unpaid-wages",
        "labour-inspection",
        "2026-05-06T10:00",
    );
    assert_eq!(due(&mut desk, &case), "2026-05-12T17:00");
    good(
        &mut desk,
        "labour.clerk",
        &mut case,
        &json!({ "step": "handle" }),
    );
    // Taking it up is the first milestone; sixty working days lead over the Dragon Boat Festival.
    assert_eq!(due(&mut desk, &case), "2026-07-29T17:00");
    let more =
        |amount: u32| json!({ "step": "request_extension", "reason": "取证", "amount": amount });
    bad(&mut desk, "labour.clerk", &mut case, &more(31), 422);
    good(&mut desk, "labour.clerk", &mut case, &more(30));
    let grant = json!({ "step": "grant_extension", "amount": 31 });
    bad(&mut desk, "centre.head", &mut case, &grant, 422);
    good(
        &mut desk,
        "centre.head",
        &mut case,
        &json!({ "step": "grant_extension" }),
    );
    assert_eq!(due(&mut desk, &case), "2026-09-09T17:00");
    bad(&mut desk, "labour.clerk", &mut case, &more(1), 422);
    desk.close();
}
