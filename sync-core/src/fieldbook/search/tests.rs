use proptest::prelude::*;

use super::*;

fn id(n: u8) -> RecordId {
    RecordId([n; 16])
}

fn index(records: &[&[&str]]) -> Index {
    let mut index = Index::new();
    for (n, fields) in (0..).zip(records) {
        index.upsert(id(n), "shop", fields);
    }
    index
}

/// The numbers of the records found, in order.
fn find(index: &Index, query: &str) -> Vec<u8> {
    index
        .find(query, MAX_PAGE, |_, _| true)
        .iter()
        .map(|hit| hit.record.0[0])
        .collect()
}

#[test]
fn one_character_is_enough_to_find_a_shop() {
    let index = index(&[&["兰州拉面", "南京东路12号"], &["理发店", "西藏中路5号"]]);
    assert_eq!(find(&index, "面"), [0]);
    assert_eq!(find(&index, "路"), [0, 1]);
    assert_eq!(find(&index, "理发"), [1]);
    assert_eq!(find(&index, "州面"), [0; 0], "not contiguous");
}

#[test]
fn rare_characters_of_names_are_found() {
    let index = index(&[&["䶮记"], &["𠮷野家"], &["王\u{E863}"]]);
    assert_eq!(find(&index, "䶮"), [0]);
    assert_eq!(find(&index, "𠮷野"), [1]);
    assert_eq!(find(&index, "\u{E863}"), [2]);
}

#[test]
fn width_case_space_and_marks_make_no_difference() {
    let index = index(&[
        &["Ａ＆Ｗ  Café", "12-3号（甲）"],
        &["阿不都·热合曼", "021 6123-4567"],
    ]);
    for query in ["a&w café", "AW", "１２－３号", "12-3 号", "甲", "号(甲)"] {
        assert_eq!(find(&index, query), [0], "{query}");
    }
    for query in ["阿不都热合曼", "阿不都•热合曼", "02161234567", "021-6123"] {
        assert_eq!(find(&index, query), [1], "{query}");
    }
}

#[test]
fn numerals_and_forms_of_a_character_are_left_alone() {
    assert_eq!(fold("十二号〇甲乙々張张"), "十二号〇甲乙々張张");
    assert_eq!(fold(" ＡＢｃ\u{3000}１－２\t、。·『』\u{200B}X "), "abc12x");
}

#[test]
fn pinyin_initials_find_a_name_in_either_reading() {
    let index = index(&[&["张记小馆"], &["长乐美发"], &["重庆火锅", "123弄5号"]]);
    assert_eq!(find(&index, "zjxg"), [0]);
    assert_eq!(find(&index, "JX"), [0]);
    for query in ["clmf", "zlmf", "cymf", "zymf", "mf"] {
        assert_eq!(find(&index, query), [1], "{query}");
    }
    assert_eq!(find(&index, "cqhg"), [2]);
    assert_eq!(find(&index, "123l5h"), [2], "弄 is read long in Shanghai");
}

#[test]
fn every_word_of_a_query_must_match_in_any_field_and_order() {
    let index = index(&[&["张记小馆", "南京东路12号"], &["张记理发", "西藏路12号"]]);
    assert_eq!(find(&index, "南京 张记"), [0]);
    assert_eq!(find(&index, "张记 12号"), [0, 1]);
    assert_eq!(find(&index, "xg 南京"), [0]);
    assert_eq!(find(&index, "张记 北京"), [0; 0]);
}

#[test]
fn a_whole_field_comes_before_its_beginning_its_middle_and_its_initials() {
    let index = index(&[
        &["中介记"],
        &["老zjj"],
        &["zjj超市"],
        &["zjj"],
        &["面", "zjj"],
    ]);
    let hits = index.find("zjj", 10, |_, _| true);
    let order: Vec<_> = hits
        .iter()
        .map(|hit| (hit.record.0[0], hit.matched, hit.field))
        .collect();
    let expected = [
        (3, Match::Exact, 0),
        (4, Match::Exact, 1),
        (2, Match::Prefix, 0),
        (1, Match::Substring, 0),
        (0, Match::Initials, 0),
    ];
    assert_eq!(order, expected);
}

#[test]
fn words_that_make_up_a_field_together_count_as_the_whole_field() {
    let index = index(&[&["南京东路12号甲"], &["南京东路12号"]]);
    assert_eq!(find(&index, "南京东路 12号"), [1, 0]);
}

#[test]
fn a_query_without_anything_to_look_for_finds_nothing() {
    let index = index(&[&["面", ""]]);
    for query in ["", " \u{3000}", "-·、", "\n"] {
        assert_eq!(find(&index, query), [0; 0]);
    }
}

#[test]
fn only_what_is_kept_counts_towards_the_limit() {
    let mut index = Index::new();
    for n in 0..100 {
        index.upsert(id(n), if n % 2 == 0 { "shop" } else { "party" }, &["面馆"]);
    }
    let hits = index.find("面", 3, |_, kind| kind == "party");
    assert_eq!(
        hits.iter().map(|hit| hit.record.0[0]).collect::<Vec<_>>(),
        [1, 3, 5]
    );
    assert_eq!(index.find("面", 0, |_, _| true), []);
    assert_eq!(
        (index.kind(&id(1)), index.kind(&id(100))),
        (Some("party"), None)
    );
}

