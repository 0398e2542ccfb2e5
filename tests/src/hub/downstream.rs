//! What goes down: the device's own stream, feeds behind a cursor, packs where there is none.

use std::collections::BTreeSet;

use sync_core::{
    DeviceId, RecordId,
    bundle::{RecordChanges, WireVersion},
    change::prove,
    sync::{
        Cursor, DeviceEntry, DeviceItem, FeedBody, FeedItem, FeedPart, PackPart, PackRecord,
        SyncRequest, encode_pack,
    },
};

use super::{Device, Entry, Feed, Hub};

#[derive(Default)]
pub(super) struct Downstream {
    pub(super) items: Vec<DeviceEntry>,
    pub(super) feeds: Vec<FeedPart>,
    pub(super) packs: Vec<PackPart>,
    pub(super) more: bool,
}

impl Hub {
    pub(super) fn downstream(&self, request: &SyncRequest) -> Downstream {
        let mut down = Downstream::default();
        let Some(device) = self.devices.get(&request.device) else {
            return down;
        };
        let may_pull = device.certificate.may_pull(self.now_ms) && !device.revoked;
        for cursor in &request.cursors {
            match &cursor.grid {
                None => self.own_stream(device, cursor, &mut down),
                Some(grid) if may_pull && device.certificate.opens(grid, self.now_ms) => {
                    self.grid(request.device, grid, cursor, &mut down);
                }
                Some(_) => {}
            }
        }
        down
    }

    fn own_stream(&self, device: &Device, cursor: &Cursor, down: &mut Downstream) {
        let from = if cursor.epoch == self.epoch {
            cursor.seq
        } else {
            0
        };
        let left = device.stream.iter().filter(|entry| entry.seq > from);
        let last = left.clone().nth(self.page.saturating_sub(1));
        // An epoch and the verdict behind it come together: what is written under the new epoch
        // must not build on what is refused.
        let parted = last.is_some_and(|entry| matches!(entry.item, DeviceItem::Epoch(_)));
        let page = self.page + usize::from(parted);
        down.items.extend(left.clone().take(page).cloned());
        down.more |= left.count() > page;
    }

    fn grid(&self, device: DeviceId, grid: &str, cursor: &Cursor, down: &mut Downstream) {
        let Some(feed) = self.feeds.get(grid) else {
            return;
        };
        let known = cursor.epoch == self.epoch;
        let behind = feed.entries.len().saturating_sub(usize_of(cursor.seq));
        if !known || cursor.pack.is_some() || behind > self.horizon {
            return self.pack(grid, feed, cursor, down);
        }
        if behind == 0 {
            return;
        }
        let to = feed.entries.len().min(usize_of(cursor.seq) + self.page);
        let run = feed
            .entries
            .get(usize_of(cursor.seq)..to)
            .unwrap_or_default();
        let body = self.feed_body(device, grid, run);
        let version = if self.stripped {
            WireVersion::Stripped
        } else {
            WireVersion::Raw
        };
        down.feeds.push(FeedPart::pack(
            grid.to_owned(),
            cursor.seq,
            to as u64,
            &body,
            version,
            self,
        ));
        down.more |= to < feed.entries.len();
    }

    fn feed_body(&self, device: DeviceId, grid: &str, run: &[Entry]) -> FeedBody {
        let mut body = FeedBody {
            items: Vec::new(),
            changes: Vec::new(),
        };
        for entry in run {
            let item = match entry {
                // Its author has them already, and learns their fate by verdict; after a restore it may
                // have given them up.
                Entry::Changes { author, .. } if *author == device && self.epoch == 1 => continue,
                Entry::Changes { record, chunks, .. } => {
                    // A record that moved on is not here any more; its new grid has it whole.
                    if self
                        .record(record)
                        .is_none_or(|known| known.header.grid != grid)
                    {
                        continue;
                    }
                    let chunks = chunks.clone();
                    let (record, header, proposed) = (*record, None, false);
                    body.changes.push(RecordChanges {
                        record,
                        header,
                        proposed,
                        chunks,
                    });
                    FeedItem::Changes
                }
                Entry::Placed {
                    record,
                    header,
                    number,
                    snapshot,
                } => FeedItem::Placed {
                    record: *record,
                    header: header.clone(),
                    number: *number,
                    snapshot: snapshot.then(|| self.snapshot(record).into()),
                },
                Entry::Forget {
                    record,
                    move_number,
                } => FeedItem::Forget {
                    record: *record,
                    move_number: *move_number,
                },
                Entry::Author { device } => FeedItem::Author {
                    device: *device,
                    label: self.label(*device),
                },
                Entry::Server(bundle) => FeedItem::ServerBundle(bundle.clone()),
            };
            body.items.push(item);
        }
        body
    }

    fn label(&self, device: DeviceId) -> String {
        self.devices
            .get(&device)
            .map_or_else(String::new, |device| device.label.clone())
    }

    fn snapshot(&self, record: &RecordId) -> Vec<u8> {
        let state = self.records.get(record).map(|known| &known.state);
        state
            .and_then(|state| prove(state).ok())
            .unwrap_or_default()
    }

    fn pack(&self, grid: &str, feed: &Feed, cursor: &Cursor, down: &mut Downstream) {
        let here: Vec<RecordId> = self
            .records()
            .filter(|(_, known)| known.header.grid == grid)
            .map(|(id, _)| *id)
            .collect();
        let progress = cursor.pack.filter(|_| cursor.epoch == self.epoch);
        let at_seq = progress.map_or(feed.entries.len() as u64, |progress| progress.at_seq);
        let left: Vec<RecordId> = here
            .iter()
            .filter(|id| progress.is_none_or(|progress| **id > progress.after))
            .copied()
            .collect();
        let part: Vec<RecordId> = left.iter().take(self.page).copied().collect();
        let authors: BTreeSet<DeviceId> = feed.authors.clone();
        let records: Vec<PackRecord> = part
            .iter()
            .filter_map(|record| {
                let known = self.records.get(record)?;
                let number = feed.number_of.get(record)?;
                Some(PackRecord {
                    record: *record,
                    header: known.header.clone(),
                    number: *number,
                    snapshot: self.snapshot(record),
                })
            })
            .collect();
        let last = part.len() == left.len();
        down.packs.push(PackPart {
            grid: grid.to_owned(),
            at_seq,
            total: here.len() as u64,
            last,
            authors: authors
                .iter()
                .map(|device| (*device, self.label(*device)))
                .collect(),
            records: encode_pack(&records),
            first: progress.is_none(),
        });
        down.more |= !last || usize_of(at_seq) < feed.entries.len();
    }
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
