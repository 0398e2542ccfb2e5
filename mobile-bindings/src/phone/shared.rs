//! A book that the page asks while it syncs: locked for one step at a time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use sync_core::{
    bundle::{Bundle, Unsigned},
    fieldbook::{
        Announced, Attachment, Fieldbook, FieldbookError, Filter,
        transport::{Files, SignedLink, Signer, Transport, Versions, Waiter, sync},
    },
    sync::{Applied, Clock, Desk, Report, SyncRequest, SyncResponse},
};

use super::{
    Problem,
    line::{SyncPhase, SyncProgress},
};

/// Syncs a shared book's text; `of` changes wait. How many bundles were sent.
pub(super) async fn text<D, T, S, W, P>(
    link: &SignedLink<'_, T, S, W>,
    book: &Mutex<D>,
    of: u64,
    progress: &mut P,
) -> Result<(Report, usize), Problem>
where
    D: Desk<Error = FieldbookError> + Tally,
    T: Transport,
    S: Signer,
    W: Waiter,
    P: FnMut(&SyncProgress) + ?Sized,
{
    let mut shared = Shared::new(book, of, progress);
    let report = sync(link, &mut shared).await?;
    Ok((report, shared.sent.len()))
}

/// A book that is locked for each of its steps. Says after each how far it is.
pub(super) struct Shared<'a, D, P: ?Sized> {
    book: &'a Mutex<D>,
    /// Numbers of the bundles that were sent.
    sent: BTreeSet<u64>,
    /// What there was to send.
    of: u64,
    /// Of each grid that comes as a pack, how many records that has.
    expected: BTreeMap<String, u64>,
    progress: &'a mut P,
}

impl<'a, D, P: ?Sized> Shared<'a, D, P> {
    /// A book of which `of` things wait to be sent.
    pub(super) const fn new(book: &'a Mutex<D>, of: u64, progress: &'a mut P) -> Self {
        Self {
            book,
            sent: BTreeSet::new(),
            of,
            expected: BTreeMap::new(),
            progress,
        }
    }

    /// A panic inside another step is told by whoever asks next; what is on disk is whole.
    fn step<T>(&self, work: impl FnOnce(&mut D) -> T) -> T {
        work(&mut self.book.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What is left to send, and how many records there are.
pub(super) trait Tally {
    fn tally(&self) -> Result<(u64, usize), FieldbookError>;
}

impl Tally for Fieldbook {
    fn tally(&self) -> Result<(u64, usize), FieldbookError> {
        Ok((self.pending()?, self.count(&Filter::default())))
    }
}

impl<D, P> Desk for Shared<'_, D, P>
where
    D: Desk<Error = FieldbookError> + Tally,
    P: FnMut(&SyncProgress) + ?Sized,
{
    type Error = FieldbookError;

    fn close_bundle(&mut self, clock: Clock) -> Result<Option<Unsigned>, FieldbookError> {
        self.step(|book| book.close_bundle(clock))
    }

    fn put_signature(&mut self, number: u64, cose: Vec<u8>) -> Result<(), FieldbookError> {
        self.step(|book| book.put_signature(number, cose))
    }

    fn outgoing(&mut self) -> Result<Vec<Bundle>, FieldbookError> {
        let bundles = self.step(Desk::outgoing)?;
        self.sent.extend(bundles.iter().map(|bundle| bundle.number));
        Ok(bundles)
    }

    fn request(
        &mut self,
        bundles: Vec<Bundle>,
        clock: Clock,
    ) -> Result<SyncRequest, FieldbookError> {
        self.step(|book| book.request(bundles, clock))
    }

    fn apply(&mut self, response: SyncResponse, clock: Clock) -> Result<Applied, FieldbookError> {
        let packs = response.packs.iter();
        self.expected
            .extend(packs.map(|part| (part.grid.clone(), part.total)));
        let applied = self.step(|book| book.apply(response, clock))?;
        let (left, records) = self.step(|book| book.tally())?;
        // More may have been saved meanwhile.
        self.of = self.of.max(left);
        (self.progress)(&SyncProgress {
            phase: SyncPhase::Text,
            done: self.of - left,
            of: self.of,
            records,
            expected: self.expected.values().sum(),
        });
        Ok(applied)
    }

    fn has_outgoing(&mut self) -> Result<bool, FieldbookError> {
        self.step(Desk::has_outgoing)
    }
}

impl<P: ?Sized> Versions for Shared<'_, Fieldbook, P> {
    fn missing(&mut self) -> Result<Option<Announced>, FieldbookError> {
        self.step(|book| book.missing_schema())
    }

    fn keep(&mut self, announced: Announced, bytes: &[u8]) -> Result<(), FieldbookError> {
        self.step(|book| book.keep_schema(announced, bytes))
    }
}

impl<P: ?Sized> Files for Shared<'_, Fieldbook, P> {
    fn pending(&mut self) -> Result<Vec<Attachment>, FieldbookError> {
        self.step(Files::pending)
    }

    fn piece(&mut self, file: &Attachment, at: usize) -> Result<Option<Vec<u8>>, FieldbookError> {
        self.step(|book| Files::piece(book, file, at))
    }

    fn uploaded(&mut self, file: &Attachment) -> Result<(), FieldbookError> {
        self.step(|book| Files::uploaded(book, file))
    }
}
