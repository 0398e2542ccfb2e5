//! What handlers read with: a moment of main.db, the schemas in force, the person.

use crate::{App, error::Result, identity::Principal, records::detail::Reader, store::Tx};

/// Reads as a person, at one moment.
pub async fn read<T, F>(app: &App, who: Principal, job: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Reader<'_>) -> Result<T> + Send + 'static,
{
    let core = app.core().clone();
    let read = app.read(move |conn| {
        let schemas = core.schemas();
        job(&Reader {
            conn,
            core: &core,
            schemas: &schemas,
            who: &who,
        })
    });
    read.await
}

/// Reads as a person what a transaction sees.
pub fn within<T>(
    tx: &Tx<'_>,
    who: &Principal,
    job: impl FnOnce(&Reader<'_>) -> Result<T>,
) -> Result<T> {
    let schemas = tx.core().schemas();
    job(&Reader {
        conn: tx.conn(),
        core: tx.core(),
        schemas: &schemas,
        who,
    })
}
