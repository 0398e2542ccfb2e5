//! A response is applied in one transaction: acknowledgements, the device's stream, feeds, packs.

use super::{
    Fieldbook,
    error::{FieldbookError, Result},
    index::BookIndex,
    outbox::ServerTime,
    store::Store,
};
use crate::{
    bundle::{Bundle, Unsigned, WireError, open_server},
    change::{Incoming, Outcome, admit},
    ids::{DeviceId, RecordId},
    sync::{
        Applied, Clock, Cursor, Desk, FeedItem, FeedPart, PROTOCOL, PhoneStatus, Problem,
        SyncRequest, SyncResponse,
    },
};

impl Store {
    /// Acknowledgements, bundle problems and the server's time. The server's word counts even
    /// where it goes back: it was restored, and gets again what is in no backup.
    pub(super) fn acknowledge(&self, response: &SyncResponse, clock: Clock) -> Result<Applied> {
        let before: u64 = self.meta_cbor("acked")?;
        let heard = ServerTime {
            at_ms: response.server_ms,
            monotonic: clock.monotonic_ms,
            offset: Some(response.server_ms.saturating_sub(clock.wall_ms)),
        };
        self.set_meta_cbor("server_time", &heard)?;
        // Where the chain forked, what the server has from there on is another installation's.
        let forked = response
            .problem
            .filter(|problem| problem.problem == Problem::Fork);
        let last = forked.map_or(u64::MAX, |fork| fork.number.saturating_sub(1));
        let acknowledged = response.acknowledged.min(last);
        self.set_meta_cbor("acked", &acknowledged)?;
        if acknowledged < before {
            self.unsettle_after(acknowledged)?;
            if forked.is_none() {
                self.bundle_again_after(acknowledged)?;
            }
        }
        let mut applied = Applied {
            progressed: acknowledged != before,
            more: response.more,
            retry_after_ms: response.retry_after_ms,
            ..Applied::default()
        };
        if let Some(problem) = response.problem {
            match problem.problem {
                Problem::SendRaw => applied.progressed |= self.send_raw(problem.number)?,
                Problem::SendFrom => {}
                Problem::Fork => applied.fork = true,
                Problem::Rejected => applied.rejected = Some(problem.number),
            }
        }
        Ok(applied)
    }
}

impl Desk for Fieldbook {
    type Error = FieldbookError;

    fn close_bundle(&mut self, clock: Clock) -> Result<Option<Unsigned>> {
        let identity = self.need_identity()?;
        self.store.close_bundle(identity, clock)
    }

    fn put_signature(&mut self, number: u64, cose: Vec<u8>) -> Result<()> {
        self.store.sign_bundle(number, &cose)
    }

    fn outgoing(&mut self) -> Result<Vec<Bundle>> {
        self.store.unacknowledged(|row| self.bundle_form(row))
    }

    fn has_outgoing(&mut self) -> Result<bool> {
        self.store.has_outgoing()
    }

    fn request(&mut self, bundles: Vec<Bundle>, clock: Clock) -> Result<SyncRequest> {
        let identity = self.need_identity()?;
        let device = identity.certificate.device;
        let mut cursors = vec![self.store.cursor(None)?];
        for grant in &identity.certificate.grids {
            cursors.push(self.store.cursor(Some(&grant.grid))?);
        }
        let status = PhoneStatus {
            app: env!("CARGO_PKG_VERSION").to_owned(),
            pending: self.pending()?,
            attachments: self.store.pending_attachments()?.len() as u64,
            store_bytes: self.store.size()?,
        };
        // Other people's bundles go up once the own outbox is out.
        let alone = bundles.is_empty();
        let room = crate::limits::MAX_REQUEST_BYTES / 3;
        let carried = if alone {
            self.store.carried(room)?
        } else {
            Vec::new()
        };
        let wanted: bool = self.store.meta_cbor("wants_returned")?;
        let returned = if wanted && alone {
            self.store
                .kept_after(&self.store.meta_cbor("returned")?, room)?
        } else {
            Vec::new()
        };
        self.returning = returned.last().map(|last| (last.device, last.number));
        self.carrying.clone_from(&carried);
        Ok(SyncRequest {
            protocol: PROTOCOL,
            device,
            cursors,
            bundles,
            wall_ms: clock.wall_ms,
            status: Some(status),
            carried: (!carried.is_empty()).then(|| carried.into_iter().map(Into::into).collect()),
            returned: (!returned.is_empty()).then_some(returned),
        })
    }

