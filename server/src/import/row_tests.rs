use super::*;

const MAP: &str = r#"
source = "county"
key = "premises_id"

[grid]
column = "city"
codes = { "Belmont" = "310112901001001", "menlo  park" = "310112901001002" }

[[field]]
to = "sign_name"
column = "name"

[[field]]
to = "door_no"
column = ["address", "unit"]
join = ", "

[[field]]
to = "location"
lat = "lat"
lon = "lon"
shift = [-6.4, 243.7]

[[field]]
to = "business_type"
column = "trade"
codes = { "Restaurant" = "6210", "Grocery" = "5212" }
other = "6299"
default = "6299"

[[field]]
to = "licences.type"
entry = "food"
constant = "food"

[[field]]
to = "licences.number"
entry = "food"
column = "permit"

[[field]]
to = "lived_in"
constant = false
"#;

const HEADER: &str = "premises_id,name,address,unit,city,lat,lon,trade,permit\n";

fn schemas() -> SchemaSet {
    SchemaSet::builtin().unwrap()
}

fn rows(lines: &str) -> Rows {
    let schemas = schemas();
    let map = Map::parse(MAP, &schemas).unwrap();
    let table = Table::from_csv(format!("{HEADER}{lines}").as_bytes(), b',').unwrap();
    read_rows(&table, &map, &schemas)
}

fn text(wanted: &Wanted, key: &str) -> String {
    let value = &wanted.values[&RegisterKey::parse(key).unwrap()];
    value.as_text().unwrap_or_default().to_owned()
}

fn faults(rows: &Rows) -> Vec<(u64, &str, Reason)> {
    let faults = rows.rejected.iter();
    faults
        .map(|fault| (fault.row, fault.column.as_str(), fault.reason))
        .collect()
}

#[test]
fn mixed_case_and_double_blanks_are_taken_as_they_are_meant() {
    let rows = rows(
        "PR1,McDonalds,522 EL CAMINO REAL,,Belmont,37.52,-122.28,RESTAURANT,F-1\n\
         PR2,DASHI  JAPANESE,873 Hamilton Ave,B,MENLO PARK,37.47,-122.15,sushi bar,\n",
    );
    assert_eq!(faults(&rows), []);
    let [first, second] = &rows.wanted[..] else {
        panic!("two rows")
    };
    assert_eq!(first.id, RecordId::derived("county", "PR1"));
    assert_eq!(text(first, "door_no"), "522 EL CAMINO REAL");
    assert_eq!(text(first, "business_type"), "6210");
    assert_eq!(second.grid, "310112901001002");
    assert_eq!(text(second, "sign_name"), "DASHI JAPANESE");
    assert_eq!(text(second, "door_no"), "873 Hamilton Ave, B");
    assert_eq!(text(second, "business_type"), "6299", "any other word");
    // What this map does not fill keeps new records from being made, and says so.
    assert_eq!(
        first.lacks,
        ["premises_use", "operating_state", "licence_match"]
    );
}

#[test]
fn every_fault_has_its_row_and_column_and_the_other_rows_go_on() {
    let rows = rows(
        "PR1,Safeway 0304,,,Belmont,37.6,-122.4,Grocery,\n\
         ,No Key,1 A St,,Belmont,37.6,-122.4,,\n\
         PR3,Elsewhere,1 A St,,Daly City,37.6,-122.4,,\n\
         PR4,Half,1 A St,,Belmont,37.6,,,\n\
         PR5,Good,1 A St,,Belmont,,,,\n\
         PR5,Good again,1 A St,,Belmont,,,,\n\
         PR6,Far,1 A St,,Belmont,37.6,-12.4,,\n\
         PR7,Short,1 A St\n",
    );
    assert_eq!(
        faults(&rows),
        [
            (2, "address + unit", Reason::Required),
            (3, "premises_id", Reason::NoKey),
            (4, "city", Reason::NoGrid),
            (5, "lat + lon", Reason::HalfAPoint),
            (7, "premises_id", Reason::Twice),
            (
                8,
                "lat + lon",
                Reason::Value(schemas::ValueError::PointOutOfBounds)
            ),
            (9, "", Reason::Cells),
        ]
    );
    assert_eq!(rows.wanted.len(), 1);
    assert!(
        rows.named.contains(&RecordId::derived("county", "PR1")),
        "a row that is wrong in something still names its record"
    );
}

