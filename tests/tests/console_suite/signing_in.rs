//! Passwords, second factors, waits, sessions.

use gridbook_server::identity::totp;
use serde_json::{Value, json};

use crate::console::{Desk, MINUTE, PASSWORD};

#[test]
fn a_session_is_a_cookie_that_no_script_reads_and_a_token_that_every_change_repeats() {
    let mut desk = Desk::open("session");
    let answer = desk.try_sign_in(" SUP ", PASSWORD, None);
    assert_eq!(answer.checked(), 200);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("gridbook="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    let me = desk.json("sup", "/session");
    assert_eq!(me["login"], "sup");
    assert_eq!(me["role"], "supervisor");
    assert_eq!(me["areas"], json!(["310112901"]));
    assert_eq!(
        desk.call("sup", "DELETE", "/session", None, None).checked(),
        204
    );
    assert_eq!(desk.get("sup", "/session").problem(), "unauthenticated");
}

#[test]
fn over_https_the_cookie_is_bound_to_the_host_and_over_an_open_line_there_is_none() {
    let desk = Desk::open("https");
    let body = json!({ "login": "sup", "password": PASSWORD }).to_string();
    let sign_in = |host: &str, extra: &[(&str, &str)]| {
        let mut head = format!("POST /api/v1/session HTTP/1.1\r\nHost: {host}\r\n");
        for (name, value) in extra {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("Content-Type: application/json\r\n");
        crate::console::call(desk.at, &head, body.as_bytes())
    };
    let https = sign_in("grid.example", &[("X-Forwarded-Proto", "https")]);
    assert_eq!(https.checked(), 200);
    let cookie = https.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-gridbook="), "{cookie}");
    assert!(cookie.ends_with("; SameSite=Strict; Secure"), "{cookie}");
    assert_eq!(sign_in("grid.example", &[]).checked(), 403);
    let elsewhere = [("Origin", "http://evil.example")];
    assert_eq!(sign_in("127.0.0.1", &elsewhere).checked(), 403);
}

#[test]
fn after_five_failures_a_login_waits_whether_or_not_it_exists() {
    let desk = Desk::open("lockout");
    for login in ["sup", "nobody.at.all"] {
        for _ in 0..5 {
            let wrong = desk.try_sign_in(login, "wrong and long", None);
            assert_eq!(wrong.problem(), "wrong-sign-in", "{login}");
        }
        let waits = desk.try_sign_in(login, PASSWORD, None);
        assert_eq!(waits.checked(), 429, "{login}");
        assert_eq!(waits.problem(), "too-many-attempts");
        let after: i64 = waits.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=31).contains(&after), "{after}");
    }
    desk.pass(31_000);
    let wrong = desk.try_sign_in("sup", "wrong and long", None);
    assert_eq!(wrong.problem(), "wrong-sign-in");
    desk.pass(31_000);
    assert_eq!(
        desk.try_sign_in("sup", PASSWORD, None).checked(),
        429,
        "a minute now"
    );
    desk.pass(31_000);
    assert_eq!(desk.try_sign_in("sup", PASSWORD, None).checked(), 200);
    let wrong = desk.try_sign_in("sup", "wrong and long", None);
    assert_eq!(
        wrong.problem(),
        "wrong-sign-in",
        "success has wiped the count"
    );
    assert_eq!(desk.try_sign_in("sup", PASSWORD, None).checked(), 200);
}

#[test]
fn a_session_ends_after_half_an_hour_of_silence_and_after_half_a_day_in_any_case() {
    let mut desk = Desk::open("expiry");
    desk.json("sup", "/session");
    for _ in 0..3 {
        desk.pass(29 * MINUTE);
        desk.json("sup", "/session");
    }
    desk.pass(32 * MINUTE);
    assert_eq!(desk.get("sup", "/session").problem(), "unauthenticated");
    desk.sign_in("sup");
    for _ in 0..24 {
        desk.pass(29 * MINUTE);
        desk.json("sup", "/session");
    }
    desk.pass(25 * MINUTE);
    assert_eq!(desk.get("sup", "/session").problem(), "unauthenticated");
}

#[test]
fn an_account_has_eight_sessions_and_the_oldest_makes_room() {
    let mut desk = Desk::open("many");
    let first = desk.sign_in("sup");
    for _ in 0..8 {
        desk.pass(1_000);
        desk.sign_in("sup");
    }
    let headers = [("Cookie", first.cookie.as_str())];
    assert_eq!(desk.raw("GET", "/session", &headers, b"").checked(), 401);
    desk.json("sup", "/session");
}

/// The secret that a base32 text holds.
fn secret(text: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let digit = |c| alphabet.find(c).unwrap() as u64;
    // Eight letters are five bytes.
    let bytes = |letters: &[char]| {
        let bits = letters.iter().fold(0, |bits, c| bits << 5 | digit(*c));
        bits.to_be_bytes()[3..].to_vec()
    };
    let letters: Vec<char> = text.chars().collect();
    letters.chunks_exact(8).flat_map(bytes).collect()
}

