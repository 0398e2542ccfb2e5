//! The device's own stream: verdicts, epochs, certificates, tasks, versions of the schemas, in order.

use super::{Fieldbook, error::Result, settle::TOLD_EPOCH, versions::Announced};
use crate::sync::{Applied, DeviceEntry, DeviceItem};

impl Fieldbook {
    /// Applies the items that were not applied before; whether the phone is to be wiped.
    pub(super) fn apply_items(
        &mut self,
        epoch: u64,
        items: Vec<DeviceEntry>,
        applied: &mut Applied,
    ) -> Result<bool> {
        let mut wipe: bool = self.store.meta_cbor("wipe")?;
        let mut own = self.store.cursor(None)?;
        own.epoch = epoch;
        // A refusal that asks for anything to be made again stands directly behind a new epoch.
        let mut granted = false;
        for entry in items {
            if entry.seq <= own.seq {
                continue;
            }
            own.seq = entry.seq;
            applied.progressed = true;
            let asks = std::mem::replace(&mut granted, matches!(entry.item, DeviceItem::Epoch(_)));
            match entry.item {
                DeviceItem::Verdict(verdict) if verdict.is_taken_over() && !asks => {
                    self.taken_over(&verdict, applied)?;
                }
                DeviceItem::Verdict(verdict) => self.settle(&verdict, applied)?,
                DeviceItem::Accepted { number } => self.settle_all(number, applied)?,
                DeviceItem::Epoch(epoch) => {
                    self.store.set_meta_cbor(TOLD_EPOCH, &Some(epoch))?;
                    self.raise_epoch(epoch)?;
                }
                DeviceItem::Certificate(cose) => self.renew(cose)?,
                DeviceItem::Task(task) => self.store.put_task(&task)?,
                DeviceItem::Schema {
                    version,
                    draft,
                    digest,
                } => self.store.announce_schema(&Announced {
                    version,
                    draft,
                    digest,
                })?,
                DeviceItem::Wipe => wipe = true,
                DeviceItem::Case(case) => self.store.put_case(&case)?,
                DeviceItem::Figures(figures) => self.store.put_judged(&figures)?,
            }
        }
        self.store.put_cursor(&own)?;
        Ok(wipe)
    }
}
