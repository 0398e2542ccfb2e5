//! Shops that may be one and the same: a party with the same credit code, or the same door and a
//! similar name. Suggestions only; a person merges.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params_from_iter;
use serde::{Deserialize, Serialize};
use sync_core::{RecordId, fieldbook::search::fold, record::View};
use utoipa::{IntoParams, ToSchema};

use super::{
    detail::Reader,
    query::{self, RecordRow},
};
use crate::{
    error::{Error, Result},
    lists::{Ask, Key, Made, Mark, Order, Page, Where, page_of},
};

/// Shops at doors with more than one that are compared at most.
const COMPARED: usize = 20_000;
/// Shops at one door that are compared with each other at most: a market hall has hundreds.
const AT_DOOR: usize = 24;
/// How alike two names are from which a pair is suggested.
const ALIKE: f64 = 0.5;

/// Why a pair is suggested, the stronger cause first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DuplicateCause)]
pub enum Why {
    /// A party with the same credit code.
    CreditCode,
    /// The same door and a similar name.
    DoorAndName,
}

impl Why {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreditCode => "credit_code",
            Self::DoorAndName => "door_and_name",
        }
    }
}

/// Two shops that may be one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Pair {
    /// Why.
    pub why: Why,
    /// How alike the names are, 0 to 1.
    pub alike: f64,
    /// The older record.
    pub one: RecordRow,
    /// The younger one.
    pub other: RecordRow,
}

/// Which pairs.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct PairFilter {
    /// Code of a grid or of an area above.
    pub grid: Option<String>,
    /// Why they are suggested.
    #[param(inline)]
    pub why: Option<Why>,
    /// `cause` (usual: the same credit code first, then by likeness), `alike`, `grid`, `sign` (of the
    /// older one), `other` (the younger one's); with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const ORDER: Order = Order {
    keys: &[
        Key::made("cause"),
        Key::made("alike"),
        Key::made("grid"),
        Key::made("sign"),
        Key::made("other"),
    ],
    id: "",
    down: false,
};

/// Two shops that may be one, not read yet.
struct Suggestion {
    why: Why,
    alike: f64,
    one: RecordId,
    other: RecordId,
}

/// Pairs within the reader's areas. Those that were told apart are left out, unless a stronger
/// cause came since.
pub fn suggest(reader: &Reader<'_>, filter: &PairFilter, ask: &Ask) -> Result<Page<Pair>> {
    let grid = filter.grid.as_deref();
    let mut pairs: BTreeMap<(RecordId, RecordId), (Why, f64)> = BTreeMap::new();
    let apart = told_apart(reader)?;
    for (one, other, alike) in same_door(reader, grid)? {
        if !apart.contains(&(one, other)) {
            pairs.insert((one, other), (Why::DoorAndName, alike));
        }
    }
    for (one, other) in same_code(reader, grid)? {
        let known = pairs.get(&(one, other)).map_or(0.0, |(_, alike)| *alike);
        pairs.insert((one, other), (Why::CreditCode, known));
    }
    let sort = ORDER.sort(ask.sort.as_deref())?;
    let mut made = Vec::with_capacity(pairs.len());
    for ((one, other), (why, alike)) in pairs {
        if filter.why.is_none_or(|wanted| wanted == why) {
            let pair = Suggestion {
                why,
                alike,
                one,
                other,
            };
            made.push(Made {
                key: key(reader, sort.key.name, &pair)?,
                id: Mark::Text(format!("{one}{other}")),
                row: pair,
            });
        }
    }
    page_of(made, &sort, ask)?.with(|pair| {
        Ok(Some(Pair {
            why: pair.why,
            alike: pair.alike,
            one: row(reader, &pair.one)?,
            other: row(reader, &pair.other)?,
        }))
    })
}

