//! Who the phone is, and what its status line says.

use serde::Serialize;
use sync_core::{bundle::fingerprint_words, change::Stop};

use super::{Phone, Problem, Words, versions::unusable};

/// Who and where.
#[derive(Debug, Serialize)]
pub(super) struct Standing {
    enrolled: bool,
    inspector: Option<Inspector>,
    device: Option<String>,
    words: Vec<String>,
    confirmed: bool,
    expires_ms: Option<i64>,
    grids: Vec<Grant>,
    schema: Forms,
    wiped: bool,
    store_bytes: u64,
}

#[derive(Debug, Serialize)]
struct Inspector {
    id: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct Grant {
    grid: String,
    label: Words,
    until_ms: Option<i64>,
    records: usize,
}

/// The version of the schemas in use.
#[derive(Debug, Serialize)]
struct Forms {
    version: u32,
    draft: bool,
    /// Another one that is here, and waits to be taken.
    ready: Option<Version>,
    /// Why the one that was announced is not used.
    refused: Option<Words>,
}

#[derive(Debug, Serialize)]
struct Version {
    version: u32,
    draft: bool,
}

/// What waits, what was not taken, when it was last in step.
#[derive(Debug, Serialize)]
pub(super) struct Counts {
    waiting: u64,
    photos: usize,
    held: usize,
    refused: usize,
    last_sync_ms: Option<i64>,
    offset_ms: i64,
}

impl Phone {
    pub(super) fn standing(&self) -> Result<Standing, Problem> {
        let book = self.book()?;
        let certificate = book.identity().map(|known| &known.certificate);
        let inspector = match certificate {
            Some(own) => Some(Inspector {
                name: book
                    .author_label(&own.device)?
                    .unwrap_or_else(|| own.inspector.clone()),
                id: own.inspector.clone(),
            }),
            None => None,
        };
        let counts = book.count_by_grid();
        let grids = certificate.map_or_else(Vec::new, |own| {
            let grant = |grant: &sync_core::bundle::GridGrant| Grant {
                grid: grant.grid.clone(),
                label: label(book.schemas(), &grant.grid),
                until_ms: grant.until_ms,
                records: counts.get(grant.grid.as_str()).copied().unwrap_or_default(),
            };
            own.grids.iter().map(grant).collect()
        });
        Ok(Standing {
            enrolled: certificate.is_some(),
            inspector,
            device: certificate.map(|own| own.device.to_string()),
            words: certificate.map_or_else(Vec::new, |own| fingerprint_words(&own.key).to_vec()),
            confirmed: !book.served_grids()?.is_empty(),
            expires_ms: certificate.map(|own| own.expires_ms),
            grids,
            schema: Forms {
                version: book.schemas().version(),
                draft: book.tries_schema()?,
                ready: book
                    .ready_schema()?
                    .map(|(version, draft)| Version { version, draft }),
                refused: book
                    .refused_schema()?
                    .map(|version| unusable(version).words),
            },
            wiped: book.wipe_ordered()?,
            store_bytes: book.store_bytes()?,
        })
    }

    pub(super) fn counts(&self) -> Result<Counts, Problem> {
        let book = self.book()?;
        let held = |setback: &sync_core::fieldbook::Setback| matches!(setback.stop, Stop::Held(_));
        Ok(Counts {
            waiting: book.pending()?,
            photos: book.pending_attachments()?.len(),
            held: book.setbacks()?.iter().filter(|at| held(at)).count(),
            refused: book.returned()?.len(),
            last_sync_ms: book.contact()?.last_sync_ms,
            offset_ms: book.offset_ms()?,
        })
    }
}

/// What people call a grid: the area of that code, or the code itself.
fn label(schemas: &schemas::SchemaSet, grid: &str) -> Words {
    schemas
        .area(grid)
        .map_or_else(|| Words::new(grid, grid), |area| Words::from(&area.labels))
}
