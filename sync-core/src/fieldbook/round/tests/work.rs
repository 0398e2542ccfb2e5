use schemas::Scalar;

use crate::{
    change::RefusedReason,
    fieldbook::{
        Fieldbook,
        round::{Due, FormPlace, ShopQuery, Step, Value},
        store::changes::Status,
        testing::{DAY, Desk, GRID, HOUR, NOW, desk, set, text},
    },
    ids::{DeviceId, RecordId},
    record::Edit,
    sync::{CaseStatus, Draw, Task, VerdictStatus},
};

/// Sets what became of a record's own changes, as verdicts would.
fn became(desk: &mut Desk, record: &RecordId, status: Status, bundle: u64) {
    let store = &desk.book.store;
    for row in store.changes_of(record).unwrap() {
        store.put_in_bundle(row.local, bundle).unwrap();
        store.set_status(row.local, status).unwrap();
    }
    desk.book.touched.insert(*record);
    desk.book.refresh().unwrap();
}

#[test]
fn own_work_tells_how_far_each_change_has_come() {
    let mut desk = desk();
    let steps = [
        (Status::Accepted, 1, Step::Entered),
        (Status::Bundled, 2, Step::Received),
        (Status::Bundled, 3, Step::Kept),
        (Status::Held, 4, Step::Held),
    ];
    for (number, (status, bundle, _)) in (1..).zip(steps) {
        let shop = desk.at(number * HOUR).shop(&format!("{number}号"), "店");
        became(&mut desk, &shop, status, bundle);
        if status == Status::Held {
            let (status, reason) = VerdictStatus::Held(crate::change::HeldReason::LostGrid).codes();
            let key = Some("sign_name".to_owned());
            let row = (bundle, shop, status, reason.unwrap(), key);
            desk.book.store.put_setback(&row).unwrap();
        }
    }
    desk.book.store.set_meta_cbor("acked", &2_u64).unwrap();
    let open = desk.at(9 * HOUR).shop("9号", "店");
    let work = desk.book.work(99).unwrap();
    assert_eq!((work[0].record, work[0].step), (open, Step::Kept));
    let found: Vec<Step> = work.iter().rev().map(|row| row.step).collect();
    let expected = steps.iter().map(|(.., step)| *step).chain([Step::Kept]);
    assert_eq!(found, expected.collect::<Vec<_>>());
    let held = &work[1];
    assert_eq!(held.why.as_ref().unwrap().zh, "该记录的网格已不归您");
    assert_eq!(held.field.as_ref().unwrap().zh, "店招");
    assert_eq!((held.at_ms, held.shop), (NOW + 4 * HOUR, Some(held.record)));
    assert_eq!(desk.book.work(2).unwrap().len(), 2);
    let waits = desk.book.todo().unwrap().held;
    assert_eq!(
        (waits.len(), waits[0].record, waits[0].held),
        (1, held.record, true)
    );
}

#[test]
fn what_came_back_is_a_form_to_correct() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let edits = [text("sign_name", "新"), set("lived_in", Scalar::Bool(true))];
    let code = RefusedReason::ForbiddenField.code();
    let store = &desk.book.store;
    store
        .add_returned(&shop, code, Some("sign_name"), NOW, &edits)
        .unwrap();
    // A visit that never came to be: its record is not there.
    let visit = desk.visit(&shop, "unchanged");
    let edits = desk.book.store.edits_of(&visit, 2).unwrap();
    assert!(desk.book.undo(&visit).unwrap());
    desk.book
        .store
        .add_returned(&visit, 0, None, NOW, &edits)
        .unwrap();
    let back = desk.book.todo().unwrap().returned;
    let first = &back[0];
    assert_eq!((first.record, first.kind.as_str()), (shop, "shop"));
    assert_eq!(first.why.as_ref().unwrap().zh, "您不能改这一项");
    assert_eq!(
        (first.field.as_deref(), first.form.record),
        (Some("sign_name"), Some(shop))
    );
    assert_eq!(first.form.values["lived_in"], Value::Flag(true));
    assert_eq!(back[1].form.record, None);
    let json = serde_json::to_value(&first.form).unwrap();
    assert_eq!(json["values"]["sign_name"], "新");
    assert!(json.get("place").is_none());
    assert!(desk.book.resolve_returned(first.id).unwrap());
    assert_eq!(desk.book.todo().unwrap().returned.len(), 1);
}

