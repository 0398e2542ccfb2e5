//! Lists that no table holds: made in memory, sorted, and given page by page.

use super::{
    order::{Ask, Cursor, Mark, Sort},
    page::Page,
};
use crate::error::Result;

/// A row with what it is sorted by and what tells it from others of the same key.
pub(crate) struct Made<T> {
    pub(crate) key: Mark,
    pub(crate) id: Mark,
    pub(crate) row: T,
}

/// A page of all these rows, with their number on the first one.
pub(crate) fn page<T>(mut rows: Vec<Made<T>>, sort: &Sort, ask: &Ask) -> Result<Page<T>> {
    let after = Cursor::read(ask.after.as_deref(), sort)?;
    let counted = match after {
        None => u64::try_from(rows.len()).ok(),
        Some(_) => None,
    };
    rows.sort_by(|one, other| {
        let order = (&one.key, &one.id).cmp(&(&other.key, &other.id));
        if sort.down { order.reverse() } else { order }
    });
    let behind = |row: &Made<T>| {
        after.as_ref().is_none_or(|Cursor(_, key, id)| {
            let (here, there) = ((&row.key, &row.id), (key, id));
            if sort.down {
                here < there
            } else {
                here > there
            }
        })
    };
    let rest = rows.into_iter().filter(behind);
    let rows = rest.take(ask.limit + 1).collect();
    let end = |row: &Made<T>| Cursor(sort.name(), row.key.clone(), row.id.clone());
    let page = Page::of(rows, ask.limit, end)?.counted(counted);
    page.with(|made| Ok(Some(made.row)))
}

#[cfg(test)]
mod tests {
    use super::super::{Key, Order};
    use super::*;

    const ORDER: Order = Order {
        keys: &[Key::made("size"), Key::made("name")],
        id: "",
        down: false,
    };

    fn rows(by: &str) -> Vec<Made<i64>> {
        let sizes = [3, 1, 2, 1, 3];
        let made = |(at, size): (usize, i64)| Made {
            key: match by {
                "size" => Mark::Int(size),
                _ => Mark::Text(format!("name {size}")),
            },
            id: Mark::Int(i64::try_from(at).unwrap()),
            row: size,
        };
        sizes.into_iter().enumerate().map(made).collect()
    }

    #[test]
    fn every_row_comes_once_in_both_directions_and_is_counted_once() {
        for (asked, wanted) in [
            ("size", [1, 1, 2, 3, 3]),
            ("-size", [3, 3, 2, 1, 1]),
            ("-name", [3, 3, 2, 1, 1]),
        ] {
            let sort = ORDER.sort(Some(asked)).unwrap();
            let mut ask = Ask::of(Some(2), None, None).unwrap();
            let (mut seen, mut totals) = (Vec::new(), Vec::new());
            loop {
                let read = page(rows(sort.key.name), &sort, &ask).unwrap();
                totals.push(read.total);
                seen.extend(read.rows);
                ask.after = read.next;
                if ask.after.is_none() {
                    break;
                }
            }
            assert_eq!(seen, wanted, "{asked}");
            assert_eq!(totals, [Some(5), None, None], "{asked}");
        }
    }
}
