//! What the hub knows of records and changes.

use sync_core::{
    ActorId, ChangeHash, RecordId, Salt,
    bundle::{ChangeIndex, RecordKeeper, RecordRef},
};

use super::Hub;

impl ChangeIndex for Hub {
    fn locate(&self, record: &RecordId, hash: &ChangeHash) -> Option<(ActorId, u64)> {
        let index = &self.records.get(record)?.index;
        index
            .iter()
            .find(|(_, known)| *known == hash)
            .map(|(place, _)| *place)
    }

    fn hash(&self, record: &RecordId, actor: ActorId, seq: u64) -> Option<ChangeHash> {
        self.records.get(record)?.index.get(&(actor, seq)).copied()
    }

    fn reference(&self, record: &RecordId) -> RecordRef {
        let Some(known) = self.records.get(record) else {
            return RecordRef::Id(*record);
        };
        let grid = &known.header.grid;
        let number = self
            .feeds
            .get(grid)
            .and_then(|feed| feed.number_of.get(record));
        match number {
            Some(&number) => RecordRef::Number {
                epoch: self.epoch,
                grid: grid.clone(),
                number,
            },
            None => RecordRef::Id(*record),
        }
    }

    fn record(&self, epoch: u64, grid: &str, number: u32) -> Option<RecordId> {
        if epoch != self.epoch {
            return None;
        }
        self.feeds.get(grid)?.numbers.get(&number).copied()
    }
}

impl RecordKeeper for Hub {
    fn salt(&self, record: &RecordId) -> Option<Salt> {
        self.records.get(record).map(|known| known.header.salt)
    }
}