/// What a pair is sorted by.
fn key(reader: &Reader<'_>, name: &str, pair: &Suggestion) -> Result<Mark> {
    Ok(match name {
        "alike" => Mark::Int(millionths(pair.alike)),
        "grid" => Mark::Text(said(reader, "r.grid", &pair.one)?),
        "sign" => Mark::Text(said(reader, SIGN, &pair.one)?),
        "other" => Mark::Text(said(reader, SIGN, &pair.other)?),
        // The more alike first.
        _ => Mark::Int(match pair.why {
            Why::CreditCode => -millionths(pair.alike),
            Why::DoorAndName => 2_000_000 - millionths(pair.alike),
        }),
    })
}

const SIGN: &str =
    "coalesce((SELECT f.value FROM field_value f WHERE f.n = r.n AND f.key = 'sign_name'), '')";

/// What the index says of a record.
fn said(reader: &Reader<'_>, what: &str, id: &RecordId) -> Result<String> {
    let sql = format!("SELECT {what} FROM record r WHERE r.id = ?1");
    let mut select = reader.conn.prepare_cached(&sql)?;
    Ok(select.query_row([id.0], |row| row.get(0))?)
}

/// A share in whole millionths, which can be compared and written down.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a share lies between 0 and 1"
)]
fn millionths(share: f64) -> i64 {
    (share.clamp(0.0, 1.0) * 1_000_000.0) as i64
}

fn row(reader: &Reader<'_>, id: &RecordId) -> Result<RecordRow> {
    let stored = reader.find(id)?;
    let kind = reader.kind(&stored)?;
    let view = View::of(&stored.registers);
    let touched = view.presence.touched_ms().unwrap_or(0);
    query::row(reader, kind, &stored, &view, touched)
}

