//! The prover: before a record's bytes go into a snapshot or a pack, they are saved, loaded again
//! and compared with the registers.

use automerge::Automerge;
use thiserror::Error;

use super::guard::guard;
use crate::record::RecordState;

/// Why a record could not be proven. It is set aside; its last good snapshot stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The record's bytes cannot be loaded.
    #[error("the record cannot be loaded")]
    Load,
    /// What was saved cannot be loaded, or has other heads.
    #[error("the record's snapshot cannot be loaded again")]
    Reload,
    /// The document says something else than the registers.
    #[error("the record's document and registers differ")]
    Differs,
}

/// Saves the record without compression, loads it again and compares registers. The returned
/// snapshot may replace the old one and its chunks.
pub fn prove(state: &RecordState) -> Result<Vec<u8>, ProofError> {
    let document = state.document().map_err(|_| ProofError::Load)?;
    let saved = guard(|| {
        let saved = document.save_nocompress();
        let again = Automerge::load(&saved).ok()?;
        (again.get_heads() == document.get_heads()).then_some(saved)
    });
    let saved = saved.flatten().ok_or(ProofError::Reload)?;
    let again = RecordState::from_snapshot(saved).map_err(|_| ProofError::Reload)?;
    if again.registers == state.registers {
        Ok(again.snapshot)
    } else {
        Err(ProofError::Differs)
    }
}
