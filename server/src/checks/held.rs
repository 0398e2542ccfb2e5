//! What the register holds of a door's shop and what was seen there, and where the two differ.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::{Deserialize, Serialize};
use sync_core::{
    RecordId,
    fieldbook::search::fold,
    record::{FieldView, View},
};
use utoipa::ToSchema;

use super::draw::Door;
use crate::{
    error::{Error, Result},
    records::{self, Stored},
    store::Tx,
};

/// What the register said of a door at the draw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Held {
    /// The shop.
    pub shop: String,
    /// Name on the sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_name: Option<String>,
    /// Code of the business type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_type: Option<String>,
    /// Code of the operating state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operating_state: Option<String>,
    /// Residents who have not moved out.
    pub residents: u32,
    /// Workers who have not left.
    pub workers: u32,
}

/// What a checker saw there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Seen {
    /// Whether there is a shop.
    pub shop: bool,
    /// Name on the sign.
    pub sign_name: Option<String>,
    /// Code of the business type.
    pub business_type: Option<String>,
    /// Code of the operating state.
    pub operating_state: Option<String>,
    /// How many live there.
    pub residents: Option<u32>,
    /// How many work there.
    pub workers: Option<u32>,
}

/// What can be wrong, by the names of [`Seen`]'s parts.
pub(super) const FIELDS: [&str; 5] = [
    "sign_name",
    "business_type",
    "operating_state",
    "residents",
    "workers",
];

impl Seen {
    /// What the record of a spot check says.
    pub(super) fn of(view: &View) -> Self {
        let text = |key: &str| {
            let shown = view.fields.get(key).map(FieldView::shown)?;
            shown.as_text().map(str::to_owned)
        };
        let number = |key: &str| match view.fields.get(key).map(FieldView::shown) {
            Some(schemas::Scalar::Int(number)) => u32::try_from(*number).ok(),
            _ => None,
        };
        let shop = view.fields.get("seen_shop").map(FieldView::shown);
        Self {
            shop: shop == Some(&schemas::Scalar::Bool(true)),
            sign_name: text("seen_sign_name"),
            business_type: text("seen_business_type"),
            operating_state: text("seen_operating_state"),
            residents: number("seen_residents"),
            workers: number("seen_workers"),
        }
    }

    /// Where it differs from what was held. What the checker left open differs from nothing.
    pub(super) fn differs(&self, held: Option<&Held>) -> Vec<String> {
        let (true, Some(held)) = (self.shop, held) else {
            return Vec::new();
        };
        let text = |seen: &Option<String>, held: &Option<String>| {
            let folded = |text: &Option<String>| text.as_deref().map(fold).unwrap_or_default();
            seen.is_some() && folded(seen) != folded(held)
        };
        let number = |seen: Option<u32>, held: u32| seen.is_some_and(|seen| seen != held);
        let found = [
            text(&self.sign_name, &held.sign_name),
            text(&self.business_type, &held.business_type),
            text(&self.operating_state, &held.operating_state),
            number(self.residents, held.residents),
            number(self.workers, held.workers),
        ];
        let named = FIELDS.iter().zip(found).filter(|(_, differs)| *differs);
        named.map(|(name, _)| (*name).to_owned()).collect()
    }

    /// The judgement that the two suggest; a person gives it.
    pub(super) fn suggests(&self, held: Option<&Held>) -> &'static str {
        match (self.shop, held) {
            (true, None) => "missed",
            (false, Some(_)) => "not-removed",
            (true, Some(_)) if !self.differs(held).is_empty() => "wrong",
            (true, Some(_)) | (false, None) => "consistent",
        }
    }
}

/// The register's shops of one grid, by door.
pub(super) struct Register(BTreeMap<String, Vec<AtDoor>>);

#[derive(Clone, Debug, Default)]
struct AtDoor {
    id: RecordId,
    values: BTreeMap<String, String>,
}

impl Register {
    /// The shops that stand in a grid now.
    pub(super) fn of_grid(tx: &Tx<'_>, grid: &str) -> Result<Self> {
        let mut shops: BTreeMap<RecordId, AtDoor> = BTreeMap::new();
        let mut select = tx.conn().prepare_cached(
            "SELECT r.id, v.key, v.value FROM record r JOIN field_value v ON v.n = r.n
             WHERE r.grid = ?1 AND r.kind = 'shop' AND r.placed = 1 AND r.alive = 1
               AND r.merged_into IS NULL
               AND v.key IN ('door_no', 'unit_no', 'sign_name', 'business_type',
                             'operating_state')",
        )?;
        let mut rows = select.query(params![grid])?;
        while let Some(row) = rows.next()? {
            let id = RecordId(row.get(0)?);
            let shop = shops.entry(id).or_default();
            shop.id = id;
            shop.values.insert(row.get(1)?, row.get(2)?);
        }
        let mut doors: BTreeMap<String, Vec<AtDoor>> = BTreeMap::new();
        for shop in shops.into_values() {
            let door = fold(&shop.text("door_no").unwrap_or_default());
            doors.entry(door).or_default().push(shop);
        }
        Ok(Self(doors))
    }

