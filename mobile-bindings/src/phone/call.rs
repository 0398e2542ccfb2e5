//! Calls in JSON: `{"op": "dossier", "shop": "…"}`.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sync_core::RecordId;

use super::{Phone, Problem};

/// Bytes of a call: more than any form has.
const MAX_CALL_BYTES: usize = 1024 * 1024;

pub(crate) type Answer = Result<String, Problem>;

/// What goes back. Written as it is met: a tree of values between costs more than the answer.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Reply<T> {
    Ok(T),
    Error(Problem),
}

impl Phone {
    /// Answers one call: `{"ok": …}`, or `{"error": Problem}`.
    pub fn call(&self, text: &str) -> String {
        self.answer(text).unwrap_or_else(|problem| {
            // A problem is words and numbers: writing it cannot fail.
            serde_json::to_string(&Reply::<()>::Error(problem)).unwrap_or_default()
        })
    }

    /// The answer to one call, as it is written: `{"ok": …}`.
    pub(crate) fn answer(&self, text: &str) -> Answer {
        if text.len() > MAX_CALL_BYTES {
            return Err(Problem::call());
        }
        let call: Value = serde_json::from_str(text).map_err(|_| Problem::call())?;
        let op = call.get("op").and_then(Value::as_str);
        match op.unwrap_or_default() {
            "standing" => ok(self.standing()?),
            "counts" => ok(self.counts()?),
            "schema" => ok(self.schema()?),
            "today" => ok(self.today(&read(call)?)?),
            "shops" => ok(self.shops(&read(call)?)?),
            "map" => ok(self.map(&read(call)?)?),
            "dossier" => ok(self.dossier(&read(call)?)?),
            "record" => ok(self.record(&read(call)?)?),
            "history" => ok(self.history(&read(call)?)?),
            "rows" => ok(self.rows(&read(call)?)?),
            "findings" => ok(self.findings(&read(call)?)?),
            "check" => ok(self.check(&read(call)?)?),
            "save" => ok(self.save(&read(call)?)?),
            "visit" => ok(self.visit(&read(call)?)?),
            "undo" => ok(self.undo(&read(call)?)?),
            "work" => ok(self.work(&read(call)?)?),
            "todo" => ok(self.todo()?),
            "figures" => ok(self.figures()?),
            "judged" => ok(self.judged()?),
            "take_schema" => ok(self.take_schema()?),
            "resolve_returned" => ok(self.resolve_returned(&read(call)?)?),
            "forget_task" => ok(self.forget_task(&read(call)?)?),
            "photos" => ok(self.photos()?),
            "drop_photo" => ok(self.drop_photo(&read(call)?)?),
            "drafts" => ok(self.drafts()?),
            "put_draft" => ok(self.put_draft(read(call)?)?),
            #[cfg(feature = "planted-panic")]
            "panic" => planted(),
            _ => Err(Problem::call()),
        }
    }
}

/// Falls over on purpose: see the feature.
#[cfg(feature = "planted-panic")]
#[expect(clippy::panic, reason = "that is what it is for")]
fn planted() -> Answer {
    panic!("planted")
}

fn ok(answer: impl Serialize) -> Answer {
    serde_json::to_string(&Reply::Ok(answer)).map_err(|_| Problem::call())
}

fn read<T: DeserializeOwned>(call: Value) -> Result<T, Problem> {
    serde_json::from_value(call).map_err(|_| Problem::call())
}

/// A record's id, as it is printed.
pub(super) fn record_id(text: &str) -> Result<RecordId, Problem> {
    RecordId::parse(text).ok_or_else(Problem::call)
}
