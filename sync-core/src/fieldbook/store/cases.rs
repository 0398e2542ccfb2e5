//! Where the cases of findings stand.

use std::collections::BTreeMap;

use super::Store;
use crate::{cbor, fieldbook::error::Result, ids::RecordId, sync::CaseStatus};

const TABLE: &str = "case_status";

impl Store {
    pub(in crate::fieldbook) fn put_case(&self, case: &CaseStatus) -> Result<()> {
        let finding = &case.finding.0[..];
        let sealed = self.seal(TABLE, finding, &cbor::to_vec(case))?;
        self.connection
            .prepare_cached(
                "INSERT INTO case_status (finding, sealed) VALUES (?1, ?2)
                 ON CONFLICT (finding) DO UPDATE SET sealed = excluded.sealed",
            )?
            .execute((finding, &sealed))?;
        Ok(())
    }

    /// Every case that the server told of, by finding.
    pub(in crate::fieldbook) fn cases(&self) -> Result<BTreeMap<RecordId, CaseStatus>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT finding, sealed FROM case_status")?;
        let mut rows = statement.query([])?;
        let mut cases = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let finding = RecordId::from_slice(row.get_ref(0)?.as_blob().unwrap_or_default())?;
            let sealed = row.get_ref(1)?.as_blob().unwrap_or_default();
            let plain = self.open_row(TABLE, &finding.0, sealed)?;
            cases.insert(finding, cbor::from_slice(&plain)?);
        }
        Ok(cases)
    }
}
