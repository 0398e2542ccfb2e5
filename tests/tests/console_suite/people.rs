//! Accounts, places, forms.

use serde_json::json;

use crate::console::{Desk, FAR, GRID, STREET, shop};

#[test]
fn an_administrator_makes_and_changes_accounts_of_the_own_areas() {
    let mut desk = Desk::open("accounts");
    let new = |login: &str, role: &str, office: Option<&str>, areas: &[&str], password: &str| {
        json!({ "login": login, "name": "钱多", "role": role, "office": office, "areas": areas,
                "password": password })
    };
    let good = "晴天 with clouds";
    let office = Some("population-office");
    for (bad, at) in [
        (new("Qian", "supervisor", None, &[STREET], good), "login"),
        (new("q", "supervisor", None, &[STREET], good), "login"),
        (new("qian", "inspector", None, &[STREET], good), "role"),
        (new("qian", "king", None, &[STREET], good), "role"),
        (new("qian", "supervisor", office, &[STREET], good), "office"),
        (new("qian", "office_clerk", None, &[STREET], good), "office"),
        (
            new("qian", "office_clerk", Some("ministry"), &[STREET], good),
            "office",
        ),
        (new("qian", "supervisor", None, &[], good), "areas"),
        (new("qian", "supervisor", None, &[FAR], good), "areas"),
        (new("qian", "supervisor", None, &["310112"], good), "areas"),
        (
            new("qian", "supervisor", None, &["3101129011"], good),
            "areas",
        ),
        (
            new("qian", "supervisor", None, &[STREET], "short"),
            "password",
        ),
    ] {
        let answer = desk.post("admin", "/accounts", &bad);
        assert_eq!(answer.checked(), 422, "{bad}");
        assert_eq!(answer.json()["at"], at, "{bad}");
    }
    let clerk = new("qian", "office_clerk", office, &[STREET], good);
    let made = desk.post("admin", "/accounts", &clerk);
    assert_eq!(made.checked(), 201, "{}", made.json());
    assert_eq!(desk.post("admin", "/accounts", &clerk).checked(), 409);
    let path = format!("/accounts/{}", made.json()["id"]);
    assert!(!made.json().to_string().contains("argon2"));
    let change = |active: bool| {
        json!({ "name": "钱多多", "role": "supervisor", "office": null, "areas": [GRID],
                "active": active })
    };
    let version = made.version();
    let put =
        |desk: &mut Desk, version, body| desk.call("admin", "PUT", &path, version, Some(&body));
    assert_eq!(put(&mut desk, None, change(true)).checked(), 428);
    assert_eq!(
        put(&mut desk, Some(version + 1), change(true)).checked(),
        412
    );
    let done = put(&mut desk, Some(version), change(true));
    assert_eq!(done.checked(), 200, "{}", done.json());
    assert_eq!(done.json()["areas"], json!([GRID]));
    assert_eq!(desk.try_sign_in("qian", good, None).checked(), 200);
    let off = put(&mut desk, Some(done.version()), change(false));
    assert_eq!(off.checked(), 200);
    let refused = desk.try_sign_in("qian", good, None);
    assert_eq!(refused.problem(), "wrong-sign-in");

    let own = desk.json("admin", "/accounts?limit=200");
    let rows = own["rows"].as_array().unwrap();
    let me = rows.iter().find(|row| row["login"] == "admin").unwrap();
    let body = json!({ "name": "我", "role": "auditor", "office": null, "areas": [STREET],
                       "active": true });
    let own = format!("/accounts/{}", me["id"]);
    let version = me["version"].as_u64();
    let answer = desk.call("admin", "PUT", &own, version, Some(&body));
    assert_eq!(
        answer.problem(),
        "conflict",
        "nobody takes their own rights away"
    );
    let trace = desk.json("auditor", "/audit?who=admin");
    let acts: Vec<&str> = trace["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["act"].as_str().unwrap())
        .collect();
    let wanted = [
        "account.change",
        "account.change",
        "account.create",
        "session.begin",
    ];
    assert_eq!(acts, wanted);
    let page = desk.json("auditor", "/audit?limit=2");
    let after = page["next"].as_str().unwrap();
    let rest = desk.json("auditor", &format!("/audit?limit=2&after={after}"));
    assert!(rest["rows"][0]["id"].as_i64() < page["rows"][1]["id"].as_i64());
}

#[test]
fn places_and_forms_are_those_of_the_person() {
    let mut desk = Desk::open("places");
    let mut wang = desk.phone(1, "王", &[GRID]);
    shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    desk.sync(&mut wang);
    let grids = desk.json("clerk", "/grids");
    assert_eq!(grids["total"], 8);
    let first = &grids["rows"][0];
    assert_eq!(first["grid"], GRID);
    assert_eq!(
        (first["shops"].as_u64(), first["inspectors"].as_u64()),
        (Some(1), Some(1))
    );
    assert_eq!(first["label"]["zh"], "第 1 网格");
    assert_eq!(desk.json("far.clerk", "/grids")["total"], 0);
    let areas = desk.json("clerk", "/areas");
    assert_eq!(
        areas["rows"][0]["code"], "310112",
        "what lies above is shown too"
    );
    let kinds = |desk: &mut Desk, who: &str| -> Vec<String> {
        let forms = desk.json(who, "/schemas");
        let entries = forms["entries"].as_array().unwrap();
        if who == "clerk" {
            assert_eq!(entries[0]["kind"], "resident");
            assert_eq!(entries[0]["fields"][2]["path"], "id_number");
            assert_eq!(entries[0]["fields"][2]["heading"]["zh"], "公民身份号码");
        } else {
            assert_eq!(entries.len(), 0, "{who} types nothing elsewhere");
        }
        let kinds = forms["kinds"].as_array().unwrap().iter();
        kinds
            .map(|kind| kind["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(kinds(&mut desk, "sup").contains(&"visit".to_owned()));
    assert!(!kinds(&mut desk, "economics").contains(&"resident".to_owned()));
    assert!(kinds(&mut desk, "auditor").is_empty());
    let sup = desk.json("sup", "/overview");
    assert_eq!(sup["records"]["shop"], 1);
    assert_eq!(sup["phones"]["in_use"], 1);
    let auditor = desk.json("auditor", "/overview");
    assert_eq!(auditor["records"], json!({}));
    assert_eq!(
        (&auditor["waiting"], &auditor["phones"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(
        desk.json("sup", "/offices")["rows"][0]["name"],
        "population-office"
    );
}