#[test]
fn a_record_that_was_refused_whole_is_to_be_made_anew_at_its_shop() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let visit = desk.visit(&shop, "unchanged");
    let edits = desk.book.store.edits_of(&visit, 2).unwrap();
    // As after a refusal: the record stays, with nothing in it.
    let mut loaded = desk.book.need_loaded(&visit).unwrap();
    loaded.state = crate::record::RecordState::default();
    let header = loaded.header.clone();
    desk.book
        .transaction(|book| {
            book.store.set_status(2, Status::Refused)?;
            book.put_state(&visit, &header, &loaded.state, None)
        })
        .unwrap();
    let code = RefusedReason::BySupervisor.code();
    desk.book
        .store
        .add_returned(&visit, code, None, NOW, &edits)
        .unwrap();
    let back = &desk.book.todo().unwrap().returned[0];
    assert_eq!((back.kind.as_str(), back.shop), ("visit", Some(shop)));
    assert_eq!(back.form.place, Some(FormPlace::With(shop)));
    let json = serde_json::to_value(&back.form).unwrap();
    assert_eq!(
        json["place"],
        serde_json::json!({ "with": shop.to_string() })
    );
    assert_eq!(json["values"]["outcome"], "unchanged");
}

#[test]
fn findings_of_others_are_not_own_and_those_of_an_earlier_phone_are() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let finding = desk.finding(&shop, "no-permit");
    let own = |desk: &Desk| desk.book.findings(Some(&shop), true, 10).unwrap().total;
    assert_eq!(own(&desk), 1);
    // The phone was changed for another: it bears the same name, its device another id.
    let other = DeviceId([1, 0, 0, 0, 0, 2]);
    desk.book.list.get_mut(&finding).unwrap().by = Some(other);
    let named = |desk: &mut Desk, device, label: &str| {
        let put = |book: &mut Fieldbook| book.store.put_author(device, label);
        desk.book.transaction(put).unwrap();
    };
    named(&mut desk, other, "李梅");
    assert_eq!(own(&desk), 0);
    let all = desk.book.findings(None, false, 10).unwrap();
    assert_eq!((all.total, all.rows[0].own), (1, false));
    let device = desk.book.identity().unwrap().certificate.device;
    named(&mut desk, device, "李梅");
    assert_eq!(own(&desk), 1);
}

#[test]
fn tasks_and_shut_doors_wait() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    desk.visit(&shop, "shut");
    for (number, due_ms) in [(1, None), (2, Some(NOW + DAY)), (3, Some(NOW))] {
        let task = Task {
            task_type: "verify".to_owned(),
            door: "古美路 12 号".to_owned(),
            question: "是否已整改".to_owned(),
            due_ms,
            ..Task::closed(RecordId([number; 16]))
        };
        let task = Task {
            closed: None,
            ..task
        };
        desk.book.store.put_task(&task).unwrap();
    }
    let todo = desk.book.todo().unwrap();
    assert_eq!((todo.revisit.len(), todo.revisit[0].due), (1, Due::Revisit));
    let order: Vec<u8> = todo.tasks.iter().map(|task| task.id.0[0]).collect();
    assert_eq!(order, [3, 2, 1], "what is due first comes first");
    let json = serde_json::to_value(&todo.tasks[0]).unwrap();
    assert_eq!(
        (&json["type"], &json["words"]["zh"]),
        (&"verify".into(), &"核查".into())
    );
    assert_eq!(json["record"], Value::Null.into_json());
    assert_eq!(
        json["grid"], GRID,
        "what is made for it stands in an own grid"
    );
}

