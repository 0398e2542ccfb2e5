//! What files hold: of each list its pages and its columns.

use super::{
    exports::{Filters, Wanted},
    figures::MonthAsked,
    items::RosterParams,
    paging::Page,
    records,
};
use crate::{
    cases::{self, CaseFilter, ItemFilter},
    checks::{self, BatchFilter, DoorFilter, FrameFilter},
    devices::lists::{self, DeviceFilter, InspectorFilter},
    error::{Error, Result},
    export::{Names, Table, columns},
    figures::{self, LedgerFilter},
    grids::{self, GridFilter},
    identity::{
        accounts::{self, AccountFilter},
        audit::{self, TraceFilter},
    },
    records::{
        detail::Reader,
        duplicates::{PairFilter, suggest},
        query,
    },
    registration::{self, ListFilter, RowFilter},
    review::{
        held::{self, HeldFilter},
        queue::{self, ConflictFilter},
    },
    versions::{self, VersionFilter},
};

/// The rows of a list.
pub(super) fn table(
    reader: &Reader<'_>,
    list: &str,
    mut filters: Filters,
    wanted: &Wanted,
) -> Result<Table> {
    let names = &Names {
        schemas: reader.schemas,
        lang: wanted.lang,
    };
    let sort = wanted.sort.clone();
    let (conn, core, who) = (reader.conn, reader.core, reader.who);
    match list {
        "records" => {
            let filter = filters.read::<records::Listing>()?.filter();
            Table::gather(names, columns::RECORDS, sort, |ask| {
                query::list(reader, &filter, ask)
            })
        }
        "items" => {
            let filter: ItemFilter = filters.read()?;
            Table::gather(names, columns::ITEMS, sort, |ask| {
                Ok(cases::items(reader, &filter, ask)?.0)
            })
        }
        "cases" => {
            let filter: CaseFilter = filters.read()?;
            Table::gather(names, columns::CASES, sort, |ask| {
                Ok(cases::cases(reader, &filter, ask)?.0)
            })
        }
        "devices" => {
            let filter: DeviceFilter = filters.read()?;
            Table::gather(names, columns::DEVICES, sort, |ask| {
                lists::devices(conn, core, who, &filter, ask)
            })
        }
        "inspectors" => {
            let filter: InspectorFilter = filters.read()?;
            Table::gather(names, columns::INSPECTORS, sort, |ask| {
                lists::inspectors(conn, core.now_ms(), who, &filter, ask)
            })
        }
        "conflicts" => {
            let filter: ConflictFilter = filters.read()?;
            Table::gather(names, columns::CONFLICTS, sort, |ask| {
                queue::conflicts(reader, &filter, ask)
            })
        }
        "held" | "refused" => {
            let filter: HeldFilter = filters.read()?;
            Table::gather(names, columns::HELD, sort, |ask| {
                held::held(reader, list, &filter, ask)
            })
        }
        "duplicates" => {
            let filter: PairFilter = filters.read()?;
            Table::gather(names, columns::PAIRS, sort, |ask| {
                suggest(reader, &filter, ask)
            })
        }
        "audit" => {
            let filter: TraceFilter = filters.read()?;
            Table::gather(names, columns::TRACE, sort, |ask| {
                audit::list(conn, who, &filter, ask)
            })
        }
        _ => of_part(reader, list, &mut filters, names, sort),
    }
}

/// The rows of the other lists.
fn of_part(
    reader: &Reader<'_>,
    list: &str,
    filters: &mut Filters,
    names: &Names<'_>,
    sort: Option<String>,
) -> Result<Table> {
    let (conn, core, who) = (reader.conn, reader.core, reader.who);
    match list {
        "accounts" => {
            let filter: AccountFilter = filters.read()?;
            Table::gather(names, columns::ACCOUNTS, sort, |ask| {
                accounts::list(conn, who, &filter, ask)
            })
        }
        "checks" => {
            let filter: BatchFilter = filters.read()?;
            Table::gather(names, columns::BATCHES, sort, |ask| {
                checks::batches(conn, who, &filter, ask)
            })
        }
        "doors" => {
            let check = filters.place("check")?;
            let filter: DoorFilter = filters.read()?;
            Table::gather(names, columns::DOORS, sort, |ask| {
                checks::doors(conn, core, check, &filter, ask, who)
            })
        }
        "door-list" => {
            let check = filters.place("check")?;
            let filter: FrameFilter = filters.read()?;
            Table::gather(names, columns::FRAME, sort, |ask| {
                checks::frame(conn, check, &filter, ask, who)
            })
        }
        "grids" => {
            let filter: GridFilter = filters.read()?;
            Table::gather(names, columns::GRIDS, sort, |ask| {
                grids::list(conn, reader.schemas, who, &filter, ask)
            })
        }
        "registrations" => {
            let filter: ListFilter = filters.read()?;
            Table::gather(names, columns::REGISTRATIONS, sort, |ask| {
                registration::lists(conn, who, &filter, ask)
            })
        }
        "registration-rows" => {
            let list = filters.place("list")?;
            let filter: RowFilter = filters.read()?;
            Table::gather(names, columns::REGISTRATION_ROWS, sort, |ask| {
                registration::rows(conn, core, list, &filter, ask, who)
            })
        }
        "roster" => {
            let month: String = filters.place("month")?;
            let filter: RosterParams = filters.read()?;
            let grid = filter.grid.as_deref();
            Table::gather(names, columns::ITEMS, sort, |ask| {
                Ok(cases::roster(reader, &month, filter.number, grid, ask)?.page)
            })
        }
        "versions" => {
            let mut filter: VersionFilter = filters.read()?;
            filter.sort = sort;
            Table::gather(names, columns::VERSIONS, None, |_| {
                Ok(Page::whole(versions::listed(conn, core, &filter)?))
            })
        }
        "figures" => {
            let asked: MonthAsked = filters.read()?;
            let made = figures::of_month(reader, asked.month.as_deref())?;
            Ok(columns::figures(names, &made))
        }
        "ledger-steps" => {
            let filter: LedgerFilter = filters.read()?;
            Table::gather(names, columns::STEPS, sort, |ask| {
                figures::steps(reader, &filter, ask)
            })
        }
        "ledger-entries" => {
            let filter: LedgerFilter = filters.read()?;
            Table::gather(names, columns::ENTRIES, sort, |ask| {
                figures::entries(reader, &filter, ask)
            })
        }
        _ => Err(Error::NotFound("list")),
    }
}
