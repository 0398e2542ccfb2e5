//! Answers in a form in which two plays of the same scenario are the same: ids by the names that
//! the scenario gave them, times and sizes left out, and lists whose order is chance sorted.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Numbers from here on are times, ms.
const A_TIME: i64 = 1_500_000_000_000;

/// What the scenario named.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(BTreeMap<String, Value>);

impl Names {
    pub(super) fn keep(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// What is given, with names replaced by what they stand for.
    pub(super) fn fill(&self, given: &Value) -> Value {
        match given {
            Value::String(text) => self.fill_text(text),
            Value::Array(list) => list.iter().map(|one| self.fill(one)).collect(),
            Value::Object(map) => {
                let filled = map.iter().map(|(key, value)| {
                    let key = self.fill_text(key);
                    (
                        key.as_str().unwrap_or_default().to_owned(),
                        self.fill(value),
                    )
                });
                filled.collect::<Map<_, _>>().into()
            }
            other => other.clone(),
        }
    }

    fn fill_text(&self, text: &str) -> Value {
        if let Some(whole) = text.strip_prefix('$').and_then(|name| self.0.get(name)) {
            return whole.clone();
        }
        let mut filled = text.to_owned();
        // The longest first: `$shop2` is not `$shop` and a 2.
        let mut names: Vec<&String> = self.0.keys().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in names {
            if let Some(Value::String(value)) = self.0.get(name) {
                filled = filled.replace(&format!("${name}"), value);
            }
        }
        filled.into()
    }

    /// An answer in its canonical form.
    pub(super) fn canonical(&self, answer: &Value) -> Value {
        self.under("", answer)
    }

    fn under(&self, key: &str, value: &Value) -> Value {
        match value {
            Value::Number(number) => {
                let time = number.as_i64().is_some_and(|number| number >= A_TIME);
                if time || key.ends_with("_ms") {
                    "<ms>".into()
                } else if key.ends_with("_bytes") {
                    "<bytes>".into()
                } else {
                    value.clone()
                }
            }
            Value::String(_) if key == "month" => "<month>".into(),
            Value::String(text) => self.name(text).into(),
            Value::Array(list) => {
                let syllables = key == "words";
                let one = |one: &Value| match one {
                    Value::String(_) if syllables => "<word>".into(),
                    one => self.under(key, one),
                };
                let mut list: Vec<Value> = list.iter().map(one).collect();
                // The first that is shown is by chance, where nobody has decided.
                if ["values", "by", "points", "outline"].contains(&key) {
                    list.sort_by_key(by_value);
                }
                list.into()
            }
            Value::Object(map) => {
                let there = map.iter().filter(|(_, value)| !value.is_null());
                let named = there.map(|(key, value)| {
                    let parts: Vec<String> = key.split('.').map(|part| self.name(part)).collect();
                    (parts.join("."), self.under(key, value))
                });
                named.collect::<Map<_, _>>().into()
            }
            other => other.clone(),
        }
    }

    /// An id by its name.
    fn name(&self, text: &str) -> String {
        let known = self
            .0
            .iter()
            .find(|(_, value)| value.as_str() == Some(text));
        match known {
            Some((name, _)) => format!("${name}"),
            None if is_id(text) => "<id>".to_owned(),
            None => text.to_owned(),
        }
    }
}

/// Sorts what has a value by that: a part of an answer is then sorted as the whole is.
pub(super) fn by_value(one: &Value) -> (String, String) {
    let value = one.get("value").unwrap_or(&Value::Null);
    (value.to_string(), one.to_string())
}

/// Whether a text is an id: of a device, a record, a file.
fn is_id(text: &str) -> bool {
    [12, 32, 64].contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Where an answer is not what is expected of it.
pub(super) fn differs(expected: &Value, found: &Value, at: &str) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().find_map(|(key, wanted)| {
                let found = found.get(key).unwrap_or(&Value::Null);
                differs(wanted, found, &format!("{at}/{key}"))
            })
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            let pairs = expected.iter().zip(found).enumerate();
            pairs
                .map(|(place, (wanted, found))| differs(wanted, found, &format!("{at}/{place}")))
                .find_map(|difference| difference)
        }
        (expected, found) if expected == found => None,
        (expected, found) => Some(format!("{at} is {found}, not {expected}")),
    }
}

/// The answer without what each phone says of itself.
pub(super) fn impersonal(answer: &Value) -> Value {
    match answer {
        Value::Array(list) => list.iter().map(impersonal).collect(),
        Value::Object(map) => {
            let common = map
                .iter()
                .filter(|(key, _)| !["own", "pending"].contains(&key.as_str()));
            let common = common.map(|(key, value)| (key.clone(), impersonal(value)));
            common.collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_have_names_and_what_is_chance_is_left_out() {
        let mut names = Names::default();
        names.keep("shop", "0".repeat(32).into());
        names.keep("entry", "Zx-8_q1WcR0".into());
        let answer = json!({
            "id": "0".repeat(32), "other": "1".repeat(32), "at_ms": 5, "none": null,
            "facts": {"visited_at": 1_790_000_000_000_i64},
            "fields": {"licences.Zx-8_q1WcR0.type": {"values": ["b", "a"]}},
            "words": ["gi", "ban"], "grid": "310112001001001",
        });
        let expected = json!({
            "id": "$shop", "other": "<id>", "at_ms": "<ms>", "facts": {"visited_at": "<ms>"},
            "fields": {"licences.$entry.type": {"values": ["a", "b"]}},
            "words": ["<word>", "<word>"], "grid": "310112001001001",
        });
        assert_eq!(names.canonical(&answer), expected);
        let given = json!({"record": "$shop", "key": "licences.$entry.type"});
        let filled = json!({"record": "0".repeat(32), "key": "licences.Zx-8_q1WcR0.type"});
        assert_eq!(names.fill(&given), filled);
    }

    #[test]
    fn a_part_is_expected_and_lists_whole() {
        let found = json!({"a": 1, "b": [{"c": 2, "d": 3}]});
        assert_eq!(differs(&json!({"b": [{"c": 2}]}), &found, ""), None);
        assert_eq!(differs(&json!({"e": null}), &found, ""), None);
        for wrong in [json!({"b": []}), json!({"a": 2}), json!({"e": 1})] {
            assert!(differs(&wrong, &found, "").is_some(), "{wrong}");
        }
    }
}
