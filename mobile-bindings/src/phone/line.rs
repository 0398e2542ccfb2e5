//! The phone's line to its server: enrolment, sync, photos. Nothing here holds the book for longer
//! than one step.

use serde::Serialize;
use sync_core::{
    fieldbook::{
        Attachment, Contact, FieldbookError, Filter,
        transport::{
            Method, Request, SignedLink, Signer, Transport, TransportError, Uploaded, Waiter,
            upload,
        },
    },
    limits::MAX_ATTACHMENT_BYTES,
    sync::{EnrolReply, Report},
};

use super::{
    FormsReport, Phone, Problem, call, fell_over,
    problem::refused_ticket,
    shared::{Shared, text},
};

const CBOR: &str = "application/cbor";

/// What a sync needs of the host: network, the device's key, and time that passes.
pub struct Line<'a, T, S, W> {
    /// The network, to the book's server.
    pub transport: &'a T,
    /// The device's key.
    pub signer: &'a S,
    /// Lets time pass.
    pub waiter: &'a W,
}

// By hand: what it refers to need not be copied for that.
impl<T, S, W> Clone for Line<'_, T, S, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, S, W> Copy for Line<'_, T, S, W> {}

/// Which part of a sync is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SyncPhase {
    /// Records, both ways.
    Text,
    /// Photos, up.
    Photos,
}

/// Said while a sync goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SyncProgress {
    /// Which part.
    pub phase: SyncPhase,
    /// Changes sent, or photos.
    pub done: u64,
    /// Of so many.
    pub of: u64,
    /// Records in the book so far.
    pub records: usize,
    /// Of so many, while grids come in as packs; else 0.
    pub expected: u64,
}

/// What became of photos.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PhotoReport {
    /// Whole at the server.
    pub done: u32,
    /// To be sent another time.
    pub later: u32,
    /// Not taken.
    pub refused: usize,
}

/// What a sync did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Whether everything was sent and received.
    pub complete: bool,
    /// Bundles sent.
    pub sent_bundles: usize,
    /// Bytes sent.
    pub sent_bytes: u64,
    /// Bytes received.
    pub received_bytes: u64,
    /// Records in the book now.
    pub records: usize,
    /// Photos.
    pub photos: PhotoReport,
    /// Whether the pulled records were wiped on the server's order.
    pub wiped: bool,
    /// What became of another version of the schemas.
    pub forms: FormsReport,
}

impl SyncReport {
    /// What became of the text; nothing of records and photos.
    pub(super) fn of_text(report: &Report, sent_bundles: usize) -> Self {
        Self {
            complete: report.complete,
            sent_bundles,
            sent_bytes: report.sent_bytes,
            received_bytes: report.received_bytes,
            records: 0,
            photos: PhotoReport::default(),
            wiped: report.applied.wiped,
            forms: FormsReport::None,
        }
    }
}

impl Phone {
    /// The address of the book's server, once it is enrolled.
    pub fn server(&self) -> Result<String, Problem> {
        let server = self.book()?.contact()?.server;
        if server.is_empty() {
            return Err(FieldbookError::NotEnrolled.into());
        }
        Ok(server)
    }

    /// Enrols with a supervisor's ticket at `server`, to which `transport` leads. `key` is the
    /// public half of the phone's key.
    pub async fn enrol<T: Transport>(
        &self,
        transport: &T,
        server: &str,
        ticket: &str,
        key: [u8; 32],
        app: &str,
    ) -> Result<(), Problem> {
        let _claim = self.claim()?;
        let request = self.book()?.enrol_request(ticket, key, app).to_bytes();
        let request = Request::post("/v1/enrol", CBOR, request);
        let response = transport.send(request).await?.expecting(CBOR);
        let response = response.map_err(refused_ticket)?;
        let reply = EnrolReply::from_bytes(&response.body).map_err(FieldbookError::from)?;
        let mut book = self.book()?;
        book.enrol(&reply, &key)?;
        let contact = Contact {
            server: server.to_owned(),
            ..book.contact()?
        };
        Ok(book.set_contact(&contact)?)
    }

    /// Syncs until nothing is left, the server refuses, or patience ends: first the text, then
    /// photos. What was committed before stays committed, however it ends.
    pub async fn sync<T, S, W, P>(
        &self,
        line: Line<'_, T, S, W>,
        progress: &mut P,
    ) -> Result<SyncReport, Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
        P: FnMut(&SyncProgress) + ?Sized,
    {
        let _claim = self.claim()?;
        self.stop.unless_asked(self.both_ways(line, progress)).await
    }

