//! What an open book is asked, answered at once: the calls that `phone/call.rs` names.
#![expect(
    clippy::needless_pass_by_value,
    reason = "what may be absent crosses the languages' border by value"
)]

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;

use super::{
    Book, BookError,
    types::{
        Check, Counts, Dossier, Draft, Figures, FindingPage, Form, GridMap, HistoryRow, Judged,
        Photo, RecordState, RowPage, Saved, SchemaDef, ShopPage, ShopQuery, Standing, TodayPage,
        Todo, WorkRow,
    },
};
use crate::phone::{Phone, Problem};

#[uniffi::export]
impl Book {
    /// Who the phone is.
    pub fn standing(&self) -> Result<Standing, BookError> {
        self.ask("standing", &())
    }

    /// What the status line says.
    pub fn counts(&self) -> Result<Counts, BookError> {
        self.ask("counts", &())
    }

    /// Everything that forms and pickers need.
    pub fn schema(&self) -> Result<SchemaDef, BookError> {
        self.ask("schema", &())
    }

    /// The shops to be visited, those not visited first.
    pub fn today(&self, query: &ShopQuery) -> Result<TodayPage, BookError> {
        self.ask("today", query)
    }

    /// Shops by search and filter.
    pub fn shops(&self, query: &ShopQuery) -> Result<ShopPage, BookError> {
        self.ask("shops", query)
    }

    /// The map of a grid.
    pub fn map(&self, grid: &str) -> Result<GridMap, BookError> {
        self.ask("map", &json!({"grid": grid}))
    }

    /// A shop with everything that is tied to it.
    pub fn dossier(&self, shop: &str) -> Result<Dossier, BookError> {
        self.ask("dossier", &json!({"shop": shop}))
    }

    /// One record with all its values.
    pub fn record(&self, record: &str) -> Result<RecordState, BookError> {
        self.ask("record", &json!({"record": record}))
    }

    /// Who changed what of a record when, the newest first; of one register, if `key` names one.
    #[uniffi::method(default(key = None))]
    pub fn history(&self, record: &str, key: Option<String>) -> Result<Vec<HistoryRow>, BookError> {
        self.ask("history", &json!({"record": record, "key": key}))
    }

    /// Records of a kind, those of one shop or found by a text; the last made first.
    #[uniffi::method(default(shop = None, text = None, limit = None))]
    pub fn rows(
        &self,
        kind: &str,
        shop: Option<String>,
        text: Option<String>,
        limit: Option<u32>,
    ) -> Result<RowPage, BookError> {
        let query = json!({"kind": kind, "shop": shop, "text": text, "limit": limit});
        self.ask("rows", &query)
    }

    /// Findings, the last reported first: those of one shop, or those of this inspector.
    #[uniffi::method(default(shop = None, own = false, limit = None))]
    pub fn findings(
        &self,
        shop: Option<String>,
        own: bool,
        limit: Option<u32>,
    ) -> Result<FindingPage, BookError> {
        self.ask(
            "findings",
            &json!({"shop": shop, "own": own, "limit": limit}),
        )
    }

    /// What a form shows, lacks and gets wrong. Nothing is saved.
    pub fn check(&self, form: &Form) -> Result<Check, BookError> {
        self.ask("check", form)
    }

    /// Saves a form: on the disk when this returns.
    pub fn save(&self, form: &Form) -> Result<Saved, BookError> {
        self.ask("save", form)
    }

    /// A visit with its outcome's code, and codes of what changed besides.
    #[uniffi::method(default(changed = []))]
    pub fn visit(
        &self,
        shop: &str,
        outcome: &str,
        changed: Vec<String>,
    ) -> Result<Saved, BookError> {
        let query = json!({"shop": shop, "outcome": outcome, "changed": changed});
        self.ask("visit", &query)
    }

    /// Takes back what was just made and is on this phone alone; false: too late.
    pub fn undo(&self, record: &str) -> Result<bool, BookError> {
        self.ask("undo", &json!({"record": record}))
    }

    /// Own changes and how far they have come, the newest first.
    #[uniffi::method(default(limit = None))]
    pub fn work(&self, limit: Option<u32>) -> Result<Vec<WorkRow>, BookError> {
        self.ask("work", &json!({"limit": limit}))
    }

    /// What waits for the inspector.
    pub fn todo(&self) -> Result<Todo, BookError> {
        self.ask("todo", &())
    }

    /// What the inspector did this month.
    pub fn figures(&self) -> Result<Figures, BookError> {
        self.ask("figures", &())
    }

    /// What spot checks said of the own grids, the latest month first.
    pub fn judged(&self) -> Result<Vec<Judged>, BookError> {
        self.ask("judged", &())
    }

    /// Forms, codes and lists follow the version that is ready; false: there was none.
    pub fn take_schema(&self) -> Result<bool, BookError> {
        self.ask("take_schema", &())
    }

    /// Takes edits that were corrected off the list; false: they were off.
    pub fn resolve_returned(&self, id: i64) -> Result<bool, BookError> {
        self.ask("resolve_returned", &json!({"id": id}))
    }

    /// Takes a task that was done and whose record is not here off the list.
    pub fn forget_task(&self, task: &str) -> Result<(), BookError> {
        self.ask("forget_task", &json!({"task": task}))
    }

    /// Photos that the server does not have whole.
    pub fn photos(&self) -> Result<Vec<Photo>, BookError> {
        self.ask("photos", &())
    }

    /// Forgets a photo that was not sent.
    pub fn drop_photo(&self, record: &str, sha256: &str) -> Result<(), BookError> {
        self.ask("drop_photo", &json!({"record": record, "sha256": sha256}))
    }

    /// Forms begun and not saved, the newest first.
    pub fn drafts(&self) -> Result<Vec<Draft>, BookError> {
        self.ask("drafts", &())
    }

    /// Keeps a form, in the app's own words, under a name; without a body it is forgotten.
    pub fn put_draft(
        &self,
        name: &str,
        title: &str,
        body: Option<String>,
    ) -> Result<(), BookError> {
        self.ask(
            "put_draft",
            &json!({"name": name, "title": title, "body": body}),
        )
    }

    /// Keeps a file for a record; its SHA-256 in hex, which a form sets as the value of a photo
    /// field.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "borrowed, it would be no byte array in Kotlin"
    )]
    pub fn attach(&self, record: &str, media: &str, bytes: Vec<u8>) -> Result<String, BookError> {
        self.with(|phone| phone.attach(record, media, &bytes))
    }

    /// Sets a record aside with which the core fell over: still listed, not edited any more.
    pub fn set_aside(&self, record: &str) -> Result<(), BookError> {
        self.with(|phone| phone.set_aside(record))
    }
}

impl Book {
    fn ask<T: DeserializeOwned>(&self, op: &str, query: &impl Serialize) -> Result<T, BookError> {
        self.with(|phone| phone.ask(op, query))
    }
}

#[derive(Serialize)]
struct Call<'a, Q> {
    op: &'a str,
    #[serde(flatten)]
    query: &'a Q,
}

#[derive(Deserialize)]
struct Answer<T> {
    ok: T,
}

impl Phone {
    /// Asks what [`Phone::call`] answers; the answer as a record.
    pub(super) fn ask<T: DeserializeOwned>(
        &self,
        op: &str,
        query: &impl Serialize,
    ) -> Result<T, Problem> {
        let call = serde_json::to_string(&Call { op, query }).map_err(|_| Problem::call())?;
        let answer = self.answer(&call)?;
        let answer: Answer<T> = serde_json::from_str(&answer).map_err(|_| Problem::call())?;
        Ok(answer.ok)
    }
}
