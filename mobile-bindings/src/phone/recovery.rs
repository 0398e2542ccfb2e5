//! A forgotten secret: the data key comes back through the server, when a supervisor says so.

use sync_core::{
    bundle::{
        RecoveryReply, RecoveryRequest, RecoveryState, SealedChange, ServerSealKey,
        copy_for_recovery, recovery_key, take_recovered,
    },
    fieldbook::{
        FieldbookError,
        transport::{Method, Request, Signer, Transport, Waiter},
    },
};

use super::{Line, LockedPhone, Phone, Problem};

const PATH: &str = "/v1/recovery";
const CBOR: &str = "application/cbor";

/// Where a request for the data key stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing was asked, or it is gone after a day.
    None,
    /// Nobody has decided yet.
    Waiting,
    /// Approved: the data key.
    Approved([u8; 32]),
    /// Refused.
    Refused,
}

impl Phone {
    /// The data key sealed to the server, to be kept for the day on which the secret is forgotten.
    pub fn recovery_copy(&self, data_key: &[u8; 32]) -> Result<Vec<u8>, Problem> {
        let mut random = [0; 32];
        self.host.random(&mut random);
        let book = self.book()?;
        let identity = book.identity().ok_or(FieldbookError::NotEnrolled)?;
        let server = ServerSealKey::from_bytes(&identity.seal_key).map_err(FieldbookError::from)?;
        let device = identity.certificate.device;
        let copy = copy_for_recovery(&server, device, data_key, random);
        Ok(copy.map_err(FieldbookError::from)?.to_bytes())
    }
}

impl LockedPhone {
    /// Asks the server for the data key. `copy` is what [`Phone::recovery_copy`] made, `secret` 32
    /// fresh random bytes, to be kept until the answer is taken.
    pub async fn recovery_ask<T, S, W>(
        &self,
        line: Line<'_, T, S, W>,
        copy: &[u8],
        secret: &[u8; 32],
    ) -> Result<(), Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
    {
        let request = RecoveryRequest {
            copy: SealedChange::from_bytes(copy).map_err(FieldbookError::from)?,
            key: recovery_key(secret),
        };
        let signed = self.link(line)?;
        let request = Request::post(PATH, CBOR, request.to_bytes());
        let response = signed.call(&request).await?;
        if response.status < 300 {
            Ok(())
        } else {
            Err(Problem::status(response.status))
        }
    }

    /// What became of it.
    pub async fn recovery_poll<T, S, W>(
        &self,
        line: Line<'_, T, S, W>,
        secret: &[u8; 32],
    ) -> Result<Recovery, Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
    {
        let signed = self.link(line)?;
        let response = signed.call(&Request::new(Method::Get, PATH)).await?;
        if response.status == 404 {
            return Ok(Recovery::None);
        }
        let response = response.expecting(CBOR)?;
        let reply = RecoveryReply::from_bytes(&response.body).map_err(FieldbookError::from)?;
        Ok(match (reply.state, reply.sealed) {
            (RecoveryState::Waiting, _) => Recovery::Waiting,
            (RecoveryState::Refused, _) => Recovery::Refused,
            (RecoveryState::Approved, Some(sealed)) => {
                let key = take_recovered(secret, self.device()?, &sealed);
                Recovery::Approved(key.map_err(FieldbookError::from)?)
            }
            // Approved and fetched before: it is forgotten.
            (RecoveryState::Approved, None) => Recovery::None,
        })
    }
}
