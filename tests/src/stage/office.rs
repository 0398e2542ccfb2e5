//! What people at desks do: tickets, confirmation, decisions, revocation, recovery.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::StageError;
use crate::server::{Answer, Raw, Server};

const LOGIN: &str = "supervisor";
const FIRST: &str = "the first password";
const PASSWORD: &str = "correct horse battery";

/// A supervisor of a street, signed in.
pub(super) struct Office {
    at: String,
    cookie: String,
    csrf: String,
}

impl Office {
    pub(super) fn open(server: &Server, program: &str, area: &str) -> Result<Self, StageError> {
        let mut account = Command::new(program)
            .args(["account", LOGIN, "--name", "Supervisor"])
            .args(["--role", "supervisor", "--area", area, "--data"])
            .arg(server.data())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        if let Some(mut input) = account.stdin.take() {
            writeln!(input, "{FIRST}")?;
        }
        account.wait()?;
        let mut office = Self {
            at: server.url().trim_start_matches("http://").to_owned(),
            cookie: String::new(),
            csrf: String::new(),
        };
        office.sign_in(FIRST)?;
        let change = json!({"old": FIRST, "new": PASSWORD});
        office.call("POST", "/session/password", None, Some(&change))?;
        office.sign_in(PASSWORD)?;
        Ok(office)
    }

    fn sign_in(&mut self, password: &str) -> Result<(), StageError> {
        let given = json!({"login": LOGIN, "password": password});
        let answer = self.call("POST", "/session", None, Some(&given))?;
        let cookie = answer.header("set-cookie").unwrap_or_default();
        cookie
            .split(';')
            .next()
            .unwrap_or_default()
            .clone_into(&mut self.cookie);
        let body: Value = serde_json::from_slice(&answer.body)?;
        text(&body, "csrf").clone_into(&mut self.csrf);
        Ok(())
    }

    /// Compares the phone's words and lets it go on.
    pub(super) fn confirm(&self, device: &str, words: &Value) -> Result<(), StageError> {
        let path = format!("/devices/{device}/confirm");
        self.change(&path, None, &json!({"words": words}))
    }

    /// Ends a phone: what it pulled is to be wiped.
    pub(super) fn revoke(&self, device: &str) -> Result<(), StageError> {
        let path = format!("/devices/{device}/revoke");
        self.change(&path, None, &json!({"reason": "lost"}))
    }

    /// Lets a forgotten secret come back.
    pub(super) fn recover(&self, device: &str) -> Result<(), StageError> {
        let path = format!("/devices/{device}/recovery");
        self.change(
            &path,
            None,
            &json!({"approve": true, "reason": "seen in person"}),
        )
    }

    /// Decides which value of a field stands.
    pub(super) fn decide(&self, record: &str, key: &str, value: &Value) -> Result<(), StageError> {
        let path = format!("/conflicts/{record}/{key}");
        let conflict = self.call("GET", &path, None, None)?;
        let version = conflict.header("etag");
        let given = json!({"value": value, "reason": "seen on site"});
        self.change(&format!("{path}/decision"), version, &given)
    }

    fn change(&self, path: &str, version: Option<&str>, given: &Value) -> Result<(), StageError> {
        self.call("POST", path, version, Some(given)).map(drop)
    }

    fn call(
        &self,
        method: &str,
        path: &str,
        version: Option<&str>,
        given: Option<&Value>,
    ) -> Result<Answer, StageError> {
        let body = given.map(ToString::to_string).unwrap_or_default();
        let mut head = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\
             Content-Type: application/json\r\n",
            self.at,
            body.len()
        );
        let signed_in = [("Cookie", &self.cookie), ("X-CSRF-Token", &self.csrf)];
        for (name, value) in signed_in.into_iter().filter(|(_, value)| !value.is_empty()) {
            head.extend([name, ": ", value, "\r\n"]);
        }
        if let Some(version) = version {
            head.extend(["If-Match: ", version, "\r\n"]);
        }
        let mut raw = Raw::to(&self.at)?;
        raw.send(format!("{head}\r\n{body}").as_bytes());
        let answer = raw.answer()?;
        if answer.status < 300 {
            return Ok(answer);
        }
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        Err(StageError::Office(format!("{method} {path}: {said}")))
    }
}

/// A text of an object.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