    fn apply(&mut self, response: SyncResponse, clock: Clock) -> Result<Applied> {
        let applied = self.transaction(|book| book.apply_inside(response, clock));
        if applied.is_err() {
            // What was read from the store before it failed may not be there any more.
            self.identity = super::Identity::load(&self.store)?;
        }
        applied
    }
}

impl Fieldbook {
    fn apply_inside(&mut self, response: SyncResponse, clock: Clock) -> Result<Applied> {
        let mut applied = self.store.acknowledge(&response, clock)?;
        if applied.fork {
            // Verdicts and feeds are for the other installation of this name.
            return Ok(applied);
        }
        for file in std::mem::take(&mut self.carrying) {
            self.store.drop_carried(&file)?;
            applied.progressed = true;
            applied.more = true;
        }
        if let Some(last) = self.returning.take() {
            self.store.set_meta_cbor("returned", &last)?;
            applied.progressed = true;
            applied.more = true;
        }
        for (device, number) in response.server_backed_up.iter().flatten() {
            self.store.drop_kept(*device, *number)?;
        }
        self.enter_epoch(response.epoch)?;
        self.want_returned(response.wants_returned.unwrap_or(false), &mut applied)?;
        let wipe = self.apply_items(response.epoch, response.items, &mut applied)?;
        for part in &response.packs {
            let taken = self.apply_pack(part, response.epoch, &mut applied);
            self.or_start_over(&part.grid, taken)?;
        }
        for part in &response.feeds {
            let taken = self.apply_feed(part, response.epoch, &mut applied);
            self.or_start_over(&part.grid, taken)?;
        }
        // A verdict that is still to come may ask for what is in a backup to be made again.
        if !response.more {
            let acknowledged: u64 = self.store.meta_cbor("acked")?;
            let backed_up = response.backed_up.min(acknowledged);
            self.store.forget_backed_up(backed_up)?;
        }
        self.forget_leaving()?;
        self.store.set_meta_cbor("wipe", &wipe)?;
        if wipe && !self.store.has_outgoing()? {
            self.wipe_inside()?;
            applied.wiped = true;
        }
        Ok(applied)
    }

    /// A part that cannot be read costs its grid a fresh pack, and nothing else: acknowledgements,
    /// verdicts and other grids go on.
    fn or_start_over(&self, grid: &str, taken: Result<()>) -> Result<()> {
        match taken {
            Err(FieldbookError::Wire(_) | FieldbookError::Format(_)) => {
                let grid = Some(grid.to_owned());
                self.store.put_cursor(&Cursor {
                    epoch: 0,
                    grid,
                    seq: 0,
                    pack: None,
                })
            }
            other => other,
        }
    }

    /// A restored server asks for what it once signed: the first time, all of it goes up.
    fn want_returned(&self, wanted: bool, applied: &mut Applied) -> Result<()> {
        let before: bool = self.store.meta_cbor("wants_returned")?;
        if wanted && !before {
            self.store
                .set_meta_cbor("returned", &(DeviceId::default(), 0_u64))?;
            applied.progressed = true;
            applied.more = true;
        }
        self.store.set_meta_cbor("wants_returned", &wanted)
    }

    /// Another epoch of the server: numbers and cursors of the old one mean nothing.
    fn enter_epoch(&mut self, epoch: u64) -> Result<()> {
        let known: u64 = self.store.meta_cbor("server_epoch")?;
        if known == epoch {
            return Ok(());
        }
        self.store.clear_numbers()?;
        // Restored once more: what was given back before is to be given back again.
        self.store.set_meta_cbor("wants_returned", &false)?;
        for grid in self.store.followed_grids()? {
            self.store.put_cursor(&Cursor {
                epoch: 0,
                grid: Some(grid),
                seq: 0,
                pack: None,
            })?;
        }
        self.store.put_cursor(&Cursor {
            epoch,
            grid: None,
            seq: 0,
            pack: None,
        })?;
        self.store.set_meta_cbor("server_epoch", &epoch)
    }

