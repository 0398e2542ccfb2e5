//! An inspector's phone, in this process: a real fieldbook that talks to the server's intake.

use std::{sync::Arc, time::Duration};

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use schemas::SchemaSet;
use sync_core::{
    DeviceId, RecordId, Sha256,
    fieldbook::{Attachment, Committed, DataKey, Fieldbook, FieldbookError, Host as _, Location},
    record::EditError,
    sync::{Session, SessionError, Step},
};

use super::{DemoError, SimHost};
use crate::{App, devices, intake, uploads};

/// Sessions after which a phone should have everything.
const SESSIONS: usize = 8;
/// Times that an upload is begun, and the time between.
const BEGINS: usize = 1200;
const A_WHILE: Duration = Duration::from_millis(50);
/// A ticket's life, ms.
const TICKET_MS: i64 = 600_000;
/// Who stands in the journal.
pub(super) const BY: &str = "demo";

pub(super) struct Phone {
    pub(super) book: Fieldbook,
    host: Arc<SimHost>,
    pair: Ed25519KeyPair,
    /// The photo at which its line broke: the server knows it by its hash alone.
    pub(super) unsent: Option<Sha256>,
}

impl Phone {
    /// A phone that is enrolled for an inspector and confirmed.
    pub(super) async fn enrolled(
        app: &App,
        schemas: Arc<SchemaSet>,
        inspector: i64,
        seed: u64,
    ) -> Result<Self, DemoError> {
        let host = Arc::new(SimHost::new(app.core().now_ms(), seed));
        // The demo's phones are thrown away once the street is made: nothing can use their keys.
        let mut key = [0; 32];
        app.core().keys().fill(&mut key)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&key)
            .map_err(|_| DemoError::Session("no key pair"))?;
        let book = Fieldbook::open(Location::Memory, DataKey::new(&key), schemas, host.clone())?;
        let mut phone = Self {
            book,
            host,
            pair,
            unsent: None,
        };
        let mut public = [0; 32];
        public.copy_from_slice(phone.pair.public_key().as_ref());
        let ticket = app
            .write(move |tx| devices::ticket(tx, inspector, TICKET_MS, BY))
            .await?;
        let request = phone.book.enrol_request(&ticket, public, "demo");
        let reply = app.write(move |tx| devices::enrol(tx, &request)).await?;
        phone.book.enrol(&reply, &public)?;
        if let Some(identity) = phone.book.identity() {
            let device = identity.certificate.device;
            app.write(move |tx| devices::confirm(tx, device, BY))
                .await?;
        }
        Ok(phone)
    }

    /// One commit at a time of day; none where nothing differed.
    pub(super) fn commit(
        &mut self,
        at_ms: i64,
        work: impl FnOnce(&mut Fieldbook) -> Result<Committed, FieldbookError>,
    ) -> Result<Option<RecordId>, DemoError> {
        self.host.set(at_ms);
        match work(&mut self.book) {
            Ok(made) => Ok(Some(made.record)),
            Err(FieldbookError::Edit(EditError::NothingChanged)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Sends and fetches until nothing is left.
    pub(super) async fn sync(&mut self, app: &App) -> Result<(), DemoError> {
        self.host.set(app.core().now_ms());
        for _ in 0..SESSIONS {
            if self.session(app).await? {
                return Ok(());
            }
        }
        Err(DemoError::Session("it does not come to an end"))
    }

    /// Sends the photos that wait: after the text that names them, as phones do.
    pub(super) async fn send_photos(&mut self, app: &App) -> Result<(), DemoError> {
        for file in self.book.pending_attachments()? {
            if self.unsent != Some(file.sha256) {
                self.send(app, &file).await?;
            }
        }
        Ok(())
    }

    async fn send(&mut self, app: &App, file: &Attachment) -> Result<(), DemoError> {
        let (record, sha256) = (file.record, file.sha256);
        let at = uploads::Address {
            device: self.device()?,
            record,
            sha256,
        };
        let announced = uploads::Announced {
            bytes: file.bytes,
            media: file.media.clone(),
        };
        let mut begun = begin(app, at, &announced).await?;
        let mut number = 0;
        while let Some(piece) = self.book.attachment_piece(&record, &sha256, number)? {
            begun = uploads::append(app, at, begun.received, piece).await?;
            number += 1;
        }
        Ok(self
            .book
            .attachment_uploaded(&record, &sha256, begun.received)?)
    }

    fn device(&self) -> Result<DeviceId, DemoError> {
        let identity = self.book.identity();
        let identity = identity.ok_or(DemoError::Session("not enrolled"))?;
        Ok(identity.certificate.device)
    }

    async fn session(&mut self, app: &App) -> Result<bool, DemoError> {
        let device = self.device()?;
        let mut session = Session::new();
        loop {
            let clock = self.host.clock();
            match session.next(&mut self.book, clock).map_err(trouble)? {
                Step::Sign(message) => {
                    let mut signature = [0; 64];
                    signature.copy_from_slice(self.pair.sign(&message).as_ref());
                    session.signed(&mut self.book, signature).map_err(trouble)?;
                }
                Step::Send(request) => {
                    let sent = request.len();
                    let answer = intake::answer(app, device, request).await?;
                    session
                        .received(&mut self.book, sent, &answer, clock)
                        .map_err(trouble)?;
                }
                Step::Done(report) => return Ok(report.complete),
            }
        }
    }
}

/// Begins an upload, again after a while as long as the text that names the photo is not verified yet:
/// on a busy machine that takes its time.
async fn begin(
    app: &App,
    at: uploads::Address,
    announced: &uploads::Announced,
) -> Result<uploads::Begun, DemoError> {
    for _ in 0..BEGINS {
        match uploads::begin(app, at, announced.clone()).await {
            Err(crate::Error::Busy { .. }) => tokio::time::sleep(A_WHILE).await,
            begun => return Ok(begun?),
        }
    }
    Err(DemoError::Session("the server stays busy"))
}

fn trouble(error: SessionError<FieldbookError>) -> DemoError {
    match error {
        SessionError::Desk(error) => error.into(),
        SessionError::Response(_) => DemoError::Session("the answer cannot be read"),
        SessionError::OutOfTurn => DemoError::Session("out of turn"),
    }
}