#[test]
fn no_more_than_a_page_is_found() {
    let mut index = Index::new();
    for n in 0..=MAX_PAGE {
        index.upsert(RecordId::derived("page", &n.to_string()), "shop", &["面"]);
    }
    assert_eq!(index.find("面", usize::MAX, |_, _| true).len(), MAX_PAGE);
}

#[test]
fn a_changed_record_is_found_by_its_new_text_only() {
    let mut index = index(&[&["面馆"], &["发廊"]]);
    index.upsert(id(0), "shop", &["酒吧"]);
    assert_eq!(find(&index, "面馆"), [0; 0]);
    assert_eq!(find(&index, "酒吧"), [0]);
    assert!(index.remove(&id(1)) && !index.remove(&id(1)));
    assert_eq!(find(&index, "发廊"), [0; 0]);
    assert_eq!(index.len(), 1);
}

#[test]
fn an_upsert_without_a_difference_moves_nothing() {
    let mut index = index(&[&["面馆"]]);
    index.upsert(id(0), "shop", &["面 馆"]);
    assert_eq!((index.slots.len(), index.wasted), (1, 0));
    index.upsert(id(0), "task", &["面馆"]);
    assert_eq!(index.kind(&id(0)), Some("task"));
}

#[test]
fn waste_stays_bounded_through_any_number_of_changes() {
    let mut index = Index::new();
    for round in 0..2_000_u32 {
        for n in 0..4 {
            index.upsert(id(n), "shop", &["永和豆浆", &round.to_string()]);
        }
    }
    assert!(index.memory_bytes() < 64 * 1024, "{}", index.memory_bytes());
    assert_eq!(find(&index, "1999"), [0, 1, 2, 3]);
    assert_eq!(find(&index, "1998"), [0; 0]);
}

#[test]
fn removed_and_cleared_text_is_overwritten() {
    let mut index = index(&[&["张三"], &["李四"]]);
    index.remove(&id(0));
    let everything = index.texts.get(0..index.texts.len());
    assert!(
        !everything
            .windows(6)
            .any(|bytes| bytes == "张三".as_bytes())
    );
    index.clear();
    assert!(index.is_empty() && index.memory_bytes() == 0);
    index.upsert(id(2), "shop", &["王五"]);
    assert_eq!(find(&index, "王五"), [2]);
}

#[test]
fn fields_past_the_limits_are_left_out() {
    let long = format!("{}尾", "面".repeat(MAX_FIELD_CHARS));
    let many = ["面"; MAX_FIELDS]
        .into_iter()
        .chain(["末"])
        .collect::<Vec<_>>();
    let index = index(&[&[&long], &many]);
    assert_eq!(find(&index, "面"), [1, 0]);
    assert_eq!(find(&index, "尾"), [0; 0]);
    assert_eq!(find(&index, "末"), [0; 0]);
}

/// What the index must say, found out the slow way.
fn naive(records: &HashMap<RecordId, Vec<String>>, query: &str, limit: usize) -> Vec<Hit> {
    let words: Vec<_> = query
        .split_whitespace()
        .map(fold)
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return Vec::new();
    }
    let one = |fields: &[String], word: &str| {
        let score = |(at, field): (usize, &String)| {
            let field = fold(field);
            let matched = if field == word {
                Match::Exact
            } else if field.starts_with(word) {
                Match::Prefix
            } else if field.contains(word) {
                Match::Substring
            } else {
                let found = readings(&field)
                    .iter()
                    .any(|reading| reading.contains(word));
                return found.then_some((Match::Initials, at));
            };
            Some((matched, at))
        };
        fields.iter().enumerate().filter_map(score).min()
    };
    let mut hits: Vec<_> = records
        .iter()
        .filter_map(|(record, fields)| {
            let scores: Option<Vec<_>> = words.iter().map(|word| one(fields, word)).collect();
            let worst = scores?.into_iter().max()?;
            let (matched, field) =
                one(fields, &words.concat()).map_or(worst, |together| together.min(worst));
            Some(Hit {
                record: *record,
                matched,
                field,
            })
        })
        .collect();
    hits.sort_by_key(|hit| (hit.matched, hit.field, hit.record));
    hits.truncate(limit);
    hits
}

/// Few characters, so that queries hit: ambiguous ones, Latin, full-width, marks, beyond the BMP.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let chars = prop::sample::select(
        "长行张记店aAzjＺ1２-·  𠮷\u{E863}\n\t"
            .chars()
            .collect::<Vec<_>>(),
    );
    prop::collection::vec(chars, 0..longest).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn find_says_what_a_naive_scan_says(
        steps in prop::collection::vec(
            (0..12_u8, any::<bool>(), prop::collection::vec(text(8), 0..4)), 0..60),
        queries in prop::collection::vec(text(5), 1..12),
        limit in 1..8_usize,
    ) {
        let mut index = Index::new();
        let mut records = HashMap::new();
        for (n, remove, fields) in steps {
            if remove {
                prop_assert_eq!(index.remove(&id(n)), records.remove(&id(n)).is_some());
            } else {
                let borrowed: Vec<_> = fields.iter().map(String::as_str).collect();
                index.upsert(id(n), "shop", &borrowed);
                records.insert(id(n), fields);
            }
        }
        prop_assert_eq!(index.len(), records.len());
        for query in queries {
            let found = index.find(&query, limit, |_, _| true);
            prop_assert_eq!(found, naive(&records, &query, limit), "{:?}", query);
        }
    }
}
