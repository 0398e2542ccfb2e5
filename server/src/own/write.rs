//! Authoring and signing.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{
    ChangeHash, DeviceId, RecordId, Sha256,
    bundle::{
        Bundle, ChainHead, JournalPayload, Manifest, ManifestRecord, NoIndex, RecordChanges,
        Unsigned, WireVersion, build,
    },
    change::{Incoming, Outcome, admit},
    record::{AuthorError, Edit, EditError, Header, RecordState, author},
};

use crate::{
    core::Core,
    dispatch,
    error::{Error, OrNotFound as _, Result},
    feed::Entry,
    intake::seal_part,
    records::{self, Stored},
    review::By,
    store::Tx,
    verify,
};

/// Records of one bundle: with short edits well below the limits of a bundle.
const RECORDS: usize = 48;
/// Bytes of chunks at which a bundle is closed.
const CLOSE_AT: usize = 32 * 1024;
/// Bytes from which a record is loaded whole before it is written to.
const LARGE: u64 = 64 * 1024;

/// As whom the server writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnClass {
    /// A supervisor's decision, which alone takes precedence.
    Decision,
    /// An office's edit.
    Office,
    /// An import of a register. It says nothing new to any office: rules do not run on it.
    Import,
}

impl OwnClass {
    const fn byte(self) -> u8 {
        match self {
            Self::Decision => 0xFF,
            Self::Office => 0xFE,
            Self::Import => 0xFD,
        }
    }
}

/// One record to be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRecord {
    /// The record.
    pub id: RecordId,
    /// Its header, if it is new.
    pub header: Option<Header>,
    /// What is done to it; one change.
    pub edits: Vec<Edit>,
}

/// The server's own device of a class. It bears the server's epoch: a restored server has
/// forgotten how far it had counted.
pub const fn own_device(class: OwnClass, epoch: u64) -> DeviceId {
    let [.., high, low] = epoch.to_be_bytes();
    DeviceId([class.byte(), 0, 0, 0, high, low])
}

struct Made {
    stored: Stored,
    incoming: Incoming,
}

/// Writes to records as the server, in the order given; the changes' names. Records whose edits
/// say nothing new are left out. All of it or, on an error, none.
pub fn write(
    tx: &mut Tx<'_>,
    class: OwnClass,
    records: Vec<OwnRecord>,
    by: &By,
) -> Result<Vec<ChangeHash>> {
    let device = own_device(class, tx.core().epoch());
    let mut names = Vec::new();
    let mut open: BTreeMap<String, Vec<Made>> = BTreeMap::new();
    for record in records {
        let Some(made) = make(tx, device, class, record)? else {
            continue;
        };
        let hash = made.incoming.change.hash;
        if class != OwnClass::Import {
            records::authors::note_act(tx, hash, &by.person, &by.reason)?;
        }
        names.push(hash);
        let grid = made.stored.header.grid.clone();
        if made.stored.key.is_some() {
            bundle_up(tx, device, &grid, vec![made], by)?;
            continue;
        }
        let group = open.entry(grid.clone()).or_default();
        group.push(made);
        let bytes: usize = group.iter().map(|made| made.incoming.chunk.len()).sum();
        if group.len() >= RECORDS || bytes >= CLOSE_AT {
            let group = std::mem::take(group);
            bundle_up(tx, device, &grid, group, by)?;
        }
    }
    for (grid, group) in open {
        if !group.is_empty() {
            bundle_up(tx, device, &grid, group, by)?;
        }
    }
    Ok(names)
}

/// Makes one record's change and lets it enter.
fn make(
    tx: &mut Tx<'_>,
    device: DeviceId,
    class: OwnClass,
    record: OwnRecord,
) -> Result<Option<Made>> {
    let core = tx.core().clone();
    let mut stored = match records::find(tx.conn(), core.keys(), &record.id)? {
        Some(stored) => stored,
        None => records::create(tx, record.id, record.header.or_not_found("record")?)?,
    };
    let mut state = if stored.bytes > LARGE {
        records::load_state(tx.conn(), &stored)?
    } else {
        RecordState {
            registers: stored.registers.clone(),
            ..RecordState::default()
        }
    };
    let made = match author(&state, device.actor(1), &record.edits, tx.now_ms()) {
        Ok(made) => made,
        Err(AuthorError::Edit(EditError::NothingChanged)) => return Ok(None),
        Err(error) => {
            tracing::info!(record = %record.id, %error, "an edit does not fit its record");
            return Err(Error::Conflict("the edit does not fit the record"));
        }
    };
    let incoming = Incoming {
        change: made.change,
        chunk: made.chunk,
    };
    let admitted = admit(&mut state, std::slice::from_ref(&incoming), &());
    if !matches!(admitted.outcomes.first(), Some(Outcome::Accepted(_))) {
        return Err(Error::Conflict("the record cannot take the edit"));
    }
    let before = std::mem::replace(&mut stored.registers, state.registers);
    let entered = std::slice::from_ref(&incoming);
    let projection = records::enter(tx, &mut stored, entered);
    let proven = admitted.proven.as_deref();
    records::save(tx, &mut stored, entered, &projection, proven)?;
    if class != OwnClass::Import {
        dispatch::run(tx, &stored, before, entered, None)?;
    }
    Ok(Some(Made { stored, incoming }))
}

