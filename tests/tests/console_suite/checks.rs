//! Spot checks, from the commitment to the lock, with the phones of both inspectors.

use std::sync::Arc;

use gridbook_server::{clock::ManualClock, config::Config, ops};
use gridbook_tests::world::{Phone, Storage, schemas};
use schemas::Scalar;
use serde_json::{Value, json};
use sync_core::{
    fieldbook::{Place, round::Judged},
    sync::Task,
};

use crate::console::{Answer, Desk, GRID, NEXT_GRID, NOW, STREET, resident, set, shop, text};

const DAY: i64 = 86_400_000;

/// The street's doors as somebody walked by: the third has a shop that nobody registered, the
/// fourth stands in another street's grid, the last is there twice.
pub(super) const LIST: &str = "网格,门牌,铺位\n\
    310112901001001,七莘路 1 号,\n\
    310112901001001,七莘路 2 号,\n\
    310112901001001,七莘路 3 号,甲\n\
    310112902001001,七莘路 4 号,\n\
    310112901001001, 七莘路 1 号 ,\n";

struct Scene {
    desk: Desk,
    wang: Phone,
    li: Phone,
    batch: i64,
}

pub(super) fn put_list(
    desk: &mut Desk,
    who: &str,
    batch: i64,
    version: u64,
    bytes: &[u8],
) -> Answer {
    let session = desk.session(who);
    let etag = format!("\"v{version}\"");
    let headers = [
        ("Cookie", session.cookie.as_str()),
        ("X-CSRF-Token", session.csrf.as_str()),
        ("If-Match", etag.as_str()),
        ("Content-Type", "text/csv"),
    ];
    desk.raw("PUT", &format!("/checks/{batch}/list"), &headers, bytes)
}

pub(super) fn open(desk: &mut Desk, method: &str) -> Value {
    let new = json!({ "area": STREET, "method": method, "per_grid": 5, "due_ms": NOW + 7 * DAY });
    let made = desk.post("sup", "/checks", &new);
    assert_eq!(made.checked(), 201, "{}", made.json());
    made.json()
}

/// Two shops that Wang registered in his grid; Li walks the next one.
fn scene(name: &str) -> Scene {
    let mut desk = Desk::open(name);
    let mut wang = desk.phone(1, "王", &[GRID]);
    let mut li = desk.phone(2, "李", &[NEXT_GRID]);
    let first = shop(&mut wang, GRID, "张记小馆", "七莘路 1 号", &[]);
    resident(&mut wang, first, "李小明", "310112199001011233");
    shop(&mut wang, GRID, "老王五金", "七莘路 2 号", &[]);
    desk.sync(&mut wang);
    desk.sync(&mut li);
    Scene {
        desk,
        wang,
        li,
        batch: 0,
    }
}

impl Scene {
    fn path(&self, rest: &str) -> String {
        format!("/checks/{}{rest}", self.batch)
    }

    fn batch(&mut self) -> Value {
        let path = self.path("");
        self.desk.json("sup", &path)
    }

    fn act(&mut self, who: &str, rest: &str, body: &Value) -> Answer {
        let (path, at) = (self.path(rest), rest.rsplit_once('/').unwrap().0.to_owned());
        let whole = self.path(&at);
        let version = self.desk.json("sup", &whole)["version"].as_u64();
        self.desk.call(who, "POST", &path, version, Some(body))
    }

    fn doors(&mut self) -> Vec<Value> {
        let path = self.path("/doors");
        let page = self.desk.json("sup", &path);
        page["rows"].as_array().unwrap().clone()
    }

    /// The door that bears this text.
    fn door(&mut self, text: &str) -> Value {
        let rows = self.doors();
        rows.into_iter().find(|row| row["text"] == text).unwrap()
    }

