//! Lists as files.

use calamine::{Data, Reader as _, Xlsx};
use serde_json::json;

use crate::console::{Answer, Desk, GRID, resident, shop};

const ID: &str = "310112199001011233";
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The rows of a CSV file, headings first.
pub(super) fn csv(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.checked(), 200, "{}", answer.json());
    assert_eq!(
        answer.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    let text = answer.bytes.strip_prefix(BOM).expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text);
    let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    reader.records().map(|read| row(read.unwrap())).collect()
}

/// Those of a workbook.
pub(super) fn xlsx(answer: &Answer) -> Vec<Vec<Data>> {
    assert_eq!(answer.checked(), 200, "{}", answer.json());
    let mut book = Xlsx::new(std::io::Cursor::new(&answer.bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(<[Data]>::to_vec).collect()
}

fn filled(name: &str) -> Desk {
    let mut desk = Desk::open(name);
    let mut wang = desk.phone(1, "王", &[GRID]);
    let eatery = shop(&mut wang, GRID, "=HYPERLINK(\"x\")", "七莘路 100 号", &[]);
    shop(&mut wang, GRID, "张姐理发", "七莘路 102 号", &[]);
    resident(&mut wang, eatery, "李小明", ID);
    desk.sync(&mut wang);
    desk
}

#[test]
fn a_file_holds_what_the_list_shows_and_stands_in_the_trace() {
    let mut desk = filled("export");
    let answer = desk.get("sup", "/exports/records.csv?kind=shop&sort=sign");
    let name = answer.header("content-disposition").unwrap();
    assert!(name.starts_with("attachment; filename=\"gridbook-records-2026"));
    let rows = csv(&answer);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0][1], "名称");
    // No spreadsheet takes a sign for a formula.
    assert!(rows[1][1].starts_with("'=HYPERLINK"), "{}", rows[1][1]);
    assert_eq!(
        (rows[2][2].as_str(), rows[2][5].as_str()),
        ("七莘路 102 号", "营业")
    );
    let english = csv(&desk.get("sup", "/exports/records.csv?lang=en&text=zjlf"));
    assert_eq!(
        (english[0][1].as_str(), english[1][5].as_str()),
        ("Title", "Open")
    );
    assert_eq!(english.len(), 2);

    let book = xlsx(&desk.get("sup", "/exports/records.xlsx?kind=shop&sort=sign"));
    assert_eq!(book.len(), 3);
    assert!(matches!(&book[1][1], Data::String(sign) if sign.starts_with("=HYPERLINK")));
    assert!(
        matches!(&book[1][11], Data::DateTime(_)),
        "{:?}",
        book[1][11]
    );

    // Numbers of people are masked, and what was searched for is not told.
    let people = desk.get(
        "clerk",
        &format!("/exports/records.csv?kind=resident&text={ID}"),
    );
    assert_eq!(csv(&people).len(), 2);
    assert!(!String::from_utf8_lossy(&people.bytes).contains(ID));
    let trace = desk.json("auditor", "/audit?act=list.export");
    assert_eq!(trace["total"], 4);
    let last = &trace["rows"][0];
    assert_eq!(last["who"], "clerk");
    let told = json!({ "list": "records", "format": "csv", "rows": 1,
                       "filters": { "kind": "resident", "text": true } });
    assert_eq!(last["object"], told);
}

#[test]
fn every_list_is_a_file_for_those_who_may_read_it_and_for_nobody_else() {
    let mut desk = filled("exports");
    let all = ["sup", "clerk", "admin", "auditor"];
    for (list, readers) in [
        ("records", &["sup", "clerk"][..]),
        ("items", &["clerk"]),
        ("cases", &["sup", "clerk"]),
        ("devices", &["sup", "admin"]),
        ("inspectors", &["sup", "admin"]),
        ("grids", &["sup", "clerk", "admin", "auditor"]),
        ("conflicts", &["sup"]),
        ("held", &["sup"]),
        ("refused", &["sup"]),
        ("duplicates", &["sup"]),
        ("accounts", &["admin"]),
        ("checks", &["sup", "clerk", "auditor"]),
        ("registrations", &["sup", "clerk"]),
        ("audit", &["auditor"]),
    ] {
        for who in all {
            let wanted = if readers.contains(&who) { 200 } else { 403 };
            for ending in ["csv", "xlsx"] {
                let answer = desk.get(who, &format!("/exports/{list}.{ending}"));
                assert_eq!(answer.checked(), wanted, "{who} {list}.{ending}");
            }
            if wanted == 200 {
                let rows = csv(&desk.get(who, &format!("/exports/{list}.csv"))).len() - 1;
                let listed = desk.json(who, &format!("/{list}"));
                // The trace grows by what is taken out of it.
                let total = usize::try_from(listed["total"].as_u64().unwrap()).unwrap();
                let grown = usize::from(list == "audit");
                assert_eq!(rows + grown, total, "{list}");
            }
        }
    }
    for nothing in ["records", "records.pdf", "areas.csv", ".csv", "a.b.csv"] {
        assert_eq!(
            desk.get("sup", &format!("/exports/{nothing}")).checked(),
            404,
            "{nothing}"
        );
    }
    for (query, status) in [
        ("state=odd", 200),
        ("nothing=1", 400),
        ("sort=odd", 422),
        ("lang=fr", 400),
    ] {
        let answer = desk.get("sup", &format!("/exports/cases.csv?{query}"));
        assert_eq!(answer.checked(), status, "{query}");
    }
}

#[test]
fn a_list_that_is_too_long_for_a_file_says_so() {
    let mut desk = Desk::open("too-long");
    desk.central
        .write(|tx| {
            tx.conn().execute_batch(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20001)
                 INSERT INTO audit (time_ms, who, act, object, area, reason)
                 SELECT i, 'sup', 'record.reveal', '{}', '310112901', '' FROM n",
            )?;
            Ok(())
        })
        .unwrap();
    let answer = desk.get("auditor", "/exports/audit.csv");
    assert_eq!(answer.problem(), "conflict");
    let fits = desk.get(
        "auditor",
        "/exports/audit.csv?act=record.reveal&until_ms=20001",
    );
    assert_eq!(csv(&fits).len(), 20_001);
}
