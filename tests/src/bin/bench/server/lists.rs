//! A page of an office's inbox with ten thousand open items: what the server does before its first
//! rows go out, titles of sealed records and the counts included.

use gridbook_server::{
    cases::{ItemFilter, items},
    identity::Principal,
    lists::{Ask, DueFilter},
    records::detail::Reader,
};
use gridbook_tests::central::Central;
use schemas::access::Role;

use super::load::{central, load, send};
use crate::{
    Result, Setting,
    measure::time,
    table::{Figure, Row},
};

/// Items that are open.
const OPEN: usize = 10_000;
/// The office whose inbox it is.
const OFFICE: &str = "population-office";
/// First rows have to be there within so many seconds.
const TARGET: f64 = 0.3;
/// Pages read for a figure.
const PAGES: usize = 40;

pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let mut central = central(&setting.folder, "lists")?;
    // 2,000 records, of which a fifth are people and a tenth findings.
    let (requests, _) = load(&mut central, setting.seed, 8, 250, 1)?;
    send(&central, &requests, 8)?;
    central.settle();
    fill(&central)?;
    let mut rows = Vec::new();
    for (name, filter, sort) in [
        (
            "in the order in which they came in",
            ItemFilter::default(),
            None,
        ),
        ("by due time", ItemFilter::default(), Some("due")),
        (
            "due soon, the last first",
            ItemFilter {
                due: Some(DueFilter::Soon),
                ..ItemFilter::default()
            },
            Some("-due"),
        ),
    ] {
        let ask = Ask {
            limit: 50,
            sort: sort.map(str::to_owned),
            after: None,
        };
        let times = time(PAGES, 1, || page(&central, &filter, &ask))?;
        rows.push(
            Row::time(format!("{OPEN} open items, first page {name}"), &times)
                .target(Figure::Seconds(TARGET)),
        );
    }
    central.stop();
    Ok(rows)
}

/// Items of the office about the records that there are, in turn; each due at another time.
fn fill(central: &Central) -> Result<()> {
    central.write(|tx| {
        tx.conn().execute(
            "WITH RECURSIVE number (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < ?1),
                  known AS (SELECT id, kind, grid, row_number() OVER (ORDER BY id) - 1 AS at,
                                   count(*) OVER () AS whole
                            FROM record WHERE kind IN ('resident', 'shop'))
             INSERT INTO item (rule, record, cause, kind, grid, office, how, form, device,
                               created_ms, state)
             SELECT 'benchmark', known.id, randomblob(32), known.kind, known.grid, ?2, 'at_once',
                    'item', zeroblob(6), ?3 - i * 60000, 'open'
             FROM number JOIN known ON known.at = number.i % known.whole",
            rusqlite::params![i64::try_from(OPEN).unwrap_or(i64::MAX), OFFICE, tx.now_ms()],
        )?;
        tx.conn().execute(
            "INSERT INTO item_ref (item, uid, shop, due_ms, due_state)
             SELECT id, randomblob(16), (SELECT follows FROM record WHERE record.id = item.record),
                    created_ms + 86400000 * (id % 20), 'running'
             FROM item WHERE rule = 'benchmark'",
            [],
        )?;
        Ok(())
    })?;
    Ok(())
}

fn page(central: &Central, filter: &ItemFilter, ask: &Ask) -> Result<usize> {
    let core = central.app.core().clone();
    let (filter, ask) = (filter.clone(), ask.clone());
    let read = central.read(move |conn| {
        let schemas = core.schemas();
        let who = Principal {
            account: 1,
            login: "clerk".to_owned(),
            name: "经办".to_owned(),
            role: Role::OfficeClerk,
            office: Some(OFFICE.to_owned()),
            areas: vec!["310112".to_owned()],
        };
        let reader = Reader {
            conn,
            core: &core,
            schemas: &schemas,
            who: &who,
        };
        let (page, _) = items(&reader, &filter, &ask)?;
        Ok(page.rows.len())
    })?;
    if read < 50 {
        return Err("the inbox is not full".into());
    }
    Ok(read)
}
