//! Small families: authors' names, tasks, drafts, kept server bundles, carried files, the wipe.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension as _;

use super::Store;
use crate::{
    bundle::Bundle,
    cbor,
    fieldbook::error::Result,
    ids::{DeviceId, RecordId, Sha256},
    sync::Task,
};

impl Store {
    pub(in crate::fieldbook) fn put_author(&self, device: DeviceId, label: &str) -> Result<()> {
        let sealed = self.seal("author", &device.0, label.as_bytes())?;
        self.connection
            .prepare_cached(
                "INSERT INTO author (device, sealed) VALUES (?1, ?2)
                 ON CONFLICT (device) DO UPDATE SET sealed = excluded.sealed",
            )?
            .execute((&device.0[..], &sealed))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn author(&self, device: DeviceId) -> Result<Option<String>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT sealed FROM author WHERE device = ?1")?;
        let sealed: Option<Vec<u8>> = statement
            .query_row([&device.0[..]], |row| row.get(0))
            .optional()?;
        sealed
            .map(|sealed| {
                let plain = self.open_row("author", &device.0, &sealed)?;
                Ok(String::from_utf8_lossy(&plain).into_owned())
            })
            .transpose()
    }

    /// How people know every author.
    pub(in crate::fieldbook) fn authors(&self) -> Result<BTreeMap<DeviceId, String>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT device, sealed FROM author")?;
        let mut rows = statement.query([])?;
        let mut authors = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let device = DeviceId::from_slice(row.get_ref(0)?.as_blob().unwrap_or_default())?;
            let sealed = row.get_ref(1)?.as_blob().unwrap_or_default();
            let plain = self.open_row("author", &device.0, sealed)?;
            authors.insert(device, String::from_utf8_lossy(&plain).into_owned());
        }
        Ok(authors)
    }

    pub(in crate::fieldbook) fn put_task(&self, task: &Task) -> Result<()> {
        if task.closed == Some(true) {
            self.connection
                .prepare_cached("DELETE FROM task WHERE id = ?1")?
                .execute([&task.id.0[..]])?;
            return Ok(());
        }
        let sealed = self.seal("task", &task.id.0, &cbor::to_vec(task))?;
        self.connection
            .prepare_cached(
                "INSERT INTO task (id, sealed) VALUES (?1, ?2)
                 ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed",
            )?
            .execute((&task.id.0[..], &sealed))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn tasks(&self) -> Result<Vec<Task>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, sealed FROM task ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut tasks = Vec::new();
        while let Some(row) = rows.next()? {
            let id = RecordId::from_slice(row.get_ref(0)?.as_blob().unwrap_or_default())?;
            let sealed = row.get_ref(1)?.as_blob().unwrap_or_default();
            tasks.push(cbor::from_slice(&self.open_row("task", &id.0, sealed)?)?);
        }
        Ok(tasks)
    }

    pub(in crate::fieldbook) fn put_draft(&self, name: &str, draft: Option<&[u8]>) -> Result<()> {
        match draft {
            Some(plain) => {
                let sealed = self.seal("draft", name.as_bytes(), plain)?;
                self.connection
                    .prepare_cached(
                        "INSERT INTO draft (name, sealed) VALUES (?1, ?2)
                         ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
                    )?
                    .execute((name, &sealed))?;
            }
            None => {
                self.connection
                    .prepare_cached("DELETE FROM draft WHERE name = ?1")?
                    .execute([name])?;
            }
        }
        Ok(())
    }

    pub(in crate::fieldbook) fn drafts(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT name, sealed FROM draft ORDER BY name")?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        rows.map(|row| {
            let (name, sealed) = row?;
            let plain = self.open_row("draft", name.as_bytes(), &sealed)?;
            Ok((name, plain))
        })
        .collect()
    }

    pub(in crate::fieldbook) fn keep(&self, bundle: &Bundle) -> Result<()> {
        let bytes = cbor::to_vec(bundle);
        let digest = Sha256::of(&bytes);
        let sealed = self.seal("kept", &digest.0, &bytes)?;
        self.connection
            .prepare_cached(
                "INSERT OR IGNORE INTO kept (device, number, digest, sealed)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((&bundle.device.0[..], bundle.number, &digest.0[..], &sealed))?;
        Ok(())
    }

    /// Kept server bundles after one, in the order of server device and number, as many as fit.
    pub(in crate::fieldbook) fn kept_after(
        &self,
        after: &(DeviceId, u64),
        mut room: usize,
    ) -> Result<Vec<Bundle>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT digest, sealed FROM kept WHERE (device, number) > (?1, ?2)
             ORDER BY device, number LIMIT 256",
        )?;
        let mut rows = statement.query((&after.0.0[..], after.1))?;
        let mut bundles = Vec::new();
        while let Some(row) = rows.next()? {
            let digest: Vec<u8> = row.get(0)?;
            let plain = self.open_row("kept", &digest, row.get_ref(1)?.as_blob().unwrap_or(&[]))?;
            let Some(left) = room.checked_sub(plain.len()) else {
                break;
            };
            room = left;
            bundles.push(cbor::from_slice(&plain)?);
        }
        Ok(bundles)
    }

    /// Forgets server bundles of one server device up to a number: they are in a backup.
    pub(in crate::fieldbook) fn drop_kept(&self, device: DeviceId, number: u64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM kept WHERE device = ?1 AND number <= ?2")?
            .execute((&device.0[..], number))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn add_carried(&self, file: &[u8]) -> Result<()> {
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO carried (digest, file) VALUES (?1, ?2)")?
            .execute((&Sha256::of(file).0[..], file))?;
        Ok(())
    }

    /// Files to carry, the oldest first, as many as fit.
    pub(in crate::fieldbook) fn carried(&self, mut room: usize) -> Result<Vec<Vec<u8>>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT file FROM carried ORDER BY id LIMIT 64")?;
        let mut rows = statement.query([])?;
        let mut files = Vec::new();
        while let Some(row) = rows.next()? {
            let file: Vec<u8> = row.get(0)?;
            let Some(left) = room.checked_sub(file.len()) else {
                break;
            };
            room = left;
            files.push(file);
        }
        Ok(files)
    }

    pub(in crate::fieldbook) fn drop_carried(&self, file: &[u8]) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM carried WHERE digest = ?1")?
            .execute([&Sha256::of(file).0[..]])?;
        Ok(())
    }

    /// Forgets everything pulled; what the outbox needs stays, sealed to the server.
    pub(in crate::fieldbook) fn wipe(&self) -> Result<()> {
        self.connection.execute_batch(
            "DELETE FROM record; DELETE FROM summary; DELETE FROM number; DELETE FROM packed;
             DELETE FROM stream; DELETE FROM leaving; DELETE FROM author; DELETE FROM task; DELETE FROM draft;
             DELETE FROM kept; DELETE FROM returned; DELETE FROM setback; DELETE FROM case_status;
             DELETE FROM judged;
             DELETE FROM attachment WHERE uploaded >= bytes;
             DELETE FROM attachment_piece WHERE NOT EXISTS (SELECT 1 FROM attachment a
                 WHERE a.record = attachment_piece.record AND a.sha256 = attachment_piece.sha256);
             DELETE FROM change WHERE mac IS NULL
                 OR (bundle IS NOT NULL AND bundle NOT IN (SELECT number FROM bundle));
             UPDATE change SET chunk = NULL, edits = NULL;",
        )?;
        Ok(())
    }

    /// Notes a record to be forgotten once its pending edits are settled.
    pub(in crate::fieldbook) fn add_leaving(&self, record: &RecordId) -> Result<()> {
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO leaving (record) VALUES (?1)")?
            .execute([&record.0[..]])?;
        Ok(())
    }

    /// Whether it was noted.
    pub(in crate::fieldbook) fn drop_leaving(&self, record: &RecordId) -> Result<bool> {
        let dropped = self
            .connection
            .prepare_cached("DELETE FROM leaving WHERE record = ?1")?
            .execute([&record.0[..]])?;
        Ok(dropped > 0)
    }

    pub(in crate::fieldbook) fn leaving(&self) -> Result<Vec<RecordId>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT record FROM leaving")?;
        let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| Ok(RecordId::from_slice(&row?)?)).collect()
    }

    /// Bytes of the file.
    pub(in crate::fieldbook) fn size(&self) -> Result<u64> {
        let pragma = |name: &str| -> Result<u64> {
            Ok(self
                .connection
                .query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?)
        };
        Ok(pragma("page_count")? * pragma("page_size")?)
    }
}