#[test]
fn a_second_factor_is_asked_for_once_it_is_in_force_and_each_code_is_good_once() {
    let mut desk = Desk::open("factor");
    let wrong = desk.post(
        "sup",
        "/session/factor",
        &json!({ "password": "wrong and long" }),
    );
    assert_eq!(wrong.problem(), "wrong-sign-in");
    let offered = desk.post("sup", "/session/factor", &json!({ "password": PASSWORD }));
    assert_eq!(offered.checked(), 200);
    let offered = offered.json();
    let secret = secret(offered["secret"].as_str().unwrap());
    assert_eq!(secret.len(), 20);
    let uri = offered["uri"].as_str().unwrap();
    assert!(
        uri.starts_with("otpauth://totp/Gridbook:sup?secret="),
        "{uri}"
    );
    let now = |desk: &Desk| totp::step(desk.central.app.core().now_ms());
    let put = |desk: &mut Desk, code: &str| {
        let body = json!({ "code": code });
        let answer = desk.call("sup", "PUT", "/session/factor", None, Some(&body));
        answer.checked()
    };
    assert_eq!(
        desk.try_sign_in("sup", PASSWORD, None).checked(),
        200,
        "not in force yet"
    );
    assert_eq!(put(&mut desk, "000000"), 422);
    let code = totp::code(&secret, now(&desk));
    assert_eq!(put(&mut desk, &code), 204);

    let wanted = desk.try_sign_in("sup", PASSWORD, None);
    assert_eq!(wanted.problem(), "code-wanted");
    let again = desk.try_sign_in("sup", PASSWORD, Some(&code));
    assert_eq!(again.problem(), "wrong-sign-in", "the code was used");
    desk.pass(30_000);
    let code = totp::code(&secret, now(&desk));
    assert_eq!(
        desk.try_sign_in("sup", PASSWORD, Some(&code)).checked(),
        200
    );
    let again = desk.try_sign_in("sup", PASSWORD, Some(&code));
    assert_eq!(again.problem(), "wrong-sign-in");
    assert_eq!(desk.json("sup", "/session")["second_factor"], true);
}

#[test]
fn an_administrator_lets_someone_back_in_who_then_changes_the_password_first() {
    let mut desk = Desk::open("recovery");
    let accounts = desk.json("admin", "/accounts?limit=200");
    let rows = accounts["rows"].as_array().unwrap();
    let far = |row: &Value| row["login"].as_str().unwrap().starts_with("far.");
    assert!(!rows.iter().any(far), "other areas' accounts are not there");
    let clerk = rows.iter().find(|row| row["login"] == "clerk").unwrap();
    let path = format!("/accounts/{}/recovery", clerk["id"]);
    desk.json("clerk", "/records");
    let first = "a first password";
    let body = json!({ "password": first, "reason": "本人到场,丢了手机" });
    assert_eq!(desk.post("admin", &path, &body).checked(), 204);
    assert_eq!(
        desk.get("clerk", "/records").checked(),
        401,
        "the sessions ended"
    );

    let answer = desk.try_sign_in("clerk", first, None);
    assert_eq!(answer.checked(), 200);
    let cookie = answer
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let csrf = answer.json()["csrf"].as_str().unwrap().to_owned();
    let headers = [
        ("Cookie", cookie.as_str()),
        ("X-CSRF-Token", csrf.as_str()),
        ("Content-Type", "application/json"),
    ];
    let refused = desk.raw("GET", "/records", &headers, b"");
    assert_eq!(refused.problem(), "password-change");
    let change = |old: &str, new: &str| {
        let body = json!({ "old": old, "new": new }).to_string();
        desk.raw("POST", "/session/password", &headers, body.as_bytes())
            .checked()
    };
    assert_eq!(change(first, "short"), 422);
    assert_eq!(change(first, first), 422);
    assert_eq!(change("not the first", PASSWORD), 401);
    assert_eq!(change(first, PASSWORD), 204);
    desk.sign_in("clerk");
    desk.json("clerk", "/records");

    let trace = desk.json("auditor", "/audit?act=account.recover");
    assert_eq!(trace["rows"][0]["who"], "admin");
    assert_eq!(trace["rows"][0]["reason"], "本人到场,丢了手机");
    assert_eq!(trace["rows"][0]["object"]["account"], clerk["id"]);
}

#[test]
fn where_the_settings_want_a_second_factor_nothing_goes_before_it_is_in_force() {
    let mut desk = Desk::open_with("wanted", |config| {
        config.second_factor = vec![schemas::access::Role::Supervisor];
    });
    for path in ["/records", "/overview", "/conflicts", "/grids"] {
        assert_eq!(desk.get("sup", path).problem(), "factor-wanted", "{path}");
    }
    let session = desk.json("sup", "/session");
    assert_eq!(session["second_factor"], false);
    assert_eq!(session["factor_wanted"], true, "said before it is refused");
    assert_eq!(desk.json("clerk", "/session")["factor_wanted"], false);
    assert_eq!(desk.get("clerk", "/records").checked(), 200);
    let offered = desk.post("sup", "/session/factor", &json!({ "password": PASSWORD }));
    assert_eq!(offered.checked(), 200);
    desk.central
        .write(|tx| {
            tx.conn().execute(
                "UPDATE account SET totp = totp_next WHERE login = 'sup'",
                [],
            )?;
            Ok(())
        })
        .unwrap();
    assert_eq!(desk.get("sup", "/records").checked(), 200);
    assert_eq!(desk.json("sup", "/session")["factor_wanted"], false);
}
