//! Steps and cases in few words.

use serde_json::{Value, json};

use super::{
    desk::{Answer, Desk, GRID},
    golden::way,
};

/// A case that a test works on.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) version: u64,
}

/// Takes in a case from the hotline.
pub(crate) fn intake(desk: &mut Desk, case: &str, class: &str) -> Case {
    let who = if case == "finding" {
        "centre.clerk"
    } else {
        "economics.clerk"
    };
    let mut body = json!({ "type": case, "grid": GRID, "source": "hotline", "reason": "来电" });
    if case == "finding" {
        body["class"] = class.into();
    }
    let answer = desk.post(who, "/cases", &body);
    assert_eq!(answer.status, 201, "{}", answer.body);
    Case {
        id: answer.body["id"].as_str().unwrap().to_owned(),
        version: answer.version.unwrap(),
    }
}

/// A step's body with what it needs and nothing that it lacks.
pub(crate) fn body(step: &str, into: &str) -> Value {
    let mut body = json!({ "step": step, "reason": "情况属实" });
    match step {
        "reach" => body["milestone"] = "stop".into(),
        "request_extension" => body["amount"] = 1.into(),
        "verify_pass" | "verify_fail" => body["verifier"] = "w3".into(),
        "join" => body["into"] = into.into(),
        _ => {}
    }
    body
}

/// Takes a step; the case's version rises if it is legal.
pub(crate) fn step(desk: &mut Desk, who: &str, case: &mut Case, body: &Value) -> Answer {
    let path = format!("/cases/{}/steps", case.id);
    let answer = desk.change(who, &path, case.version, body);
    if answer.status == 200 {
        case.version = answer.version.unwrap();
    }
    answer
}

/// Takes a step that must be legal.
pub(crate) fn good(desk: &mut Desk, who: &str, case: &mut Case, body: &Value) {
    let answer = step(desk, who, case, body);
    assert_eq!(answer.status, 200, "{who} {body}: {}", answer.body);
}

/// Takes a step that must be refused with this status.
pub(crate) fn bad(desk: &mut Desk, who: &str, case: &mut Case, body: &Value, status: u16) -> Value {
    let answer = step(desk, who, case, body);
    assert_eq!(answer.status, status, "{who} {body}: {}", answer.body);
    answer.body
}

/// What the centre sees of a case.
pub(crate) fn seen(desk: &mut Desk, case: &Case) -> Value {
    let answer = desk.get("centre.head", &format!("/cases/{}", case.id));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

/// A fresh case that was brought to a state.
pub(crate) fn brought(desk: &mut Desk, case: &str, class: &str, state: &str, into: &str) -> Case {
    let mut fresh = intake(desk, case, class);
    for (who, name) in way(case, state) {
        let mut body = body(name, into);
        if name == "assign" && case == "finding" {
            body["to_office"] = "sanitation".into();
        }
        good(desk, who, &mut fresh, &body);
    }
    assert_eq!(seen(desk, &fresh)["state"], state);
    fresh
}

/// A finding of a class that the centre has taken in and given to an office.
pub(crate) fn assigned(desk: &mut Desk, class: &str, office: &str) -> Case {
    let mut case = intake(desk, "finding", class);
    let accept = json!({ "step": "accept" });
    good(desk, "centre.clerk", &mut case, &accept);
    let assign = json!({ "step": "assign", "to_office": office });
    good(desk, "centre.clerk", &mut case, &assign);
    case
}
