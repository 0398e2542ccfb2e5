//! `gridbook import`, the program itself, beside a running server and with a phone in the field.
#![cfg(test)]

use std::path::PathBuf;

use gridbook_tests::{
    server::{HttpPhone, Options, Server, ServerError},
    street,
    world::Storage,
};
use rust_xlsxwriter::Workbook;
use schemas::RegisterKey;
use sync_core::RecordId;

const GRID: &str = street::GRIDS[0];
const HEADER: &str = "No,Name,Address,Permit\n";

struct Scene {
    server: Server,
    map: PathBuf,
}

impl Scene {
    fn new() -> Self {
        let server = Server::start(Options::default()).unwrap();
        let map = server.folder().join("map.toml");
        let text = format!(
            r#"
            source = "register"
            key = "No"
            grid = "{GRID}"
            field = [
              {{ to = "sign_name", column = "Name" }},
              {{ to = "door_no", column = "Address" }},
              {{ to = "business_type", constant = "6210" }},
              {{ to = "premises_use", constant = "commercial" }},
              {{ to = "operating_state", constant = "open" }},
              {{ to = "licence_match", constant = "yes" }},
              {{ to = "lived_in", constant = false }},
              {{ to = "licences.type", entry = "food", constant = "food" }},
              {{ to = "licences.number", entry = "food", column = "Permit" }},
            ]
            "#
        );
        std::fs::write(&map, text).unwrap();
        Self { server, map }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.server.folder().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// What the program printed, or what it said on standard error if it did not end well.
    fn import(&self, file: &std::path::Path, more: &[&str]) -> Result<String, String> {
        let (file, map) = (file.to_string_lossy(), self.map.to_string_lossy());
        let mut arguments = vec!["import", &*file, "--map", &*map];
        arguments.extend(more);
        self.server
            .command(&arguments)
            .map_err(|error| match error {
                ServerError::Command(said) => said,
                other => panic!("{other}"),
            })
    }

    fn csv(&self, rows: &str, more: &[&str]) -> Result<String, String> {
        let file = self.file("shops.csv", format!("{HEADER}{rows}"));
        self.import(&file, more)
    }
}

fn count(report: &str, name: &str) -> u64 {
    let line = report.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("no {name}: {report}"))
        .trim()
        .parse()
        .unwrap()
}

fn shown(phone: &HttpPhone, key: &str, field: &str) -> String {
    let id = RecordId::derived("register", key);
    let view = phone.book.get(&id).unwrap().view;
    let field = view.field(&RegisterKey::parse(field).unwrap());
    let text = field.and_then(|field| field.shown().as_text());
    text.unwrap_or_default().to_owned()
}

#[test]
fn an_import_reaches_phones_and_a_newer_one_leaves_what_an_inspector_changed() {
    let scene = Scene::new();
    let mut wang = scene
        .server
        .enrolled("1001", &[GRID], Storage::Memory, 1)
        .unwrap();
    wang.sync().unwrap();
    let first = "1,面馆,一路 1 号,F-1\n2,书店,一路 2 号,\n";
    let dry = scene.csv(first, &["--dry-run"]).unwrap();
    assert!(dry.starts_with("dry run"), "{dry}");
    assert_eq!(count(&dry, "new "), 2);
    wang.sync().unwrap();
    let id = RecordId::derived("register", "1");
    assert!(wang.book.listed(&id).is_none(), "a dry run changes nothing");

    assert_eq!(count(&scene.csv(first, &[]).unwrap(), "new "), 2);
    assert_eq!(count(&scene.csv(first, &[]).unwrap(), "unchanged "), 2);
    assert!(wang.sync().unwrap().complete);
    assert_eq!(shown(&wang, "1", "sign_name"), "面馆");

    let edit = street::text("sign_name", "老王面馆").unwrap();
    wang.book.edit(&id, &[edit]).unwrap();
    assert!(wang.sync().unwrap().complete);
    let newer = "1,新面馆,一路 1 号甲,F-1\n3,药店,一路 3 号,\n";
    let report = scene.csv(newer, &[]).unwrap();
    assert_eq!(count(&report, "new "), 1);
    assert_eq!(count(&report, "changed "), 1);
    assert_eq!(count(&report, "fields in conflict, kept "), 1);
    assert_eq!(count(&report, "no longer in the file "), 1);
    assert!(report.contains("row 2: sign_name: conflict"), "{report}");
    assert!(wang.sync().unwrap().complete);
    assert_eq!(shown(&wang, "1", "sign_name"), "老王面馆");
    assert_eq!(shown(&wang, "1", "door_no"), "一路 1 号甲");
    assert_eq!(shown(&wang, "2", "sign_name"), "书店", "it is not deleted");
    assert_eq!(shown(&wang, "3", "sign_name"), "药店");
}

#[test]
fn a_workbook_does_as_well_and_bad_rows_are_named_in_a_file() {
    let scene = Scene::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in [
        ["No", "Name", "Address", "Permit"],
        ["1", "面馆", "一路 1 号", ""],
        ["2", "", "一路 2 号", ""],
        ["1", "又一家", "一路 3 号", ""],
    ]
    .iter()
    .enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            let (row, column) = (u32::try_from(row), u16::try_from(column));
            sheet
                .write_string(row.unwrap(), column.unwrap(), *cell)
                .unwrap();
        }
    }
    let file = scene.file("shops.xlsx", book.save_to_buffer().unwrap());
    let look = scene.server.folder().join("look.csv");
    let said = scene.import(&file, &["--report", &look.to_string_lossy()]);
    assert!(said.unwrap_err().contains("2 rows were left out"));
    let look = std::fs::read_to_string(look).unwrap();
    let expected = "row,at,what\n\
         3,Name,\"rejected: empty, and the field is required\"\n\
         4,No,rejected: the same key as in a row above\n";
    assert_eq!(look, expected);
    // The good row went on.
    let good = scene.csv("1,面馆,一路 1 号,\n", &[]).unwrap();
    assert_eq!(count(&good, "unchanged "), 1);
}

#[test]
fn a_file_or_map_that_cannot_be_used_is_said_plainly() {
    let scene = Scene::new();
    let gbk = scene.file(
        "gbk.csv",
        b"No,Name,Address,Permit\n1,\xC3\xE6\xB9\xDD,x,\n",
    );
    let said = scene.import(&gbk, &[]).unwrap_err();
    assert!(
        said.contains("not UTF-8") && said.contains("line 2"),
        "{said}"
    );
    let short = scene.file("short.csv", "No,Name\n1,x\n");
    let said = scene.import(&short, &[]).unwrap_err();
    assert!(said.contains("no column \"Address\""), "{said}");
    let book = scene.file("broken.xlsx", "not a workbook");
    assert!(scene.import(&book, &[]).is_err());
    let other = scene.file("shops.pdf", "x");
    let said = scene.import(&other, &[]).unwrap_err();
    assert!(said.contains("neither .csv nor .xlsx"), "{said}");
    std::fs::write(&scene.map, "source = \"x\"\nkey = \"No\"\ngrid = \"1\"\n").unwrap();
    let said = scene.csv("", &[]).unwrap_err();
    assert!(said.contains("column map: grid: no such grid"), "{said}");
}
