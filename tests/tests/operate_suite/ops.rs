//! What an operator does with the real program: beside a running server, or refused there.

use std::{collections::BTreeMap, path::Path};

use crate::common::{GRID, text};
use crate::field::{
    fetched, finding, half_sent, head, photographed, picture, read, resident, surveyor,
};
use gridbook_tests::{
    server::{HttpPhone, Options, Server, ServerError},
    world::Storage,
};
use rusqlite::Connection;
use sync_core::{RecordId, Sha256, fieldbook::transport::Response};

const DAY_MS: i64 = 86_400_000;

/// What a command said that was not done.
fn refused(done: Result<String, ServerError>) -> String {
    match done {
        Err(ServerError::Command(said)) => {
            assert_eq!(said.trim().lines().count(), 1, "one line: {said}");
            said
        }
        other => panic!("not refused: {other:?}"),
    }
}

fn no_faults(server: &Server) {
    let said = server.command(&["verify"]).unwrap();
    assert!(said.ends_with("no faults\n"), "{said}");
}

/// Rows of each table but that of snapshots, which a server makes in quiet moments of its own.
fn rows(data: &Path) -> BTreeMap<String, i64> {
    let main = Connection::open(data.join("main.db")).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let mut select = main.prepare(sql).unwrap();
    let names = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let count = |name: String| {
        let sql = format!("SELECT count(*) FROM {name}");
        let count = main.query_row(&sql, [], |row| row.get(0)).unwrap();
        (name, count)
    };
    let names = names.map(Result::unwrap);
    names.filter(|name| name != "snapshot").map(count).collect()
}

#[test]
fn a_server_is_checked_backed_up_and_tidied_while_phones_go_on() {
    let mut server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    resident(&mut phone, shop, 5);
    assert!(phone.sync().unwrap().complete);
    server.ticket("9001", &[GRID]).unwrap();
    half_sent(&mut phone, shop, &picture(600_000, 5));
    no_faults(&server);
    let backup = server.folder().join("backup");
    let to = backup.to_str().unwrap();
    let said = server.command(&["backup", to]).unwrap();
    assert!(said.contains("journal up to entry"), "{said}");
    assert!(said.contains("the master key is not in it"), "{said}");
    assert!(!backup.join("master.key").exists());
    assert!(!backup.join("files/partial").exists());
    let again = refused(server.command(&["backup", to]));
    assert!(again.contains("something where the backup is to go"));
    // The night of six weeks later, twice; the server itself lives on in its own time.
    server.options_mut().clock_offset_ms = 42 * DAY_MS;
    let numbers = |said: &str| -> Vec<u32> {
        let words = said.split(|other: char| !other.is_ascii_digit());
        words.filter_map(|word| word.parse().ok()).collect()
    };
    let first = server.command(&["nightly"]).unwrap();
    // Two tickets, one used and one not, and the upload.
    assert!(matches!(numbers(&first)[..], [2, 0, 1, _, 0, _]), "{first}");
    let after = rows(server.data());
    assert_eq!((after["ticket"], after["upload"]), (0, 0));
    let second = server.command(&["nightly"]).unwrap();
    assert_eq!(numbers(&second), [0; 6], "{second}");
    assert_eq!(rows(server.data()), after);
    server.options_mut().clock_offset_ms = 0;
    no_faults(&server);
    // The phone begins its upload again and forgets what is in the backup.
    assert_eq!(phone.upload().unwrap().done, 1);
    phone
        .book
        .edit(&shop, &[text("sign_name", "小王面馆")])
        .unwrap();
    assert!(phone.sync().unwrap().complete);
    assert!(server.terminate().unwrap().success());
    let said = server.command(&["rebuild", "--compare"]).unwrap();
    assert!(said.contains(" 0 failed"), "{said}");
}

#[test]
fn what_needs_the_server_stopped_says_so_and_touches_nothing() {
    let server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let backup = server.folder().join("backup");
    let to = backup.to_str().unwrap();
    server.command(&["backup", to]).unwrap();
    let before = rows(server.data());
    for arguments in [
        &["rebuild"][..],
        &["rebuild", "--compare"],
        &["restore", to, "--force"],
    ] {
        let said = refused(server.command(arguments));
        assert!(said.contains("stop it first"), "{arguments:?}: {said}");
    }
    let second = Options {
        data: Some(server.data().to_owned()),
        ..Options::default()
    };
    assert!(Server::start(second).is_err(), "two servers on one folder");
    assert_eq!(rows(server.data()), before);
    for entry in server.data().parent().unwrap().read_dir().unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.contains("before-"), "{name}");
    }
    assert_eq!(read(&server, "/readyz").status, 200);
    phone
        .book
        .edit(&shop, &[text("sign_name", "小王面馆")])
        .unwrap();
    assert!(phone.sync().unwrap().complete);
}

