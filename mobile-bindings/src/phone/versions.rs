//! Other versions of the schemas: fetched by a sync, taken when the app has no form open.

use serde::Serialize;
use sync_core::{
    fieldbook::{
        FieldbookError,
        round::Judged,
        transport::{SignedLink, Signer, SyncError, Transport, Waiter, fetch_schema},
    },
    sync::SessionError,
};

use super::{Code, Phone, Problem, SyncProgress, Words, shared::Shared};

/// What became of another version of the schemas in a sync.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormsReport {
    /// None was announced, or it is here.
    #[default]
    None,
    /// One was fetched.
    Fetched,
    /// One is to be fetched, and could not be this time.
    Later,
    /// One was fetched that this app cannot use.
    Refused,
}

/// What a version of the schemas that this app cannot use means to the person.
pub(super) fn unusable(version: u32) -> Problem {
    let words = Words::new(
        format!("新表单（版本 {version}）在本机不能用，仍用旧表单。请更新应用或告知主管。"),
        format!(
            "The new forms (version {version}) cannot be used here; the old ones stay. \
             Update the app or tell your supervisor."
        ),
    );
    Problem {
        words,
        ..Problem::new(Code::Schema, "", "")
    }
}

impl Phone {
    /// Fetches the version that was announced. Whatever comes of it, the sync goes on.
    pub(super) async fn fetch_forms<T, S, W>(
        &self,
        link: &SignedLink<'_, T, S, W>,
    ) -> Result<FormsReport, Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
    {
        let mut quiet = |_: &SyncProgress| {};
        let mut shared = Shared::new(&self.book, 0, &mut quiet);
        match fetch_schema(link, &mut shared).await {
            Ok(true) => Ok(FormsReport::Fetched),
            Ok(false) => Ok(FormsReport::None),
            Err(SyncError::Transport(_)) => Ok(FormsReport::Later),
            Err(SyncError::Session(SessionError::Desk(FieldbookError::Schema(_)))) => {
                Ok(FormsReport::Refused)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes the version of the schemas that is ready; whether there was one.
    pub(super) fn take_schema(&self) -> Result<bool, Problem> {
        Ok(self.book()?.take_schema()?)
    }

    /// What spot checks said of own grids.
    pub(super) fn judged(&self) -> Result<Vec<Judged>, Problem> {
        Ok(self.book()?.judged()?)
    }
}
