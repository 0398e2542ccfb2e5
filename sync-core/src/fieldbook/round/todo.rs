//! What waits for the inspector: shops to visit again, tasks, edits that came back.

use std::collections::BTreeMap;

use schemas::{RegisterKey, Scalar};
use serde::Serialize;

use super::{
    Due, Row, ShopQuery, ShopRow, Value, Words, card::field_of, names, reason, work::SetbackRow,
};
use crate::{
    fieldbook::{Fieldbook, Returned, error::Result},
    ids::RecordId,
    record::Edit,
    sync::Task,
};

/// Where a new record stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FormPlace {
    /// In a grid of its own.
    Grid(String),
    /// With a shop.
    With(RecordId),
}

/// Edits as a form shows them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Form {
    /// The kind; empty where the record is not in the book any more.
    pub kind: String,
    /// The record that it edits; none where it was to be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// Where a new one stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<FormPlace>,
    /// Registers by key; `_alive` null for a deletion.
    pub values: BTreeMap<String, Value>,
    /// Entries begun.
    pub added: Vec<String>,
    /// Entries taken away.
    pub removed: Vec<String>,
}

/// Edits to correct and send again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReturnedRow {
    /// Names it in [`Fieldbook::resolve_returned`].
    pub id: i64,
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The shop that it belongs to.
    pub shop: Option<RecordId>,
    /// Why.
    pub why: Option<Words>,
    /// The register at fault.
    pub field: Option<String>,
    /// When it was committed, ms.
    pub at_ms: i64,
    /// What was done.
    pub form: Form,
}

/// A task for this inspector.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskRow {
    /// The task.
    pub id: RecordId,
    /// The task type's code.
    #[serde(rename = "type")]
    pub task_type: String,
    /// What people read for it.
    pub words: Words,
    /// The door.
    pub door: String,
    /// What to find out.
    pub question: String,
    /// When it is due, ms.
    pub due_ms: Option<i64>,
    /// The task's record, where it is in the book: what is answered is written there.
    pub record: Option<Row>,
    /// Where what is made for it stands: the grid of its record, else the first of one's own.
    pub grid: Option<String>,
    /// The shop, where it is in the book.
    pub shop: Option<RecordId>,
    /// The finding, where it is in the book.
    pub finding: Option<RecordId>,
    /// The person to collect again, where they are in the book.
    pub resident: Option<RecordId>,
    /// Of a spot check: how its door was drawn.
    pub draw: Option<DrawnDoor>,
}

/// How the door of a spot check was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrawnDoor {
    /// The batch.
    pub batch: String,
    /// The method's code.
    pub method: String,
    /// The shop, whether it is in the book or not; none where the door's list names none.
    pub shop: Option<RecordId>,
}

/// Everything that waits for the inspector.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Todo {
    /// Shops to visit again.
    pub revisit: Vec<ShopRow>,
    /// Tasks, those due first.
    pub tasks: Vec<TaskRow>,
    /// Edits to correct.
    pub returned: Vec<ReturnedRow>,
    /// What the server holds.
    pub held: Vec<SetbackRow>,
}

impl Fieldbook {
    /// What waits for the inspector.
    pub fn todo(&self) -> Result<Todo> {
        let again = ShopQuery {
            due: Some(Due::Revisit),
            ..ShopQuery::default()
        };
        let mut tasks = self.tasks()?;
        tasks.retain(|task| self.is_open_task(&task.id));
        tasks.sort_by_key(|task| (task.due_ms.is_none(), task.due_ms, task.id));
        let tasks: Result<Vec<TaskRow>> =
            tasks.into_iter().map(|task| self.task_row(task)).collect();
        let returned = self.returned()?.into_iter();
        Ok(Todo {
            revisit: self.today(&again)?.rows,
            tasks: tasks?,
            returned: returned.map(|back| self.returned_row(back)).collect(),
            held: self.held()?,
        })
    }

    /// Whether a task still asks for something: one that was answered on this phone does not, long
    /// before the server has heard of it, nor does one that was withdrawn. Without its record it
    /// does until the server says otherwise.
    fn is_open_task(&self, id: &RecordId) -> bool {
        let Some(record) = self.list.get(id) else {
            return true;
        };
        let state = record.facts.text(names::STATE);
        record.present && state.is_none_or(|state| state == names::TO_DO)
    }