#[test]
fn a_command_over_a_folder_without_data_makes_none() {
    let server = Server::start(Options::default()).unwrap();
    let nowhere = server.folder().join("mistyped");
    let to = server.folder().join("backup");
    let record = "0".repeat(32);
    for arguments in [
        &["verify"][..],
        &["backup", to.to_str().unwrap()],
        &["nightly"],
        &["erase", &record, "--reason", "asked for it"],
        &["confirm", "010203040506"],
        &["rebuild"],
        &["restore", to.to_str().unwrap()],
    ] {
        refused(server.command_on(&nowhere, arguments));
        assert!(!nowhere.exists(), "{arguments:?}");
        assert!(!to.exists(), "{arguments:?}");
    }
}

#[test]
fn a_person_is_erased_beside_a_running_server() {
    let mut server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let (gone, _) = resident(&mut phone, shop, 5);
    let (stays, _) = resident(&mut phone, shop, 6);
    let found = finding(&mut phone, shop, server.now_ms());
    assert!(phone.sync().unwrap().complete);
    let (sha256, _) = photographed(&mut phone, found, 7);
    // It has been read, so that its key is in the server's memory; and more of it is to come.
    let mut li = server
        .enrolled("2001", &[GRID], Storage::Memory, 2)
        .unwrap();
    assert!(li.sync().unwrap().complete);
    assert!(li.book.listed(&gone).is_some());
    li.book
        .edit(&gone, &[text("phone", "13912341234")])
        .unwrap();

    let erase = |record: &str| server.command(&["erase", record, "--reason", "asked for it"]);
    let open = refused(erase(&shop.to_string()));
    assert!(open.contains("personal kinds"), "{open}");
    assert!(refused(erase("12")).contains("32 hexadecimal digits"));
    assert!(refused(erase(&"0".repeat(32))).contains("no such record"));
    for record in [gone, found] {
        assert!(erase(&record.to_string()).unwrap().contains("erased"));
        // Asked for again it is well.
        assert!(erase(&record.to_string()).unwrap().contains("erased"));
    }
    let photo = fetched(&phone, &found, &sha256);
    assert!(matches!(photo.status, 404 | 410), "{}", photo.status);
    for phone in [&mut phone, &mut li] {
        for _ in 0..2 {
            assert!(phone.sync().unwrap().complete);
        }
        assert_eq!(phone.book.pending().unwrap(), 0);
        assert!(phone.book.listed(&gone).is_none(), "it forgets");
        assert!(phone.book.listed(&stays).is_some());
    }
    let mut late = server
        .enrolled("3001", &[GRID], Storage::Memory, 3)
        .unwrap();
    assert!(late.sync().unwrap().complete);
    assert!(late.book.listed(&gone).is_none());
    assert!(late.book.listed(&stays).is_some());
    no_faults(&server);
    let log = server.log();
    assert!(!log.contains("ERROR"), "{log}");
    assert!(server.terminate().unwrap().success());
    let said = server.command(&["rebuild", "--compare"]).unwrap();
    assert!(said.contains(" 0 failed"), "{said}");
}

/// A server with a shop and a finding, and a picture of each: in clear and sealed.
struct Pictured {
    server: Server,
    phone: HttpPhone,
    shop: RecordId,
    pictures: Vec<(RecordId, Sha256, Vec<u8>)>,
}

impl Pictured {
    fn new() -> Self {
        let server = Server::start(Options::default()).unwrap();
        let (mut phone, shop) = surveyor(&server, 1);
        let found = finding(&mut phone, shop, server.now_ms());
        assert!(phone.sync().unwrap().complete);
        let pictures = [(shop, 1), (found, 2)].map(|(record, seed)| {
            let (sha256, bytes) = photographed(&mut phone, record, seed);
            (record, sha256, bytes)
        });
        Self {
            server,
            phone,
            shop,
            pictures: pictures.to_vec(),
        }
    }

