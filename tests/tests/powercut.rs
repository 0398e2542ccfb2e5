//! `SQLite` on a disk that forgets what was not synced, with power cut wherever it can be.

use gridbook_tests::powercut::{Cut, Disk, Outage, Points, Survivors, for_each_point};
use rusqlite::{Connection, ErrorCode, Result};

const FILE: &str = "book.db";
const TRANSACTIONS: u32 = 8;
/// Rows of about a page each, so that a transaction spans several sectors and pages.
const ROWS: u32 = 3;

fn open(disk: &Disk, settings: &str) -> Result<Connection> {
    let book = disk.open(FILE)?;
    book.execute_batch(settings)?;
    Ok(book)
}

/// Adds the rows of one transaction, and changes those of an earlier one.
fn transaction(book: &mut Connection, number: u32) -> Result<()> {
    let work = book.transaction()?;
    for row in 0..ROWS {
        work.execute(
            "INSERT INTO visit (number, row, note) VALUES (?1, ?2, randomblob(3000))",
            [number, row],
        )?;
    }
    work.execute(
        "UPDATE visit SET note = randomblob(2900) WHERE number = ?1 / 2",
        [number],
    )?;
    work.execute("UPDATE total SET transactions = ?1", [number])?;
    work.commit()
}

/// Transactions until power goes; gives how many were committed.
fn work(disk: &Disk, settings: &str) -> u32 {
    let mut committed = 0;
    let _power_went: Result<()> = (|| {
        let mut book = open(disk, settings)?;
        book.execute_batch(
            "BEGIN;
             CREATE TABLE visit (number INTEGER, row INTEGER, note BLOB);
             CREATE TABLE total (transactions INTEGER);
             INSERT INTO total VALUES (0);
             COMMIT;",
        )?;
        for number in 1..=TRANSACTIONS {
            transaction(&mut book, number)?;
            committed = number;
        }
        Ok(())
    })();
    committed
}

/// The state of the database: `None` when it is damaged, else how many transactions it holds.
fn found(disk: &Disk, settings: &str) -> Option<u32> {
    let read = || -> Result<Option<u32>> {
        let book = open(disk, settings)?;
        let verdict: String = book.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Ok(None);
        }
        if !book.table_exists(None, "total")? {
            return Ok(Some(0));
        }
        let total = book.query_row("SELECT transactions FROM total", [], |row| row.get(0))?;
        Ok((numbers(&book)? == all_rows(total)).then_some(total))
    };
    read().unwrap_or_default()
}