    fn task_row(&self, task: Task) -> Result<TaskRow> {
        let round = self.round()?;
        let present = |id: &RecordId| self.list.get(id).filter(|listed| listed.present);
        let record = present(&task.id);
        // What the record says comes later than the item and may have been put right since.
        let here = |field: &str, told: Option<RecordId>| {
            let id = record.and_then(|record| record.facts.record(field));
            let kind = present(&id.or(told)?)?;
            (kind.kind == field).then_some(kind.record)
        };
        let list = self.schemas.codes(names::TASK_TYPES);
        let entry = list.and_then(|list| list.get(&task.task_type));
        let own = self.identity.as_ref();
        let own = own.and_then(|own| own.certificate.grids.first());
        Ok(TaskRow {
            id: task.id,
            words: entry.map_or_else(
                || Words::new("任务", "Task"),
                |entry| Words::from(&entry.labels),
            ),
            task_type: task.task_type,
            door: task.door,
            question: task.question,
            due_ms: task.due_ms,
            grid: record
                .map(|record| record.grid.clone())
                .or_else(|| own.map(|grant| grant.grid.clone())),
            shop: here(names::SHOP, task.shop),
            finding: here(names::FINDING, task.about),
            resident: here(names::RESIDENT, task.about),
            record: record.map(|record| self.row(record, round)),
            draw: task.draw.map(|draw| DrawnDoor {
                batch: draw.batch,
                method: draw.method,
                shop: task.shop,
            }),
        })
    }

    fn returned_row(&self, back: Returned) -> ReturnedRow {
        let subject = self.subject(&back.record);
        let form = self.form(&back.record, &subject.kind, &back.edits);
        let shop = match &form.place {
            Some(FormPlace::With(shop)) => Some(*shop),
            _ => subject.shop,
        };
        ReturnedRow {
            id: back.id,
            record: back.record,
            kind: subject.kind,
            title: subject.title,
            shop,
            why: Some(reason::refused(back.reason)),
            field: back.field,
            at_ms: back.time_ms,
            form,
        }
    }

    /// Edits as a form shows them. A record that only they would have made is to be made anew.
    fn form(&self, record: &RecordId, kind: &str, edits: &[Edit]) -> Form {
        let listed = self.list.get(record);
        let there = listed.is_some_and(|listed| listed.present);
        let schema = self.schemas.kind(kind);
        let mut form = Form {
            kind: kind.to_owned(),
            record: there.then_some(*record),
            place: None,
            values: BTreeMap::new(),
            added: Vec::new(),
            removed: Vec::new(),
        };
        let mut follows = None;
        for edit in edits {
            match edit {
                Edit::Set { key, value } => {
                    let text = key.to_string();
                    if is_follows(schema, key) {
                        follows = record_in(value);
                    }
                    let value = Value::of(field_of(schema, &text), value);
                    form.values.insert(text, value);
                }
                Edit::Clear { key } => {
                    form.values.insert(key.to_string(), Value::Null);
                }
                Edit::AddEntry { group, id } => form.added.push(format!("{group}.{id}")),
                Edit::RemoveEntry { group, id } => form.removed.push(format!("{group}.{id}")),
                Edit::Delete => {
                    form.values
                        .insert(RegisterKey::Alive.to_string(), Value::Null);
                }
                Edit::Restore => {}
            }
        }
        if !there {
            let grid = listed.map(|listed| FormPlace::Grid(listed.grid.clone()));
            form.place = follows.map(FormPlace::With).or(grid);
        }
        form
    }
}

fn is_follows(kind: Option<&schemas::Kind>, key: &RegisterKey) -> bool {
    let field = kind.and_then(schemas::Kind::follows_field);
    field.is_some_and(|field| key.path().as_ref() == Some(&field.path))
}

fn record_in(value: &Scalar) -> Option<RecordId> {
    match value {
        Scalar::Bytes(bytes) => RecordId::from_slice(bytes).ok(),
        _ => None,
    }
}
