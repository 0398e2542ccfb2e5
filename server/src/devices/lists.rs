//! Lists of inspectors and of phones.

use rusqlite::{Connection, types::Value};
use serde::{Deserialize, Serialize};
use sync_core::DeviceId;
use utoipa::{IntoParams, ToSchema};

use super::roster::{self, DeviceOut, Inspector};
use crate::{
    core::Core,
    error::Result,
    identity::Principal,
    lists::{Ask, Key, Order, Page, Source, Where},
};

/// What a list of inspectors is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct InspectorFilter {
    /// Part of their name or staff number.
    pub text: Option<String>,
    /// `active` or `inactive`.
    pub state: Option<String>,
    /// Code of a grid that they walk, or of an area above.
    pub grid: Option<String>,
    /// Only those who cover a grid for a time (true), or only the others.
    pub covering: Option<bool>,
    /// `code` (usual: staff number), `name`, `devices`; with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const INSPECTORS: Order = Order {
    keys: &[
        Key {
            name: "code",
            sql: "i.code",
        },
        Key {
            name: "name",
            sql: "i.name",
        },
        Key {
            name: "devices",
            sql: "(SELECT count(*) FROM device d
                   WHERE d.inspector = i.id AND d.revoked_ms IS NULL)",
        },
    ],
    id: "i.id",
    down: false,
};

/// Inspectors that a person may see.
pub fn inspectors(
    conn: &Connection,
    now_ms: i64,
    who: &Principal,
    filter: &InspectorFilter,
    ask: &Ask,
) -> Result<Page<Inspector>> {
    let mut list = scoped(who);
    list.text(&["i.name", "i.code"], filter.text.as_deref())?;
    list.maybe("i.state = ?", filter.state.clone());
    walking(&mut list, filter.grid.as_deref())?;
    match filter.covering {
        Some(true) => list.with(COVERING, now_ms),
        Some(false) => list.with(&format!("NOT {COVERING}"), now_ms),
        None => {}
    }
    let source = Source {
        columns: "i.id",
        from: "inspector i",
        beside: "",
        order: &INSPECTORS,
    };
    let page = source.page(conn, &list, ask, |row| row.get(0))?;
    page.with(|id| roster::find(conn, who, id).map(Some))
}

const COVERING: &str = "EXISTS (SELECT 1 FROM duty c
                                WHERE c.inspector = i.id AND c.until_ms > ?)";

/// How a phone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Enrolled, its words not confirmed.
    Unconfirmed,
    /// In use.
    InUse,
    /// Revoked.
    Revoked,
    /// Asks for its data key.
    Asking,
}

/// What a list of phones is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct DeviceFilter {
    /// Part of the inspector's name or staff number.
    pub text: Option<String>,
    /// How they stand.
    #[param(inline)]
    pub standing: Option<Standing>,
    /// Not heard of since this time, ms.
    pub silent_since_ms: Option<i64>,
    /// Version of the app.
    pub app: Option<String>,
    /// Code of a grid that the inspector walks, or of an area above.
    pub grid: Option<String>,
    /// An inspector's number.
    pub inspector: Option<i64>,
    /// `id` (usual), `name`, `seen`, `app`, `pending`, `enrolled`; with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const DEVICES: Order = Order {
    keys: &[
        Key {
            name: "id",
            sql: "d.id",
        },
        Key {
            name: "name",
            sql: "i.name",
        },
        Key {
            name: "seen",
            sql: "coalesce(d.last_seen_ms, d.enrolled_ms)",
        },
        Key {
            name: "app",
            sql: "coalesce(d.app, '')",
        },
        Key {
            name: "pending",
            sql: "coalesce(d.pending, 0)",
        },
        Key {
            name: "enrolled",
            sql: "d.enrolled_ms",
        },
    ],
    id: "d.id",
    down: false,
};

/// Phones that a person may see.
pub fn devices(
    conn: &Connection,
    core: &Core,
    who: &Principal,
    filter: &DeviceFilter,
    ask: &Ask,
) -> Result<Page<DeviceOut>> {
    let mut list = scoped(who);
    list.text(&["i.name", "i.code"], filter.text.as_deref())?;
    if let Some(standing) = filter.standing {
        list.fixed(match standing {
            Standing::Unconfirmed => "d.confirmed_ms IS NULL AND d.revoked_ms IS NULL",
            Standing::InUse => "d.confirmed_ms IS NOT NULL AND d.revoked_ms IS NULL",
            Standing::Revoked => "d.revoked_ms IS NOT NULL",
            Standing::Asking => {
                "EXISTS (SELECT 1 FROM recovery r WHERE r.device = d.id AND r.decided_ms IS NULL)"
            }
        });
    }
    list.maybe(
        "coalesce(d.last_seen_ms, d.enrolled_ms) < ?",
        filter.silent_since_ms,
    );
    list.maybe("d.app = ?", filter.app.clone());
    list.maybe("d.inspector = ?", filter.inspector);
    walking(&mut list, filter.grid.as_deref())?;
    let source = Source {
        columns: "d.id",
        from: "device d JOIN inspector i ON i.id = d.inspector",
        beside: "",
        order: &DEVICES,
    };
    let page = source.page(conn, &list, ask, |row| row.get(0).map(DeviceId))?;
    page.with(|id| roster::find_device(conn, core, who, id).map(Some))
}

fn scoped(who: &Principal) -> Where {
    let mut values: Vec<Value> = Vec::new();
    let scope = roster::scope(who, &mut values);
    let mut list = Where::default();
    list.with_all(&scope, values);
    list
}

/// That the inspector walks a grid there.
fn walking(list: &mut Where, grid: Option<&str>) -> Result<()> {
    let mut there = Where::default();
    there.grid("w.grid", grid)?;
    if grid.is_some() {
        list.with_all(
            &format!(
                "EXISTS (SELECT 1 FROM duty w WHERE w.inspector = i.id AND {})",
                there.sql()
            ),
            there.values,
        );
    }
    Ok(())
}