fn numbers(book: &Connection) -> Result<Vec<(u32, u32)>> {
    let mut query = book.prepare("SELECT number, row FROM visit ORDER BY rowid")?;
    query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// What a prefix of that many transactions leaves in the table.
fn all_rows(transactions: u32) -> Vec<(u32, u32)> {
    (1..=transactions)
        .flat_map(|number| (0..ROWS).map(move |row| (number, row)))
        .collect()
}

/// At every point: the database is sound, holds a prefix of the transactions, no more than the one
/// in flight beyond the committed ones, and lacks at most `may_lack` of those.
fn survives(points: Points, settings: &str, may_lack: u32) -> Result<()> {
    let sweep = for_each_point(
        points,
        |disk| work(disk, settings),
        |disk, outage, committed| {
            let found = found(disk, settings);
            let least = committed.saturating_sub(may_lack);
            assert!(
                found.is_some_and(|found| (least..=committed + 1).contains(&found)),
                "{outage}: {committed} committed, found {found:?}",
            );
        },
    )?;
    assert!(sweep.points > u64::from(TRANSACTIONS), "each commit syncs");
    assert!(
        sweep.outages > 4 * sweep.points,
        "with none, and with several choices of survivors"
    );
    Ok(())
}

const DELETE_EXTRA: &str = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;";
const DELETE_FULL: &str = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;";
const TRUNCATE: &str = "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL;";
const PERSIST: &str = "PRAGMA journal_mode = PERSIST; PRAGMA synchronous = FULL;";
/// A short log and a small cache, so that checkpoints and spilled pages come in as well.
const WAL: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 20;";
const SPILLING: &str = "PRAGMA cache_size = 5; PRAGMA cache_spill = 1;";

#[test]
fn a_deleted_journal_with_extra_syncs_keeps_every_committed_transaction() {
    survives(Points::Syncs, DELETE_EXTRA, 0).unwrap();
    survives(Points::AfterSyncs, DELETE_EXTRA, 0).unwrap();
    survives(Points::Writes, DELETE_EXTRA, 0).unwrap();
}

#[test]
fn a_deleted_journal_with_full_syncs_stays_sound_and_lacks_at_most_the_last_transaction() {
    survives(Points::Syncs, DELETE_FULL, 1).unwrap();
    survives(Points::Writes, DELETE_FULL, 1).unwrap();
}

#[test]
fn a_deleted_journal_with_full_syncs_can_come_back_and_undo_a_commit() {
    let disk = Disk::new(1).unwrap();
    assert_eq!(work(&disk, DELETE_FULL), TRANSACTIONS);
    disk.power_on(Survivors::None);
    assert_eq!(found(&disk, DELETE_FULL), Some(TRANSACTIONS - 1));
}

#[test]
fn a_truncated_journal_keeps_every_committed_transaction() {
    survives(Points::Syncs, TRUNCATE, 0).unwrap();
    survives(Points::Writes, TRUNCATE, 0).unwrap();
}

#[test]
fn a_persistent_journal_keeps_every_committed_transaction() {
    survives(Points::Syncs, PERSIST, 0).unwrap();
    survives(Points::Writes, PERSIST, 0).unwrap();
}

#[test]
fn a_write_ahead_log_keeps_every_committed_transaction() {
    survives(Points::Syncs, WAL, 0).unwrap();
    survives(Points::AfterSyncs, WAL, 0).unwrap();
    survives(Points::Writes, WAL, 0).unwrap();
}

#[test]
fn pages_spilled_before_their_commit_break_nothing() {
    survives(Points::Syncs, &format!("{DELETE_EXTRA} {SPILLING}"), 0).unwrap();
    survives(Points::Syncs, &format!("{WAL} {SPILLING}"), 0).unwrap();
}

#[test]
fn a_second_outage_during_recovery_loses_nothing_either() {
    for settings in [DELETE_EXTRA, TRUNCATE, PERSIST, WAL] {
        let mut interrupted = 0;
        for_each_point(
            Points::Syncs,
            |disk| work(disk, settings),
            |disk, outage, committed| interrupted += recover(disk, settings, outage, *committed),
        )
        .unwrap();
        assert!(
            interrupted > u64::from(TRANSACTIONS),
            "{settings} {interrupted}"
        );
    }
}

/// Cuts the recovery at each of its syncs; gives how many of them there were.
fn recover(disk: &Disk, settings: &str, outage: &Outage, committed: u32) -> u64 {
    let image = disk.image();
    for sync in 1.. {
        disk.restore(&image);
        disk.power_on(Survivors::None);
        disk.cut_at_sync(sync);
        found(disk, settings);
        if disk.is_on() {
            return sync - 1;
        }
        disk.power_on(Survivors::Random(sync));
        let found = found(disk, settings);
        assert!(
            found.is_some_and(|found| found == committed || found == committed + 1),
            "{outage}, then at sync {sync} of the recovery: {committed} committed, {found:?} found",
        );
    }
    0
}

/// A database of which the tables are durable, worked on without any sync.
fn careless(disk: &Disk, cut: Cut) -> u32 {
    let mut committed = 0;
    let _power_went: Result<()> = (|| {
        let mut book = open(disk, DELETE_EXTRA)?;
        book.execute_batch(
            "BEGIN;
             CREATE TABLE visit (number INTEGER, row INTEGER, note BLOB);
             CREATE TABLE total (transactions INTEGER);
             INSERT INTO total VALUES (0);
             COMMIT;
             PRAGMA synchronous = OFF;",
        )?;
        disk.cut(cut);
        for number in 1..=TRANSACTIONS {
            transaction(&mut book, number)?;
            committed = number;
        }
        Ok(())
    })();
    committed
}

#[test]
fn without_syncs_committed_transactions_are_lost() {
    let disk = Disk::new(1).unwrap();
    let syncs_never = Cut::AtSync(u64::MAX);
    assert_eq!(careless(&disk, syncs_never), TRANSACTIONS);
    assert_eq!(found(&disk, DELETE_EXTRA), Some(TRANSACTIONS));
    disk.power_on(Survivors::None);
    assert_eq!(found(&disk, DELETE_EXTRA), Some(0));
}

#[test]
fn without_syncs_what_happens_to_survive_damages_the_database() {
    let counting = Disk::new(1).unwrap();
    careless(&counting, Cut::AtSync(u64::MAX));
    let damaged = |write| {
        let disk = Disk::new(1).unwrap();
        careless(&disk, Cut::AtWrite(write));
        disk.power_on(Survivors::Random(write));
        found(&disk, DELETE_EXTRA).is_none()
    };
    let damaged = (1..=counting.writes())
        .filter(|write| damaged(*write))
        .count();
    assert!(damaged > 10, "{damaged}");
}

#[test]
fn after_the_cut_every_connection_fails_and_stays_dead_when_power_is_back() {
    let disk = Disk::new(1).unwrap();
    let book = open(&disk, WAL).unwrap();
    book.execute_batch("CREATE TABLE visit (number INTEGER)")
        .unwrap();
    disk.cut_at_sync(disk.syncs() + 1);
    let code = |book: &Connection| {
        book.execute("INSERT INTO visit VALUES (1)", [])
            .unwrap_err()
            .sqlite_error_code()
    };
    assert_eq!(code(&book), Some(ErrorCode::SystemIoFailure));
    assert!(
        disk.open(FILE)
            .and_then(|other| other.execute_batch("SELECT 1 FROM visit"))
            .is_err()
    );
    disk.power_on(Survivors::None);
    assert_eq!(code(&book), Some(ErrorCode::SystemIoFailure));
    let after = open(&disk, WAL).unwrap();
    after.execute("INSERT INTO visit VALUES (2)", []).unwrap();
    drop(book);
    let number: u32 = after
        .query_row("SELECT number FROM visit", [], |row| row.get(0))
        .unwrap();
    assert_eq!(number, 2, "and the only row");
}

#[test]
fn a_connection_may_outlive_its_disk() {
    let disk = Disk::new(1).unwrap();
    let book = open(&disk, WAL).unwrap();
    book.execute_batch("CREATE TABLE visit (number INTEGER)")
        .unwrap();
    drop(disk);
    assert!(book.execute("INSERT INTO visit VALUES (1)", []).is_err());
}

#[test]
fn a_path_with_the_disk_in_it_opens_the_same_file() {
    let disk = Disk::new(1).unwrap();
    open(&disk, DELETE_EXTRA)
        .unwrap()
        .execute_batch("CREATE TABLE visit (number)")
        .unwrap();
    let book = Connection::open(disk.uri(FILE)).unwrap();
    assert!(book.table_exists(None, "visit").unwrap());
}

#[test]
fn in_wal_mode_a_reader_keeps_its_snapshot_while_another_connection_writes() {
    let disk = Disk::new(1).unwrap();
    let writer = open(&disk, WAL).unwrap();
    writer
        .execute_batch("CREATE TABLE visit (number INTEGER)")
        .unwrap();
    let reader = open(&disk, WAL).unwrap();
    let count = |book: &Connection| -> u32 {
        book.query_row("SELECT count(*) FROM visit", [], |row| row.get(0))
            .unwrap()
    };
    reader.execute_batch("BEGIN").unwrap();
    assert_eq!(count(&reader), 0);
    writer.execute("INSERT INTO visit VALUES (1)", []).unwrap();
    assert_eq!(count(&reader), 0);
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(count(&reader), 1);
}

#[test]
fn a_second_writer_is_told_to_wait_and_a_reader_holds_up_a_journalled_commit() {
    for settings in [DELETE_EXTRA, WAL] {
        let disk = Disk::new(1).unwrap();
        let one = open(&disk, settings).unwrap();
        one.execute_batch("CREATE TABLE visit (number INTEGER)")
            .unwrap();
        let two = open(&disk, settings).unwrap();
        two.busy_timeout(std::time::Duration::ZERO).unwrap();
        one.execute_batch("BEGIN IMMEDIATE").unwrap();
        let busy = two.execute_batch("BEGIN IMMEDIATE").unwrap_err();
        assert_eq!(busy.sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
        one.execute_batch("COMMIT").unwrap();
        one.execute_batch("BEGIN; SELECT * FROM visit").unwrap();
        let written = two.execute("INSERT INTO visit VALUES (1)", []);
        assert_eq!(written.is_ok(), settings == WAL, "{written:?}");
    }
}

#[test]
fn many_threads_lose_nothing_of_what_they_committed_before_the_cut() {
    for settings in [DELETE_EXTRA, WAL] {
        for sync in [5, 20, 50, u64::MAX] {
            let disk = Disk::new(1).unwrap();
            let patient = |disk: &Disk| -> Result<Connection> {
                let book = disk.open(FILE)?;
                book.busy_timeout(std::time::Duration::from_secs(20))?;
                book.execute_batch(settings)?;
                Ok(book)
            };
            let book = patient(&disk).unwrap();
            book.execute_batch("CREATE TABLE visit (number INTEGER)")
                .unwrap();
            disk.cut_at_sync(disk.syncs().saturating_add(sync));
            let insert = |thread: u32| {
                let Ok(book) = patient(&disk) else {
                    return Vec::new();
                };
                let numbers = (0..25).map(|number| thread * 100 + number);
                let saved = |number: &u32| book.execute("INSERT INTO visit VALUES (?1)", [number]);
                numbers
                    .take_while(|number| saved(number).is_ok())
                    .collect::<Vec<_>>()
            };
            let committed: Vec<u32> = std::thread::scope(|scope| {
                let threads = [1, 2, 3].map(|thread| scope.spawn(move || insert(thread)));
                threads
                    .into_iter()
                    .flat_map(|thread| thread.join().unwrap())
                    .collect()
            });
            assert!(
                sync < u64::MAX || committed.len() == 75,
                "{settings}: {committed:?}"
            );
            disk.power_on(Survivors::Random(sync));
            let book = open(&disk, settings).unwrap();
            for number in committed {
                let sql = "SELECT count(*) FROM visit WHERE number = ?1";
                let found: u32 = book.query_row(sql, [number], |row| row.get(0)).unwrap();
                assert_eq!(found, 1, "{settings}, sync {sync}: {number}");
            }
        }
    }
}
