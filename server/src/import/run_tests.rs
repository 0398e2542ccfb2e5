use std::{fs, path::Path};

use schemas::{Author, RegisterKey, Role, Scalar, SchemaSet};
use sync_core::{
    RecordId,
    record::{Edit, View},
};

use super::*;
use crate::{clock::ManualClock, config::Config, records, review};

const MAP: &str = r#"
source = "county"
key = "id"
grid = "310112901001001"
field = [
  { to = "sign_name", column = "name" },
  { to = "door_no", column = "address", default = "unknown" },
  { to = "unit_no", column = "unit" },
  { to = "business_type", constant = "6210" },
  { to = "premises_use", constant = "commercial" },
  { to = "operating_state", constant = "open" },
  { to = "licence_match", constant = "yes" },
  { to = "lived_in", constant = false },
  { to = "licences.type", entry = "food", constant = "food" },
  { to = "licences.number", entry = "food", column = "permit" },
]
"#;

struct Scene {
    dir: std::path::PathBuf,
    desk: Desk,
}

impl Scene {
    fn new(name: &str) -> Self {
        let name = format!("gridbook-import-{name}-{}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("map.toml"), MAP).unwrap();
        let config = Config::in_folder(dir.join("data"));
        let clock = std::sync::Arc::new(ManualClock::new(1_790_000_000_000));
        let desk = Desk::open(&config, SchemaSet::builtin().unwrap(), clock).unwrap();
        Self { dir, desk }
    }

    fn import(&mut self, rows: &str, dry_run: bool) -> Report {
        let file = self.dir.join("file.csv");
        fs::write(&file, format!("id,name,address,unit,permit\n{rows}")).unwrap();
        let options = Options {
            file,
            map: self.dir.join("map.toml"),
            dry_run,
            by: by(),
        };
        let mut told = (0, 0);
        let report = run(&mut self.desk, &options, &mut |done, of| told = (done, of)).unwrap();
        assert_eq!(told.0, told.1);
        report
    }

    fn shown(&mut self, key: &str, field: &str) -> String {
        let id = RecordId::derived("county", key);
        let core = self.desk.core().clone();
        let found = self.desk.read(|conn| records::find(conn, core.keys(), &id));
        let view = View::of(&found.unwrap().unwrap().registers);
        let field = view.field(&RegisterKey::parse(field).unwrap());
        let text = field.and_then(|field| field.shown().as_text());
        text.unwrap_or_default().to_owned()
    }

    /// Somebody at the console edits it.
    fn edit(&mut self, key: &str, field: &str, text: &str) {
        let id = RecordId::derived("county", key);
        let edit = Edit::Set {
            key: RegisterKey::parse(field).unwrap(),
            value: Scalar::text(text),
        };
        let author = Author::new(Role::Supervisor);
        self.desk
            .write(|tx| review::office_edit(tx, id, &[edit], &author, &by()))
            .unwrap();
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(Path::new(&self.dir));
    }
}

fn by() -> By {
    By {
        person: "test".to_owned(),
        reason: String::new(),
    }
}

fn counts(report: &Report) -> [u64; 5] {
    [
        report.new,
        report.changed,
        report.unchanged,
        report.kept,
        report.conflicts,
    ]
}

#[test]
fn twice_changes_nothing_and_a_newer_file_never_overwrites_a_person() {
    let mut scene = Scene::new("merge");
    let first = "1,面馆,一路 1 号,,F-1\n2,书店,一路 2 号,A,\n3,理发店,,,\n";
    assert_eq!(counts(&scene.import(first, true)), [3, 0, 0, 0, 0]);
    assert_eq!(counts(&scene.import(first, false)), [3, 0, 0, 0, 0]);
    for dry_run in [true, false] {
        assert_eq!(counts(&scene.import(first, dry_run)), [0, 0, 3, 0, 0]);
    }
    assert_eq!(scene.shown("3", "door_no"), "unknown");

    scene.edit("1", "sign_name", "老王面馆");
    scene.edit("2", "sign_name", "旧书店");
    let newer = "1,面馆,一路 1 号甲,,F-2\n2,新书店,一路 2 号,A,\n";
    let report = scene.import(newer, false);
    assert_eq!(counts(&report), [0, 1, 1, 1, 1]);
    assert_eq!(report.vanished, 1, "shop 3 is no longer in the file");
    assert_eq!(scene.shown("1", "sign_name"), "老王面馆");
    assert_eq!(scene.shown("1", "door_no"), "一路 1 号甲");
    assert_eq!(scene.shown("2", "sign_name"), "旧书店");
    let lines: Vec<String> = report.lines.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "row 2: sign_name: kept: changed here, not in the file".to_owned(),
            "row 3: sign_name: conflict: changed here and in the file, kept as here".to_owned(),
            format!(
                "{}: no longer in the file: left as it is",
                RecordId::derived("county", "3")
            ),
        ]
    );
    assert_eq!(counts(&scene.import(newer, false)), [0, 0, 2, 2, 0]);
}

#[test]
fn what_an_import_said_can_be_done_again_from_the_journal() {
    let mut scene = Scene::new("again");
    scene.import("1,面馆,一路 1 号,,F-1\n", false);
    let acts: Vec<String> = scene
        .desk
        .read(|conn| {
            let mut select = conn.prepare("SELECT payload FROM outgoing ORDER BY id")?;
            let rows = select.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            let payloads = rows.map(|row| minicbor::decode(&row.unwrap()).unwrap());
            Ok(payloads
                .filter_map(|payload| match payload {
                    sync_core::bundle::JournalPayload::Act { act, object, .. } => {
                        (act == super::super::ACT).then_some(object)
                    }
                    _ => None,
                })
                .collect())
        })
        .unwrap();
    assert_eq!(acts.len(), 1);
    let id = RecordId::derived("county", "1");
    let said = scene.desk.read(|conn| base::load(conn, "county", &id));
    let said = said.unwrap();
    scene
        .desk
        .write(|tx| {
            tx.conn().execute("DELETE FROM import_base", [])?;
            super::super::replay(tx.conn(), &acts[0])
        })
        .unwrap();
    let again = scene.desk.read(|conn| base::load(conn, "county", &id));
    assert_eq!(again.unwrap(), said);
}