    /// Its doors, as a list to draw from.
    pub(super) fn doors(&self, grid: &str) -> Vec<(Door, RecordId)> {
        let shops = self.0.values().flatten();
        shops
            .map(|shop| {
                let door = Door {
                    grid: grid.to_owned(),
                    door: shop.text("door_no").unwrap_or_default(),
                    unit: shop.text("unit_no").unwrap_or_default(),
                };
                (door, shop.id)
            })
            .collect()
    }

    /// What is held of a door: of its unit where it names one, else of the first shop there.
    pub(super) fn held(&self, tx: &Tx<'_>, door: &Door) -> Result<Option<Held>> {
        let unit = fold(&door.unit);
        let shops = self.0.get(&fold(&door.door)).map(Vec::as_slice);
        let mut shops = shops.unwrap_or_default().iter();
        let here = |shop: &&AtDoor| {
            let own = fold(&shop.text("unit_no").unwrap_or_default());
            unit.is_empty() || own == unit
        };
        let Some(shop) = shops.find(here) else {
            return Ok(None);
        };
        Ok(Some(Held {
            shop: shop.id.to_string(),
            sign_name: shop.text("sign_name"),
            business_type: shop.text("business_type"),
            operating_state: shop.text("operating_state"),
            residents: count(tx, &shop.id, "resident", "moved-out")?,
            workers: count(tx, &shop.id, "worker", "left")?,
        }))
    }
}

impl AtDoor {
    fn text(&self, key: &str) -> Option<String> {
        self.values.get(key).cloned()
    }
}

/// People of a shop who are not `gone`.
fn count(tx: &Tx<'_>, shop: &RecordId, kind: &str, gone: &str) -> Result<u32> {
    let mut select = tx.conn().prepare_cached(
        "SELECT id FROM record WHERE follows = ?1 AND kind = ?2 AND placed = 1 AND alive = 1",
    )?;
    let ids = select.query_map(params![shop.0, kind], |row| row.get(0).map(RecordId))?;
    let ids: Vec<RecordId> = ids.collect::<rusqlite::Result<_>>()?;
    let mut counted = 0;
    for id in ids {
        let stored: Option<Stored> = match records::find(tx.conn(), tx.core().keys(), &id) {
            Err(Error::Gone(_)) => None,
            found => found?,
        };
        let view = stored.map(|stored| View::of(&stored.registers));
        let state = view.as_ref().and_then(|view| view.fields.get("state"));
        let left = state.and_then(|field| field.shown().as_text()) == Some(gone);
        counted += u32::from(view.is_some() && !left);
    }
    Ok(counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Held {
        Held {
            sign_name: Some("张记小馆".to_owned()),
            business_type: Some("6210".to_owned()),
            operating_state: Some("open".to_owned()),
            residents: 2,
            ..Held::default()
        }
    }

    fn seen() -> Seen {
        Seen {
            shop: true,
            sign_name: Some(" 张记小馆 ".to_owned()),
            business_type: Some("6210".to_owned()),
            residents: Some(2),
            ..Seen::default()
        }
    }

    #[test]
    fn a_name_in_other_blanks_is_the_same_and_what_was_left_open_is_not_wrong() {
        assert!(seen().differs(Some(&held())).is_empty());
        assert_eq!(seen().suggests(Some(&held())), "consistent");
    }

    #[test]
    fn every_part_that_differs_is_named() {
        let other = Seen {
            sign_name: Some("李记面馆".to_owned()),
            operating_state: Some("closed".to_owned()),
            residents: Some(3),
            workers: Some(0),
            ..seen()
        };
        let wrong = other.differs(Some(&held()));
        assert_eq!(wrong, ["sign_name", "operating_state", "residents"]);
        assert_eq!(other.suggests(Some(&held())), "wrong");
    }

    #[test]
    fn a_shop_that_is_only_on_one_side_is_missed_or_not_removed() {
        assert_eq!(seen().suggests(None), "missed");
        assert_eq!(Seen::default().suggests(Some(&held())), "not-removed");
        assert_eq!(Seen::default().suggests(None), "consistent");
    }
}