    fn apply_feed(&mut self, part: &FeedPart, epoch: u64, applied: &mut Applied) -> Result<()> {
        let mut cursor = self.store.cursor(Some(&part.grid))?;
        let follows = cursor.seq == part.from_seq && cursor.pack.is_none();
        let begins = cursor.epoch == epoch || (cursor.epoch == 0 && part.from_seq == 0);
        if !follows || !begins || part.to_seq < part.from_seq {
            return Ok(());
        }
        let opened = part.open()?;
        let mut changes = opened.changes()?;
        let mut whole = true;
        for item in &opened.items {
            whole &= match item {
                FeedItem::Changes => {
                    let group = changes.next(&BookIndex {
                        store: &self.store,
                        epoch,
                    });
                    match group {
                        Ok(Some(group)) => {
                            applied.changes += group.chunks.len() as u64;
                            self.take_in(&group.record, &group.chunks)?
                        }
                        // What it names is not here: the rest cannot be read either.
                        Err(WireError::Unknown) => {
                            whole = false;
                            break;
                        }
                        Ok(None) => return Err(WireError::Form.into()),
                        Err(error) => return Err(error.into()),
                    }
                }
                FeedItem::Placed {
                    record,
                    header,
                    number,
                    snapshot,
                } => {
                    let snapshot = snapshot.as_ref().map(|bytes| bytes.to_vec());
                    let snapshot = snapshot.unwrap_or_default();
                    self.place(&part.grid, *record, header, *number, snapshot)?
                }
                FeedItem::Forget {
                    record,
                    move_number,
                } => {
                    self.forget(&part.grid, record, *move_number)?;
                    true
                }
                FeedItem::Author { device, label } => {
                    self.store.put_author(*device, label)?;
                    true
                }
                FeedItem::ServerBundle(bundle) => {
                    applied.changes += 1;
                    self.take_in_server(bundle, epoch)?
                }
            };
        }
        // A feed that does not fit what is here is followed by a fresh pack, never by an error.
        cursor = if whole {
            Cursor {
                epoch,
                seq: part.to_seq,
                ..cursor
            }
        } else {
            Cursor {
                epoch: 0,
                seq: 0,
                ..cursor
            }
        };
        applied.progressed = true;
        self.store.put_cursor(&cursor)
    }

    /// Takes other people's accepted changes into a record. Whether they fit.
    fn take_in(&mut self, record: &RecordId, chunks: &[Vec<u8>]) -> Result<bool> {
        let Some(mut loaded) = self.store.load_state(record)? else {
            return Ok(false);
        };
        if loaded.damaged {
            return Ok(true);
        }
        let Ok(batch) = chunks
            .iter()
            .map(|chunk| Incoming::scan(chunk))
            .collect::<std::result::Result<Vec<_>, _>>()
        else {
            return Ok(false);
        };
        let admitted = admit(&mut loaded.state, &batch, &());
        let mut whole = true;
        for (incoming, outcome) in batch.iter().zip(&admitted.outcomes) {
            match outcome {
                Outcome::Accepted(_) => self.store.add_fed(record, &incoming.chunk)?,
                Outcome::Duplicate => {}
                Outcome::Stopped(..) => whole = false,
            }
        }
        self.put_absent(&mut loaded)?;
        self.put_state(record, &loaded.header, &loaded.state, None)?;
        self.compact_if_long(record)?;
        Ok(whole)
    }

    /// Takes a server-signed bundle in and keeps it until it is in a backup.
    fn take_in_server(&mut self, bundle: &Bundle, epoch: u64) -> Result<bool> {
        let server_key = self.need_identity()?.server_key;
        let opened = {
            let index = BookIndex {
                store: &self.store,
                epoch,
            };
            open_server(bundle, &server_key, &index)
        };
        let Ok(opened) = opened else { return Ok(false) };
        let mut whole = true;
        for group in &opened.records {
            // One that is not here moved on; it comes whole if it comes back.
            if self.store.record(&group.record)?.is_some() {
                whole &= self.take_in(&group.record, &group.chunks)?;
            }
        }
        self.store.keep(bundle)?;
        Ok(whole)
    }
}