/// Pairs that were told apart, for whatever cause.
fn told_apart(reader: &Reader<'_>) -> Result<BTreeSet<(RecordId, RecordId)>> {
    let mut select = reader
        .conn
        .prepare_cached("SELECT one, other FROM duplicate_dismissed")?;
    let rows = select.query_map([], |row| Ok((RecordId(row.get(0)?), RecordId(row.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Pairs of shops with a party of the same credit code.
fn same_code(reader: &Reader<'_>, grid: Option<&str>) -> Result<Vec<(RecordId, RecordId)>> {
    let mut list = Where::default();
    list.areas("s1.grid", &reader.who.areas);
    list.areas("s2.grid", &reader.who.areas);
    list.grid("s1.grid", grid)?;
    let scope = list.sql();
    let sql = format!(
        "SELECT DISTINCT min(s1.id, s2.id), max(s1.id, s2.id)
         FROM blind b1 JOIN blind b2
              ON b2.kind = 'party' AND b2.field = 'uscc' AND b2.mac = b1.mac AND b2.n > b1.n
         JOIN record p1 ON p1.n = b1.n AND p1.alive = 1
         JOIN record p2 ON p2.n = b2.n AND p2.alive = 1 AND p2.follows <> p1.follows
         JOIN record s1 ON s1.id = p1.follows AND s1.alive = 1 AND s1.merged_into IS NULL
         JOIN record s2 ON s2.id = p2.follows AND s2.alive = 1 AND s2.merged_into IS NULL
         WHERE b1.kind = 'party' AND b1.field = 'uscc' AND {scope}
           AND NOT EXISTS (SELECT 1 FROM duplicate_dismissed d
                           WHERE d.one = min(s1.id, s2.id) AND d.other = max(s1.id, s2.id)
                             AND d.why = 'credit_code')
         LIMIT {COMPARED}"
    );
    let mut select = reader.conn.prepare(&sql)?;
    let rows = select.query_map(params_from_iter(&list.values), |row| {
        Ok((RecordId(row.get(0)?), RecordId(row.get(1)?)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

struct AtDoor {
    id: RecordId,
    name: String,
    unit: String,
}

/// Pairs of shops at the same door with similar names.
fn same_door(reader: &Reader<'_>, grid: Option<&str>) -> Result<Vec<(RecordId, RecordId, f64)>> {
    let mut list = Where::default();
    list.areas("r.grid", &reader.who.areas);
    list.grid("r.grid", grid)?;
    let scope = list.sql();
    let sql = format!(
        "SELECT d.value, r.id, coalesce(s.value, ''), coalesce(u.value, '')
         FROM field_value d JOIN record r ON r.n = d.n
         LEFT JOIN field_value s ON s.n = d.n AND s.key = 'sign_name'
         LEFT JOIN field_value u ON u.n = d.n AND u.key = 'unit_no'
         WHERE d.key = 'door_no' AND r.kind = 'shop' AND r.alive = 1 AND r.merged_into IS NULL
           AND {scope}
           AND EXISTS (SELECT 1 FROM field_value o
                       WHERE o.key = 'door_no' AND o.value = d.value AND o.n <> d.n)
         ORDER BY d.value, r.id LIMIT {COMPARED}"
    );
    let mut select = reader.conn.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(&list.values))?;
    let mut doors: BTreeMap<String, Vec<AtDoor>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let shops = doors.entry(row.get(0)?).or_default();
        if shops.len() < AT_DOOR {
            shops.push(AtDoor {
                id: RecordId(row.get(1)?),
                name: fold(&row.get::<_, String>(2)?),
                unit: fold(&row.get::<_, String>(3)?),
            });
        }
    }
    let mut pairs = Vec::new();
    for shops in doors.values() {
        for (at, one) in shops.iter().enumerate() {
            for other in shops.iter().skip(at + 1) {
                // Two numbered units are two shops, whatever hangs over their doors.
                if !one.unit.is_empty() && !other.unit.is_empty() && one.unit != other.unit {
                    continue;
                }
                let alike = likeness(&one.name, &other.name);
                if alike >= ALIKE {
                    pairs.push((one.id.min(other.id), one.id.max(other.id), alike));
                }
            }
        }
    }
    if pairs.len() > COMPARED {
        return Err(Error::Internal("more pairs than can be"));
    }
    Ok(pairs)
}

/// How alike two folded names are: the share of neighbouring characters that they have in common
/// (Sørensen-Dice); a name that is part of the other is as alike as their lengths allow.
pub fn likeness(one: &str, other: &str) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    if one == other {
        return 1.0;
    }
    let neighbours = |text: &str| -> Vec<(char, char)> {
        let edged: Vec<char> = std::iter::once('^')
            .chain(text.chars())
            .chain(['$'])
            .collect();
        edged
            .iter()
            .copied()
            .zip(edged.iter().copied().skip(1))
            .collect()
    };
    let (mut left, right) = (neighbours(one), neighbours(other));
    let all = left.len() + right.len();
    let mut common = 0;
    for pair in right {
        if let Some(at) = left.iter().position(|known| *known == pair) {
            left.swap_remove(at);
            common += 2;
        }
    }
    let share = |part: usize, of: usize| {
        let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        number(part) / number(of)
    };
    let dice = share(common, all);
    let (short, long) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if long.contains(short) && short.chars().count() >= 2 {
        let lengths = share(short.chars().count(), long.chars().count());
        return dice.max(0.5 + lengths / 2.0);
    }
    dice
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn names_of_one_shop_are_alike_and_those_of_neighbours_are_not() {
        for (one, other) in [
            ("张记小馆", "张记小馆"),
            ("张记小馆", "张记小馆七莘路店"),
            ("老张理发店", "老张理发"),
            ("好又多超市", "好又多便利超市"),
        ] {
            assert!(likeness(one, other) >= super::ALIKE, "{one} {other}");
        }
        for (one, other) in [
            ("张记小馆", "李记面馆"),
            ("美发店", "五金店"),
            ("", "张记小馆"),
        ] {
            assert!(likeness(one, other) < super::ALIKE, "{one} {other}");
        }
    }
}