#[test]
fn a_task_knows_what_it_is_about_as_far_as_the_book_does() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let finding = desk.finding(&shop, "no-permit");
    let stranger = RecordId([7; 16]);
    let put = |number: u8, task_type: &str, about, shop, draw| {
        let id = RecordId([number; 16]);
        let task = Task {
            task_type: task_type.to_owned(),
            about,
            shop,
            draw,
            closed: None,
            ..Task::closed(id)
        };
        desk.book.store.put_task(&task).unwrap();
    };
    put(1, "verify", Some(finding), Some(shop), None);
    put(2, "verify", Some(stranger), Some(stranger), None);
    let draw = Draw {
        batch: "2026-11".to_owned(),
        method: "register-to-street".to_owned(),
    };
    put(3, "spot-check", None, Some(stranger), Some(draw));
    let tasks = desk.book.todo().unwrap().tasks;
    assert_eq!(
        (tasks[0].finding, tasks[0].shop),
        (Some(finding), Some(shop))
    );
    assert_eq!(tasks[0].resident, None, "a finding is nobody");
    assert_eq!((tasks[1].finding, tasks[1].shop), (None, None));
    let json = serde_json::to_value(&tasks[2]).unwrap();
    assert_eq!(
        json["draw"],
        serde_json::json!({
            "batch": "2026-11",
            "method": "register-to-street",
            "shop": stranger.to_string(),
        })
    );
    assert_eq!(json["shop"], Value::Null.into_json());
    desk.book.forget_task(&tasks[2].id).unwrap();
    assert_eq!(desk.book.todo().unwrap().tasks.len(), 2);
}

#[test]
fn an_answered_task_waits_no_more() {
    let mut desk = desk();
    let fields = [
        set("type", Scalar::text("verify")),
        set("question", Scalar::text("是否已整改")),
        set("due", Scalar::text("2026-12-01")),
        set("state", Scalar::text("open")),
    ];
    let id = desk.given("task", RecordId([5; 16]), &fields);
    let task = Task {
        task_type: "verify".to_owned(),
        closed: None,
        ..Task::closed(id)
    };
    desk.book.store.put_task(&task).unwrap();
    assert_eq!(desk.book.todo().unwrap().tasks.len(), 1);
    desk.edit(&id, &[set("state", Scalar::text("done"))]);
    assert!(desk.book.todo().unwrap().tasks.is_empty());
    desk.edit(&id, &[set("state", Scalar::text("open"))]);
    assert_eq!(desk.book.todo().unwrap().tasks.len(), 1);
    let deleted = |book: &mut Fieldbook| {
        let loaded = book.need_loaded(&id)?;
        book.commit(id, loaded, &[Edit::Delete], NOW, false)
    };
    desk.book.transaction(deleted).unwrap();
    assert!(desk.book.todo().unwrap().tasks.is_empty(), "withdrawn");
}

impl Value {
    fn into_json(self) -> serde_json::Value {
        serde_json::to_value(self).unwrap()
    }
}

#[test]
fn a_finding_shows_what_the_server_said_last() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let finding = desk.finding(&shop, "no-permit");
    let mut case = CaseStatus {
        finding,
        state: "handling".to_owned(),
        office: Some("licensing".to_owned()),
        due_ms: Some(NOW + DAY),
        paused: false,
        closed_ms: None,
        told_ms: NOW,
    };
    let mut say = |desk: &mut Desk, state: &str, closed_ms: Option<i64>| {
        (case.state, case.closed_ms) = (state.to_owned(), closed_ms);
        desk.book
            .transaction(|book| book.store.put_case(&case))
            .unwrap();
    };
    let open = |desk: &Desk| desk.book.today(&ShopQuery::default()).unwrap().rows[0].findings;
    say(&mut desk, "handling", None);
    let dossier = serde_json::to_value(desk.book.dossier(&shop).unwrap()).unwrap();
    let row = &dossier["findings"][0];
    assert_eq!(
        (&row["kind"], &row["case"]["state"]),
        (&"finding".into(), &"handling".into())
    );
    assert_eq!(row["case"]["words"]["zh"], "处置中");
    assert_eq!(
        row["case"]["office"]["en"],
        desk.book.schemas().office("licensing").unwrap().labels.en
    );
    let listed = desk.book.findings(None, true, 10).unwrap();
    assert_eq!((listed.total, listed.rows[0].sign.as_str()), (1, "面馆"));
    assert_eq!(listed.rows[0].case.as_ref().unwrap().words.zh, "处置中");
    // What was put right on the spot is open as long as its case is.
    desk.edit(&finding, &[set("fixed_on_site", Scalar::Bool(true))]);
    assert_eq!(open(&desk), 1);
    say(&mut desk, "closed", Some(NOW));
    assert_eq!(open(&desk), 0);
    say(&mut desk, "some-later-state", None);
    let dossier = desk.book.dossier(&shop).unwrap();
    assert_eq!(
        dossier.findings[0].case.as_ref().unwrap().words.zh,
        "some-later-state"
    );
    desk.book.wipe().unwrap();
    assert!(desk.book.store.cases().unwrap().is_empty());
}