    /// Waits until as many tasks as that were given to phones.
    fn given(&self, count: i64) {
        for _ in 0..1_000 {
            let sql = "SELECT count(*) FROM task_request WHERE state <> 'open'";
            let given = self
                .desk
                .central
                .read(move |conn| Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?));
            if given.unwrap() == count {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("no {count} tasks were given");
    }

    /// What Li writes down at a door, as the app does.
    fn look(&mut self, task: &Task, seen: &[(&str, Scalar)]) {
        let asked = task.draw.clone().unwrap();
        let mut edits = vec![
            text("batch", &asked.batch),
            text("method", &asked.method),
            text("door", &task.door),
            text("checker", "i-2"),
            set("checked_at", Scalar::Int(NOW)),
        ];
        edits.extend(seen.iter().map(|(key, value)| set(key, value.clone())));
        let place = Place::Grid(NEXT_GRID.to_owned());
        self.li.book.create("spot-check", &place, &edits).unwrap();
        self.li
            .book
            .edit(&task.id, &[text("state", "done")])
            .unwrap();
    }

    /// What Wang's phone was told of his grid.
    fn judged(&mut self) -> Judged {
        self.desk.sync(&mut self.wang);
        let mut told = self.wang.book.judged().unwrap();
        assert_eq!(told.len(), 1);
        told.remove(0)
    }

    fn drawn_from_a_list(name: &str) -> (Self, Vec<Task>) {
        let mut scene = scene(name);
        let made = open(&mut scene.desk, "street-to-register");
        scene.batch = made["id"].as_i64().unwrap();
        let listed = put_list(&mut scene.desk, "sup", scene.batch, 1, LIST.as_bytes());
        assert_eq!(listed.checked(), 200, "{}", listed.json());
        let path = scene.path("/draw");
        let drawn = scene.desk.call("sup", "POST", &path, Some(2), None);
        assert_eq!(drawn.checked(), 200, "{}", drawn.json());
        scene.given(3);
        scene.desk.sync(&mut scene.li);
        let mut tasks = scene.li.book.tasks().unwrap();
        tasks.sort_by(|one, other| one.door.cmp(&other.door));
        (scene, tasks)
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one batch from its draw to its lock")]
fn a_check_is_blind_judged_appealed_against_decided_and_locked() {
    let (mut scene, tasks) = Scene::drawn_from_a_list("checks-flow");
    let doors: Vec<&str> = tasks.iter().map(|task| task.door.as_str()).collect();
    assert_eq!(doors, ["七莘路 1 号", "七莘路 2 号", "七莘路 3 号 甲"]);
    for task in &tasks {
        assert_eq!(task.task_type, "spot-check");
        assert_eq!((task.shop, task.about), (None, None), "blind");
        assert_eq!(task.due_ms, Some(NOW + 7 * DAY));
    }
    scene.desk.sync(&mut scene.wang);
    assert!(scene.wang.book.tasks().unwrap().is_empty(), "his own grid");
    let early = json!({ "judgement": "consistent", "reason": "看过" });
    let door = scene.door("七莘路 1 号")["door"].clone();
    let judge = |door: &Value| format!("/doors/{door}/judgement");
    assert_eq!(scene.act("sup", &judge(&door), &early).checked(), 409);

    let there = ("seen_shop", Scalar::Bool(true));
    let name = |name: &str| ("seen_sign_name", Scalar::text(name));
    let people = |n| ("seen_residents", Scalar::Int(n));
    scene.look(&tasks[0], &[there.clone(), name("张记小馆"), people(1)]);
    scene.look(&tasks[1], &[there.clone(), name("老李五金"), people(2)]);
    scene.look(&tasks[2], &[there, name("无名小店")]);
    scene.desk.sync(&mut scene.li);
    assert!(scene.li.book.tasks().unwrap().is_empty(), "answered");
    let suggested: Vec<Value> = scene
        .doors()
        .iter()
        .map(|row| json!([row["state"], row["suggested"], row["differs"]]))
        .collect();
    let wanted = json!([
        ["answered", "consistent", []],
        ["answered", "wrong", ["sign_name", "residents"]],
        ["answered", "missed", []]
    ]);
    assert_eq!(json!(suggested), wanted);
    for (query, wanted) in [
        ("state=answered", 3),
        ("state=judged", 0),
        ("checker=i-2", 3),
        ("checker=", 0),
        ("text=3%20%E5%8F%B7", 1),
        ("grid=310112901001002", 0),
    ] {
        let path = scene.path(&format!("/doors?{query}"));
        assert_eq!(scene.desk.json("sup", &path)["total"], wanted, "{query}");
    }
    let last = scene.path("/doors?sort=-text&limit=1");
    let last = scene.desk.json("sup", &last);
    assert_eq!(last["rows"][0]["text"], "七莘路 3 号 甲");
    let file = format!("/exports/doors.csv?check={}&state=answered", scene.batch);
    let file = scene.desk.get("clerk", &file);
    assert_eq!(file.checked(), 200, "{}", file.json());
    assert_eq!(String::from_utf8(file.bytes).unwrap().lines().count(), 4);
    // What he changes afterwards counts for nothing.
    let second = scene.door("七莘路 2 号");
    let record = sync_core::RecordId::parse(second["record"].as_str().unwrap()).unwrap();
    let late = [text("seen_sign_name", "老王五金")];
    scene.li.book.edit(&record, &late).unwrap();
    scene.desk.sync(&mut scene.li);
    assert_eq!(scene.door("七莘路 2 号")["seen"], second["seen"]);
    // Whose grid it is learns that three doors wait, and nobody else anything.
    let wang = scene.judged();
    assert_eq!((wang.waiting, wang.shops.n, wang.locked), (3, 0, false));
    assert_eq!((wang.month.as_str(), wang.grid.as_str()), ("2026-09", GRID));
    assert!(
        scene.li.book.judged().unwrap().is_empty(),
        "not of his grid"
    );

    assert_eq!(scene.act("sup", &judge(&door), &early).checked(), 200);
    assert_eq!(
        scene.act("sup", &judge(&door), &early).checked(),
        409,
        "once"
    );
    let wrong = json!({ "judgement": "wrong", "fields": ["sign_name"], "reason": "店招已换" });
    let bare = json!({ "judgement": "wrong", "reason": "店招已换" });
    let second = second["door"].clone();
    assert_eq!(scene.act("sup", &judge(&second), &bare).checked(), 422);
    assert_eq!(scene.act("clerk", &judge(&second), &wrong).checked(), 403);
    assert_eq!(scene.act("sup", &judge(&second), &wrong).checked(), 200);
    let third = scene.door("七莘路 3 号 甲")["door"].clone();
    let missed = json!({ "judgement": "missed", "reason": "未登记" });
    assert_eq!(scene.act("sup", &judge(&third), &missed).checked(), 200);

    // Wang is told of both faults, and says something about one of them.
    scene.given(5);
    scene.desk.sync(&mut scene.wang);
    let told = scene.wang.book.tasks().unwrap();
    assert_eq!(told.len(), 2);
    let of = |text: &str| told.iter().find(|task| task.door == text).unwrap().clone();
    let task = of("七莘路 2 号");
    assert_eq!(task.task_type, "appeal");
    assert!(
        task.question.contains("错项，实见:店招"),
        "{}",
        task.question
    );
    assert!(task.shop.is_some() && task.draw.is_none(), "his own shop");
    let words = [text("answer", "抽查前一天才换"), text("state", "done")];
    scene.wang.book.edit(&task.id, &words).unwrap();
    scene.desk.sync(&mut scene.wang);
    let path = scene.path(&format!("/doors/{second}"));
    let seen = scene.desk.json("other.sup", &path);
    assert_eq!(seen["state"], "appealed");
    assert_eq!(seen["steps"][1]["by"], "i-1");
    assert_eq!(seen["steps"][1]["reason"], "抽查前一天才换");
    let told = scene.judged();
    assert_eq!((told.waiting, told.appealed), (0, 1));
    assert_eq!((told.consistent.hits, told.consistent.n), (1, 3));
    assert_eq!(scene.act("sup", "/lock", &json!({})).checked(), 409);

    let decision = format!("/doors/{second}/decision");
    let right = json!({ "judgement": "consistent", "reason": "时限内" });
    assert_eq!(
        scene.act("sup", &decision, &right).checked(),
        403,
        "the judge"
    );
    assert_eq!(scene.act("other.sup", &decision, &right).checked(), 200);
    assert_eq!(scene.act("other.sup", &decision, &right).checked(), 409);
    // The other fault may be appealed against for some days, and then no more.
    let soon = scene.act("sup", "/lock", &json!({}));
    assert_eq!(soon.checked(), 409, "{}", soon.json());
    scene.desk.pass(6 * DAY);
    for login in ["sup", "clerk"] {
        scene.desk.sign_in(login);
    }
    let appeal = format!("/doors/{third}/appeal");
    let said = json!({ "reason": "电话申诉" });
    assert_eq!(scene.act("sup", &appeal, &said).checked(), 409, "too late");
    let locked = scene.act("sup", "/lock", &json!({}));
    assert_eq!(locked.checked(), 200, "{}", locked.json());
    assert_eq!(scene.batch()["state"], "locked");

    let path = scene.path("/figures");
    let figures = scene.desk.json("clerk", &path);
    assert_eq!(figures["locked"], true);
    let total = &figures["total"];
    assert_eq!((&total["drawn"], &total["judged"]), (&json!(3), &json!(3)));
    assert_eq!(total["shops"]["hits"], 2);
    assert_eq!(total["shops"]["n"], 3);
    assert_eq!(total["shops"]["enough"], false);
    assert_eq!(total["consistent"]["hits"], 2);
    assert_eq!(total["residents"]["hits"], 1);
    assert_eq!(total["residents"]["n"], 3);
    assert_eq!(figures["grids"][0]["grid"], GRID);
    // The same figures stand on the phone, and on one that he is given now.
    let own = scene.judged();
    assert!(own.locked && own.appealed == 0);
    // Read as the other was: numbers lose their last digit on the way.
    let shown: Value = serde_json::from_str(&json!(own).to_string()).unwrap();
    for rate in ["shops", "consistent", "residents", "workers"] {
        assert_eq!(shown[rate], figures["grids"][0][rate], "{rate}");
    }
    let another = scene
        .desk
        .central
        .another_ticket(scene.wang.device())
        .unwrap();
    let mut second = Phone::new(Storage::Memory, 9, NOW).unwrap();
    second.enrol(&mut scene.desk.central, &another).unwrap();
    scene.desk.sync(&mut second);
    let given = second.book.judged().unwrap();
    assert_eq!(given[0].shops, own.shops);
    rebuilds(&scene.desk);
}

/// The journal says the same.
pub(super) fn rebuilds(desk: &Desk) {
    let dir = desk.central.app.config().data.clone();
    desk.central.app.close();
    let clock = Arc::new(ManualClock::new(NOW));
    let rebuilt = ops::rebuild(&Config::in_folder(&dir), (*schemas()).clone(), clock, true);
    let rebuilt = rebuilt.unwrap();
    assert_eq!(rebuilt.replay.failed, 0);
    let compared = rebuilt.compared.unwrap();
    assert_eq!(compared.content, []);
    assert_eq!(compared.streams, []);
}

#[test]
fn from_the_register_to_the_street_a_task_names_its_shop_and_another_may_be_asked() {
    let mut scene = scene("checks-register");
    let mut zhao = scene.desk.phone(3, "赵", &[NEXT_GRID]);
    let made = open(&mut scene.desk, "register-to-street");
    scene.batch = made["id"].as_i64().unwrap();
    let list = put_list(&mut scene.desk, "sup", scene.batch, 1, LIST.as_bytes());
    assert_eq!(list.checked(), 409, "the register is the list");
    let path = scene.path("/draw");
    let drawn = scene.desk.call("sup", "POST", &path, Some(1), None);
    assert_eq!(drawn.json()["drawn"], 2, "{}", drawn.json());
    scene.given(2);
    scene.desk.sync(&mut scene.li);
    scene.desk.sync(&mut zhao);
    let own = scene.li.book.tasks().unwrap();
    assert_eq!(own.len(), 1, "each has one");
    assert_eq!(zhao.book.tasks().unwrap().len(), 1);
    assert!(own[0].shop.is_some() && own[0].draw.is_some());

    let door = scene.door(&own[0].door);
    let path = scene.path(&format!("/doors/{}/checker", door["door"]));
    let version = door["version"].as_u64();
    for (code, status) in [("i-1", 422), ("nobody", 422), ("i-3", 200)] {
        let asked = json!({ "checker": code });
        let answer = scene.desk.call("sup", "PUT", &path, version, Some(&asked));
        assert_eq!(answer.checked(), status, "{code}: {}", answer.json());
    }
    scene.given(3);
    scene.desk.sync(&mut scene.li);
    scene.desk.sync(&mut zhao);
    assert!(scene.li.book.tasks().unwrap().is_empty(), "withdrawn");
    assert_eq!(zhao.book.tasks().unwrap().len(), 2);
    // What Li says all the same answers nothing.
    scene.look(&own[0], &[("seen_shop", Scalar::Bool(true))]);
    scene.desk.sync(&mut scene.li);
    assert_eq!(scene.door(&own[0].door)["state"], "drawn");
    // Nobody can look: it does not count, and is asked of nobody.
    let judge = format!("/doors/{}/judgement", door["door"]);
    let closed = json!({ "judgement": "not-counted", "reason": "道路封闭" });
    assert_eq!(scene.act("sup", &judge, &closed).checked(), 200);
    scene.desk.sync(&mut zhao);
    assert_eq!(zhao.book.tasks().unwrap().len(), 1);
    rebuilds(&scene.desk);
}
