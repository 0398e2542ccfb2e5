//! Own work: what is to be done, what was done, drafts and photos that wait.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sync_core::{
    RecordId, Sha256,
    fieldbook::{
        Attachment,
        round::{Figures, Todo, WorkRow},
    },
};

use super::{Phone, Problem, call::record_id, form::app_key};

/// Rows of own work, where the call does not say how many.
const ROWS: usize = 200;

/// Photos that the server does not have whole.
#[derive(Debug, Serialize)]
pub(super) struct Photo {
    record: String,
    sha256: String,
    media: String,
    bytes: u64,
    uploaded: u64,
}

/// A form begun and not saved.
#[derive(Debug, Serialize)]
pub(super) struct Draft {
    name: String,
    #[serde(flatten)]
    kept: Kept,
}

/// As it is kept, under its name.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    title: String,
    at_ms: i64,
    body: Value,
}

#[derive(Debug, Deserialize)]
pub(super) struct PutDraft {
    name: String,
    #[serde(default)]
    title: String,
    body: Value,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReturnedQuery {
    id: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct TaskQuery {
    task: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct PhotoQuery {
    record: String,
    sha256: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct WorkQuery {
    #[serde(default)]
    limit: Option<usize>,
}

#[derive(Debug, Deserialize)]
pub(super) struct UndoQuery {
    record: String,
}

impl PhotoQuery {
    fn parse(&self) -> Result<(RecordId, Sha256), Problem> {
        let sha256 = Sha256::parse(&self.sha256).ok_or_else(Problem::call)?;
        Ok((record_id(&self.record)?, sha256))
    }
}

impl Phone {
    pub(super) fn todo(&self) -> Result<Todo, Problem> {
        let mut todo = self.book()?.todo()?;
        for returned in &mut todo.returned {
            returned.field = returned.field.as_deref().map(app_key);
            let values = std::mem::take(&mut returned.form.values).into_iter();
            returned.form.values = values.map(|(key, value)| (app_key(&key), value)).collect();
        }
        Ok(todo)
    }

    pub(super) fn work(&self, query: &WorkQuery) -> Result<Vec<WorkRow>, Problem> {
        Ok(self.book()?.work(query.limit.unwrap_or(ROWS))?)
    }

    pub(super) fn figures(&self) -> Result<Figures, Problem> {
        let book = self.book()?;
        Ok(book.figures(book.now_ms()?)?)
    }

    pub(super) fn undo(&self, query: &UndoQuery) -> Result<bool, Problem> {
        Ok(self.book()?.undo(&record_id(&query.record)?)?)
    }

    pub(super) fn photos(&self) -> Result<Vec<Photo>, Problem> {
        let photo = |file: Attachment| Photo {
            record: file.record.to_string(),
            sha256: file.sha256.to_string(),
            media: file.media,
            bytes: file.bytes,
            uploaded: file.uploaded,
        };
        let files = self.book()?.pending_attachments()?;
        Ok(files.into_iter().map(photo).collect())
    }

    pub(super) fn drop_photo(&self, query: &PhotoQuery) -> Result<(), Problem> {
        let (record, sha256) = query.parse()?;
        Ok(self.book()?.drop_attachment(&record, &sha256)?)
    }

    pub(super) fn resolve_returned(&self, query: &ReturnedQuery) -> Result<bool, Problem> {
        Ok(self.book()?.resolve_returned(query.id)?)
    }

    pub(super) fn forget_task(&self, query: &TaskQuery) -> Result<(), Problem> {
        Ok(self.book()?.forget_task(&record_id(&query.task)?)?)
    }

    /// The newest first. One that an older app wrote in another form is passed over, not lost.
    pub(super) fn drafts(&self) -> Result<Vec<Draft>, Problem> {
        let drafts = self.book()?.drafts()?;
        let mut drafts: Vec<Draft> = drafts
            .into_iter()
            .filter_map(|(name, kept)| {
                let kept = serde_json::from_slice(&kept).ok()?;
                Some(Draft { name, kept })
            })
            .collect();
        drafts.sort_by_key(|draft| std::cmp::Reverse(draft.kept.at_ms));
        Ok(drafts)
    }

    /// Keeps a form, durably; without a body it is forgotten.
    pub(super) fn put_draft(&self, draft: PutDraft) -> Result<(), Problem> {
        let mut book = self.book()?;
        if draft.body.is_null() {
            return Ok(book.put_draft(&draft.name, None)?);
        }
        let kept = Kept {
            title: draft.title,
            at_ms: book.now_ms()?,
            body: draft.body,
        };
        let kept = serde_json::to_vec(&kept).map_err(|_| Problem::call())?;
        Ok(book.put_draft(&draft.name, Some(&kept))?)
    }
}