    async fn both_ways<T, S, W, P>(
        &self,
        line: Line<'_, T, S, W>,
        progress: &mut P,
    ) -> Result<SyncReport, Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
        P: FnMut(&SyncProgress) + ?Sized,
    {
        let (signed, of) = self.link(line)?;
        let (report, sent_bundles) = text(&signed, &self.book, of, progress).await?;
        let forms = if report.applied.wiped {
            FormsReport::None
        } else {
            self.fetch_forms(&signed).await?
        };
        let photos = match self.upload(&signed, progress).await {
            // The book is wiped already: that is what has to be said.
            Err(_) if report.applied.wiped => Uploaded::default(),
            photos => photos?,
        };
        self.noted(&report)?;
        Ok(SyncReport {
            records: self.book()?.count(&Filter::default()),
            forms,
            photos: PhotoReport {
                done: photos.done,
                later: photos.later,
                refused: photos.refused.len(),
            },
            ..SyncReport::of_text(&report, sent_bundles)
        })
    }

    async fn upload<T, S, W, P>(
        &self,
        link: &SignedLink<'_, T, S, W>,
        progress: &mut P,
    ) -> Result<Uploaded, Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
        P: FnMut(&SyncProgress) + ?Sized,
    {
        let (of, records) = {
            let book = self.book()?;
            let of = book.pending_attachments()?.len() as u64;
            (of, book.count(&Filter::default()))
        };
        let mut quiet = |_: &SyncProgress| {};
        let mut files = Shared::new(&self.book, of, &mut quiet);
        let mut done = 0;
        let mut say = |file: &Attachment| {
            if file.uploaded >= file.bytes {
                done += 1;
            }
            progress(&SyncProgress {
                phase: SyncPhase::Photos,
                done,
                of,
                records,
                expected: 0,
            });
        };
        Ok(upload(link, &mut files, &mut say).await?)
    }

    /// The bytes of a photo: those kept here, else the server's.
    pub async fn photo<T, S, W>(
        &self,
        line: Line<'_, T, S, W>,
        record: &str,
        sha256: &str,
    ) -> Result<Vec<u8>, Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
    {
        let id = call::record_id(record)?;
        let digest = sync_core::Sha256::parse(sha256).ok_or_else(Problem::call)?;
        let mut kept = Vec::new();
        for at in 0.. {
            match self.book()?.attachment_piece(&id, &digest, at)? {
                Some(piece) => kept.extend(piece),
                None => break,
            }
        }
        if !kept.is_empty() {
            return Ok(kept);
        }
        let (signed, _) = self.link(line)?;
        let path = format!("/v1/files/{id}/{digest}");
        let request = Request {
            max_response_bytes: MAX_ATTACHMENT_BYTES,
            ..Request::new(Method::Get, &path)
        };
        let response = signed.call(&request).await?;
        if response.status != 200 {
            return Err(Problem::status(response.status));
        }
        // Whoever stands between can put anything here.
        if sync_core::Sha256::of(&response.body) != digest {
            return Err(TransportError::Intercepted.into());
        }
        Ok(response.body)
    }

    /// The signed line of this device, and how many changes wait to go over it.
    fn link<'a, T, S, W>(
        &'a self,
        line: Line<'a, T, S, W>,
    ) -> Result<(SignedLink<'a, T, S, W>, u64), Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
    {
        let book = self.book()?;
        let identity = book.identity().ok_or(FieldbookError::NotEnrolled)?;
        let device = identity.certificate.device;
        let Line {
            transport,
            signer: key,
            waiter,
        } = line;
        let offset_ms = book.offset_ms()?;
        let signed = SignedLink::new(transport, key, waiter, &*self.host, device, offset_ms);
        Ok((signed, book.pending()?))
    }

    /// Keeps when everything was last here, by the server's clock.
    fn noted(&self, report: &Report) -> Result<(), Problem> {
        let mut book = self.book.lock().map_err(|_| fell_over())?;
        if report.complete {
            let contact = Contact {
                last_sync_ms: Some(book.now_ms()?),
                ..book.contact()?
            };
            book.set_contact(&contact)?;
        }
        Ok(())
    }
}