    /// Every picture is there as it was, for whoever looks and whoever fetches.
    fn all_there(&self) {
        for (record, sha256, bytes) in &self.pictures {
            let got: Response = fetched(&self.phone, record, sha256);
            assert_eq!(got.status, 200, "{:?}", String::from_utf8_lossy(&got.body));
            assert!(got.body == *bytes);
            assert_eq!(got.content_type(), Some("image/jpeg"));
            let head = head(&self.phone, record, sha256);
            assert_eq!(head.status, 200);
            let length = bytes.len().to_string();
            for name in ["upload-offset", "upload-length"] {
                assert_eq!(head.header(name), Some(length.as_str()));
            }
        }
    }

    fn goes_on(&mut self) {
        let edit = [text("sign_name", "小王面馆")];
        self.phone.book.edit(&self.shop, &edit).unwrap();
        for _ in 0..2 {
            assert!(self.phone.sync().unwrap().complete);
        }
        assert_eq!(self.phone.book.pending().unwrap(), 0);
        let shop = self.phone.book.get(&self.shop).unwrap();
        let sign = shop.view.fields["sign_name"].shown();
        assert_eq!(sign.as_text(), Some("小王面馆"));
        no_faults(&self.server);
    }
}

/// Every file below a folder.
fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn pictures_come_back_with_a_restore_and_a_damaged_backup_is_refused() {
    let mut town = Pictured::new();
    let backup = town.server.folder().join("backup");
    let from = backup.to_str().unwrap();
    town.server.command(&["backup", from]).unwrap();
    half_sent(&mut town.phone, town.shop, &picture(600_000, 5));
    town.all_there();
    assert!(town.server.terminate().unwrap().success());
    // One bit of one picture. The file may be the data's own as well: another takes its place.
    let pictures = files_below(&backup.join("files"));
    assert_eq!(pictures.len(), 2);
    let good = std::fs::read(&pictures[0]).unwrap();
    let mut bad = good.clone();
    bad[1_000] ^= 1;
    std::fs::remove_file(&pictures[0]).unwrap();
    std::fs::write(&pictures[0], &bad).unwrap();
    refused(town.server.command(&["restore", from, "--force"]));
    town.server.restart().unwrap();
    town.all_there();
    assert!(town.server.terminate().unwrap().success());
    std::fs::write(&pictures[0], &good).unwrap();
    let full = refused(town.server.command(&["restore", from]));
    assert!(full.contains("--force"), "{full}");
    let said = town.server.command(&["restore", from, "--force"]).unwrap();
    assert!(said.contains("what was there is in"), "{said}");
    town.server.restart().unwrap();
    town.all_there();
    // The one that was half sent is begun anew.
    assert!(town.phone.sync().unwrap().complete);
    assert_eq!(town.phone.upload().unwrap().done, 1);
    town.goes_on();
    // Sealed is what was sealed.
    let part = &town.pictures[1].2[100..200];
    for path in files_below(&town.server.data().join("files")) {
        let bytes = std::fs::read(path).unwrap();
        assert!(!bytes.windows(part.len()).any(|window| window == part));
    }
}

#[test]
fn a_lost_main_db_is_made_again_from_the_journal_with_its_pictures() {
    let mut town = Pictured::new();
    let (person, _) = resident(&mut town.phone, town.shop, 5);
    assert!(town.phone.sync().unwrap().complete);
    assert!(town.server.terminate().unwrap().success());
    let data = town.server.data().to_owned();
    for name in ["main.db", "main.db-wal", "main.db-shm"] {
        let _ = std::fs::remove_file(data.join(name));
    }
    let said = town.server.command(&["rebuild"]).unwrap();
    assert!(said.contains(" 0 failed"), "{said}");
    assert!(
        !said.contains("compared"),
        "there is nothing to compare with"
    );
    town.server.restart().unwrap();
    town.all_there();
    town.goes_on();
    assert!(town.phone.book.listed(&person).is_some());
    // Inspectors' names are lost, not their phones.
    let main = Connection::open(data.join("main.db")).unwrap();
    let of_phone = "SELECT count(*) FROM device JOIN inspector i ON i.id = inspector";
    let found: i64 = main.query_row(of_phone, [], |row| row.get(0)).unwrap();
    assert_eq!(found, 1);
    drop(main);
    assert!(town.server.terminate().unwrap().success());
    std::fs::remove_file(data.join("journal.db")).unwrap();
    let none = refused(town.server.command(&["rebuild"]));
    assert!(none.contains("journal"), "{none}");
}
