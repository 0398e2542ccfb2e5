//! Who the phone is: its certificate and the server's keys.

use minicbor::{Decode, Encode};

use super::{
    Fieldbook,
    error::{FieldbookError, Result},
    settle::TOLD_EPOCH,
    store::Store,
    versions::Announced,
};
use crate::{
    bundle::{Certificate, CoseError, ServerSealKey},
    ids::ActorId,
    sync::{EnrolReply, EnrolRequest},
};

/// The phone's identity, as the server certified it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The certificate in force.
    pub certificate: Certificate,
    /// The server's signing key.
    pub server_key: [u8; 32],
    /// The server's key for sealing.
    pub seal_key: [u8; 32],
    /// The epoch new changes are written under: the certificate's, or a later grant.
    pub epoch: u16,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Stored {
    #[cbor(n(1), with = "minicbor::bytes")]
    certificate: Vec<u8>,
    #[cbor(n(2), with = "minicbor::bytes")]
    server_key: [u8; 32],
    #[cbor(n(3), with = "minicbor::bytes")]
    seal_key: [u8; 32],
    #[n(4)]
    epoch: u16,
}

const NAME: &str = "identity";

impl Identity {
    pub(super) fn load(store: &Store) -> Result<Option<Self>> {
        let Some(bytes) = store.meta(NAME)? else {
            return Ok(None);
        };
        let stored: Stored = crate::cbor::from_slice(&bytes)?;
        let certificate = Certificate::verify(&stored.certificate, &stored.server_key)?;
        Ok(Some(Self {
            certificate,
            server_key: stored.server_key,
            seal_key: stored.seal_key,
            epoch: stored.epoch,
        }))
    }

    /// The actor that new changes are written under.
    pub const fn actor(&self) -> ActorId {
        self.certificate.device.actor(self.epoch)
    }

    pub(super) fn seal_key(&self) -> Result<ServerSealKey> {
        Ok(ServerSealKey::from_bytes(&self.seal_key)?)
    }
}

impl Fieldbook {
    /// The phone's identity, once it is enrolled.
    pub const fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// What to send to the server with a supervisor's ticket. `key` is the phone's public key.
    pub fn enrol_request(&self, ticket: &str, key: [u8; 32], app: &str) -> EnrolRequest {
        EnrolRequest {
            ticket: ticket.to_owned(),
            key,
            app: app.to_owned(),
        }
    }

    /// Takes the server's answer to the request that was made with `key`.
    pub fn enrol(&mut self, reply: &EnrolReply, key: &[u8; 32]) -> Result<()> {
        let certificate = Certificate::verify(&reply.certificate, &reply.server_key)?;
        if certificate.key != *key {
            return Err(CoseError::Signature.into());
        }
        ServerSealKey::from_bytes(&reply.seal_key)?;
        let known = self
            .identity
            .as_ref()
            .map(|identity| identity.certificate.device);
        let renamed = known.is_some_and(|device| device != certificate.device);
        let stored = Stored {
            certificate: reply.certificate.clone(),
            server_key: reply.server_key,
            seal_key: reply.seal_key,
            epoch: certificate.epoch,
        };
        let taken = self.transaction(|book| {
            book.store.set_meta_cbor(NAME, &stored)?;
            book.store.set_meta_cbor("wiped", &false)?;
            book.store.set_meta_cbor(TOLD_EPOCH, &None::<u16>)?;
            book.store.announce_schema(&Announced {
                version: reply.schema,
                ..Announced::default()
            })?;
            book.identity = Identity::load(&book.store)?;
            if renamed {
                book.take_new_name()
            } else {
                Ok(())
            }
        });
        if taken.is_err() {
            self.identity = Identity::load(&self.store)?;
        }
        taken
    }

    /// Another name, after a fork or a second ticket: the old chain ends, and what it did not
    /// bring to the server is made again under the new one.
    fn take_new_name(&mut self) -> Result<()> {
        let acked: u64 = self.store.meta_cbor("acked")?;
        for record in self.store.unsent_records(acked)? {
            self.make_unsent_again(record, acked)?;
        }
        self.store.end_chain()
    }

    /// A new certificate from the server's stream; an older one than the present is ignored.
    pub(super) fn renew(&mut self, cose: Vec<u8>) -> Result<()> {
        let identity = self.need_identity()?;
        let certificate = Certificate::verify(&cose, &identity.server_key)?;
        let same = certificate.device == identity.certificate.device
            && certificate.key == identity.certificate.key;
        if !same {
            return Err(CoseError::Signature.into());
        }
        if certificate.issued_ms < identity.certificate.issued_ms {
            return Ok(());
        }
        let stored = Stored {
            certificate: cose,
            server_key: identity.server_key,
            seal_key: identity.seal_key,
            epoch: identity.epoch.max(certificate.epoch),
        };
        self.store.set_meta_cbor(NAME, &stored)?;
        self.identity = Identity::load(&self.store)?;
        self.drop_lost_grids()
    }

    /// A later epoch for all changes from now on.
    pub(super) fn raise_epoch(&mut self, epoch: u16) -> Result<()> {
        let Some(bytes) = self.store.meta(NAME)? else {
            return Err(FieldbookError::NotEnrolled);
        };
        let mut stored: Stored = crate::cbor::from_slice(&bytes)?;
        if epoch > stored.epoch {
            stored.epoch = epoch;
            self.store.set_meta_cbor(NAME, &stored)?;
            self.identity = Identity::load(&self.store)?;
        }
        Ok(())
    }

    pub(super) fn need_identity(&self) -> Result<&Identity> {
        self.identity.as_ref().ok_or(FieldbookError::NotEnrolled)
    }
}