#[test]
fn a_lenient_field_costs_its_value_and_not_the_row() {
    let schemas = schemas();
    let map = MAP.replace("lon = \"lon\"\n", "lon = \"lon\"\nlenient = true\n");
    let map = Map::parse(&map, &schemas).unwrap();
    let file = format!("{HEADER}PR1,A,1 A St,,Belmont,0,0,,\nPR2,B,2 A St,,Belmont,,,,\n");
    let table = Table::from_csv(file.as_bytes(), b',').unwrap();
    let rows = read_rows(&table, &map, &schemas);
    let location = RegisterKey::parse("location").unwrap();
    let [first, second] = &rows.wanted[..] else {
        panic!("two rows")
    };
    assert!(
        !first.values.contains_key(&location),
        "the file says nothing"
    );
    assert_eq!(
        second.values[&location],
        Scalar::Null,
        "the file says: empty"
    );
    let passed_over = rows.passed_over.iter();
    let places: Vec<_> = passed_over
        .map(|fault| (fault.row, &*fault.column))
        .collect();
    assert_eq!(places, [(2, "lat + lon")]);
}

#[test]
fn an_entry_has_one_id_for_ever_and_none_where_the_file_has_nothing() {
    let rows = rows(
        "PR1,A,1 A St,,Belmont,,,,F-1\n\
         PR2,B,2 A St,,Belmont,,,,\n",
    );
    let entry = |wanted: &Wanted| {
        let mut keys = wanted.values.keys().filter_map(|key| key.entry());
        keys.next().map(|(_, id)| id)
    };
    let [first, second] = &rows.wanted[..] else {
        panic!("two rows")
    };
    assert!(entry(first).is_some());
    let filled = |wanted: &Wanted| {
        let of_entry = wanted
            .values
            .iter()
            .filter(|(key, _)| key.entry().is_some());
        of_entry.filter(|(_, value)| !value.is_null()).count()
    };
    assert_eq!((filled(first), filled(second)), (2, 0));
    assert_ne!(entry(first), entry(second));
    assert_eq!(
        entry(first),
        entry(&self::rows("PR1,A,1,,Belmont,,,,\n").wanted[0])
    );
}

#[test]
fn a_map_that_cannot_be_used_says_where() {
    let schemas = schemas();
    let wrong = |from: &str, to: &str| {
        let map = MAP.replace(from, to);
        assert_ne!(map, MAP, "{from}");
        Map::parse(&map, &schemas).unwrap_err().to_string()
    };
    for (from, to, says) in [
        ("source = \"county\"", "source = \" \"", "source: empty"),
        ("column = \"name\"", "columm = \"name\"", "columm"),
        (
            "to = \"sign_name\"",
            "to = \"sign\"",
            "sign: the kind has no such field",
        ),
        (
            "to = \"sign_name\"",
            "to = \"door_no\"",
            "door_no: filled twice",
        ),
        ("310112901001002", "310112901009009", "grid.codes: no grid"),
        ("\"6210\"", "\"62100\"", "business_type: 62100"),
        ("entry = \"food\"\nconstant", "constant", "licences.type"),
        (
            "constant = false",
            "constant = \"perhaps\"",
            "lived_in: perhaps",
        ),
        ("lon = \"lon\"\n", "", "location"),
        (
            "column = \"name\"",
            "column = \"name\"\nlenient = true",
            "sign_name: a required field is not lenient",
        ),
        (
            "source =",
            "kind = \"resident\"\nsource =",
            "kind: personal",
        ),
        ("source =", "kind = \"nothing\"\nsource =", "kind: no such"),
    ] {
        let error = wrong(from, to);
        assert!(error.contains(says), "{says}: {error}");
    }
}

#[test]
fn a_column_that_the_file_lacks_or_has_twice_stops_everything() {
    let schemas = schemas();
    let map = Map::parse(MAP, &schemas).unwrap();
    let dir = std::env::temp_dir();
    for (header, says) in [
        (HEADER.replace("trade", "line"), "no column \"trade\""),
        (
            HEADER.replace("permit", "name"),
            "more than one column \"name\"",
        ),
    ] {
        let path = dir.join(format!("gridbook-columns-{}.csv", std::process::id()));
        std::fs::write(&path, header).unwrap();
        let error = Table::read(&path, &map).unwrap_err().to_string();
        std::fs::remove_file(&path).unwrap();
        assert!(error.contains(says), "{error}");
    }
}