/// Signs a bundle of changes that have entered, keeps it, and puts it in the grid's feed.
fn bundle_up(
    tx: &mut Tx<'_>,
    device: DeviceId,
    grid: &str,
    made: Vec<Made>,
    by: &By,
) -> Result<()> {
    let core = tx.core().clone();
    let head = chain(tx.conn(), device)?;
    let changes: Vec<RecordChanges> = made
        .iter()
        .map(|made| RecordChanges {
            record: made.stored.id,
            header: Some(made.stored.header.clone()),
            proposed: false,
            chunks: vec![made.incoming.chunk.clone()],
        })
        .collect();
    let entries = changes.iter().zip(&made).map(|(changes, made)| {
        ManifestRecord::of(changes, &made.stored.header.salt)
            .map_err(|_| Error::Internal("a change of our own cannot be scanned"))
    });
    let unsigned = Unsigned::new(Manifest {
        device,
        number: head.number + 1,
        previous: head.digest,
        schema: core.schemas().version(),
        epoch: 1,
        wall_ms: tx.now_ms(),
        server_ms: tx.now_ms(),
        elapsed_ms: 0,
        records: entries.collect::<Result<_>>()?,
    });
    let signature = core.keys().sign(unsigned.to_be_signed());
    let manifest = unsigned.manifest.clone();
    let signed = unsigned.finish(signature);
    let bundle = build(
        &manifest,
        signed.clone(),
        &changes,
        WireVersion::Raw,
        &NoIndex,
    );
    let parts = changes
        .iter()
        .zip(&made)
        .map(|(changes, made)| seal_part(&core, Some(&made.stored.header.kind), changes))
        .collect::<Result<_>>()?;
    tx.journal(&JournalPayload::ServerBundle {
        manifest: manifest.to_bytes(),
        signature: signed,
        parts,
        by: by.person.clone(),
        reason: by.reason.clone(),
    })?;
    keep(
        tx,
        &manifest,
        &bundle,
        made.first().map(|made| &made.stored),
    )?;
    feed(tx, grid, device, manifest.number, made)
}

pub(super) fn keep(
    tx: &Tx<'_>,
    manifest: &Manifest,
    bundle: &Bundle,
    only: Option<&Stored>,
) -> Result<()> {
    let bytes =
        minicbor::to_vec(bundle).map_err(|_| Error::Internal("a bundle cannot be written"))?;
    let sealing = only.and_then(|stored| Some((stored.n, stored.key.as_ref()?)));
    let (n, bytes) = match sealing {
        Some((n, key)) => (Some(n), key.seal(b"bundle", &bytes)?),
        None => (None, bytes),
    };
    tx.conn()
        .prepare_cached(
            "INSERT INTO own_bundle (device, number, digest, n, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            manifest.device.0,
            manifest.number,
            manifest.digest().0,
            n,
            bytes
        ])?;
    Ok(())
}

fn feed(tx: &mut Tx<'_>, grid: &str, device: DeviceId, number: u64, made: Vec<Made>) -> Result<()> {
    let mut waiting = Vec::new();
    for mut made in made {
        if made.stored.placed {
            waiting.push(made.stored.id);
        } else {
            place(tx, &mut made.stored)?;
        }
    }
    let (conn, feeds) = tx.feeds();
    feeds.author(conn, grid, device)?;
    let n = conn
        .prepare_cached("SELECT n FROM own_bundle WHERE device = ?1 AND number = ?2")?
        .query_row(params![device.0, number], |row| row.get(0))?;
    let number = &number;
    feeds.push(conn, grid, Entry::Own { n, device, number })?;
    tx.announce(crate::app::News::Grid(grid.to_owned()));
    for record in waiting {
        verify::retry(tx, &record)?;
    }
    Ok(())
}

/// Names a record in its grid's feed for the first time.
pub(crate) fn place(tx: &mut Tx<'_>, stored: &mut Stored) -> Result<()> {
    let grid = stored.header.grid.clone();
    let n = stored.n;
    let (conn, feeds) = tx.feeds();
    let number = feeds.number(conn, &grid, n)?;
    stored.placed = true;
    stored.number = Some(number);
    records::relocate(tx, stored)?;
    let snapshot = false;
    let (conn, feeds) = tx.feeds();
    feeds.push(
        conn,
        &grid,
        Entry::Placed {
            n,
            number,
            snapshot,
        },
    )
}

/// The end of an own device's chain.
fn chain(conn: &Connection, device: DeviceId) -> Result<ChainHead> {
    let head = conn
        .prepare_cached(
            "SELECT number, digest FROM own_bundle WHERE device = ?1
             ORDER BY number DESC LIMIT 1",
        )?
        .query_row(params![device.0], |row| {
            Ok(ChainHead {
                number: row.get(0)?,
                digest: Sha256(row.get(1)?),
            })
        })
        .optional()?;
    Ok(head.unwrap_or_default())
}

/// A bundle of the server's own; none if the record in it was erased.
pub fn bundle(
    conn: &Connection,
    core: &Core,
    device: DeviceId,
    number: u64,
) -> Result<Option<Bundle>> {
    let row: Option<(Option<i64>, Vec<u8>)> = conn
        .prepare_cached("SELECT n, bytes FROM own_bundle WHERE device = ?1 AND number = ?2")?
        .query_row(params![device.0, number], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((n, bytes)) = row else {
        return Ok(None);
    };
    let plain = match n {
        None => bytes,
        Some(n) => match records::find_n(conn, core.keys(), n) {
            Err(Error::Gone(_)) | Ok(None) => return Ok(None),
            Err(error) => return Err(error),
            Ok(Some(stored)) => match &stored.key {
                Some(key) => key.open(b"bundle", &bytes)?,
                None => bytes,
            },
        },
    };
    minicbor::decode(&plain)
        .map(Some)
        .map_err(|_| Error::Internal("a bundle cannot be read"))
}
