//! What a task is about.

use schemas::Labels;
use sync_core::{RecordId, record::View};

use crate::{
    checks,
    error::{Error, OrNotFound as _, Result},
    records::{self, Stored},
    store::Tx,
};

/// What a task is about, as far as its record names it.
#[derive(Default)]
pub(super) struct Subject {
    pub(super) door: String,
    shop: Option<RecordId>,
    /// The field of the task that names it, where it is no shop.
    about: Option<(&'static str, RecordId)>,
    /// The class of a finding, in words: whoever verifies it may see nothing else of it.
    pub(super) class: Option<Labels>,
}

impl Subject {
    pub(super) fn of(tx: &Tx<'_>, record: &RecordId) -> Result<Self> {
        let keys = tx.core().keys();
        let find = |id: &RecordId| match records::find(tx.conn(), keys, id) {
            Err(Error::Gone(_)) => Ok(None),
            found => found,
        };
        let Some(stored) = find(record)? else {
            return Ok(Self::default());
        };
        let about = match stored.header.kind.as_str() {
            "finding" => Some(("finding", stored.id)),
            "resident" => Some(("resident", stored.id)),
            _ => None,
        };
        let class = about.and_then(|(kind, _)| {
            let view = (kind == "finding").then(|| View::of(&stored.registers))?;
            let code = view.fields.get("class")?.shown().as_text()?.to_owned();
            let schemas = tx.core().schemas();
            let entry = schemas.codes("finding-class")?.get(&code)?;
            Some(entry.labels.clone())
        });
        let shop: Option<Stored> = match stored.follows {
            Some(shop) => find(&shop)?,
            None => Some(stored),
        };
        let shop = shop.filter(|stored| stored.header.kind == "shop");
        let view = shop.as_ref().map(|shop| View::of(&shop.registers));
        let field = view.and_then(|view| view.fields.get("door_no").map(|f| f.shown().clone()));
        let door = field.and_then(|value| value.as_text().map(str::to_owned));
        Ok(Self {
            door: door.unwrap_or_default(),
            shop: shop.map(|shop| shop.id),
            about,
            class,
        })
    }

    /// It is about a door of a spot check. What the register has there is not said to whoever
    /// looks: he learns of a shop only where it was drawn from the register.
    pub(super) fn at_door(&mut self, tx: &Tx<'_>, door: (i64, u32), blind: bool) -> Result<()> {
        let drawn = checks::drawn(tx.conn(), door)?.or_not_found("door")?;
        self.door = drawn.text;
        if blind {
            self.shop = drawn.shop;
            self.about = None;
        }
        Ok(())
    }

    /// The fields of the task that name it.
    pub(super) fn refs(&self) -> impl Iterator<Item = (&'static str, RecordId)> {
        let shop = self.shop.map(|shop| ("shop", shop));
        shop.into_iter().chain(self.about)
    }
}