#[test]
fn rows_are_of_one_kind_and_the_last_made_comes_first() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    let other = desk.at(1).shop("2号", "别家");
    let a = desk.at(2).resident(&shop, "张三");
    let b = desk.at(3).resident(&other, "张四");
    let rows = |shop: Option<&RecordId>, text: Option<&str>| -> Vec<RecordId> {
        let page = desk.book.rows("resident", shop, text, 50).unwrap();
        assert_eq!(page.total, page.rows.len());
        page.rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(rows(None, None), [b, a]);
    assert_eq!(rows(Some(&shop), None), [a]);
    assert_eq!(rows(None, Some("四")), [b]);
    assert_eq!(rows(Some(&shop), Some("四")), []);
    assert_eq!(rows(None, Some("面馆")), [], "a shop is no resident");
    assert_eq!(
        desk.book
            .rows("resident", None, None, 1)
            .unwrap()
            .rows
            .len(),
        1
    );
}

#[test]
fn figures_count_what_this_phone_did_in_the_month() {
    let mut desk = desk();
    let shop = desk.at(-40 * DAY).shop("1号", "面馆");
    desk.visit(&shop, "unchanged");
    desk.resident(&shop, "上月");
    desk.at(0).visit(&shop, "shut");
    desk.at(HOUR).visit(&shop, "refused");
    desk.at(2 * HOUR).visit(&shop, "changed");
    desk.resident(&shop, "本月");
    desk.finding(&shop, "no-permit");
    desk.shop("2号", "别家");
    let figures = desk.book.figures(NOW).unwrap();
    assert_eq!(figures.month, "2026-11");
    assert_eq!((figures.due, figures.visited, figures.visits), (2, 1, 3));
    assert_eq!((figures.shut, figures.refused, figures.findings), (1, 1, 1));
    assert_eq!(
        (figures.registered.residents, figures.registered.workers),
        (1, 0)
    );
    let before = desk.book.figures(NOW - 40 * DAY).unwrap();
    assert_eq!(
        (before.month.as_str(), before.visits, before.visited),
        ("2026-10", 1, 1)
    );
    // Somebody else's visits are theirs, but the shop was visited.
    desk.book
        .store
        .connection
        .execute("DELETE FROM meta WHERE name = 'identity'", [])
        .unwrap();
    desk.book.identity = None;
    let none = desk.book.figures(NOW).unwrap();
    assert_eq!((none.visits, none.visited), (0, 1));
}

#[test]
fn a_map_shows_the_shops_of_its_grid() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    desk.shop("2号", "无处");
    desk.edit(
        &shop,
        &[crate::fieldbook::testing::place(311_400_000, 1_213_900_000)],
    );
    let map = desk.book.map(GRID).unwrap();
    assert_eq!((map.points.len(), map.points[0].id), (1, shop));
    assert_eq!(map.outline.len(), 4);
    assert_eq!(desk.book.map("310112901001002").unwrap().outline, []);
}
