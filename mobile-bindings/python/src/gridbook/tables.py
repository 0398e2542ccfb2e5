"""Lists of a book as pandas tables (`pip install gridbook[tables]`)."""

from collections.abc import Callable, Iterator
from typing import Any

import pandas

from . import Book, RowPage, ShopPage, ShopQuery, ShopRow, Value

# Most rows of one answer.
PAGE = 200


def shop_rows(book: Book, grid: str | None = None, **query: Any) -> Iterator[ShopRow]:
    """Every shop that a query finds, page by page."""
    offset = 0
    while True:
        page: ShopPage = book.shops(ShopQuery(grid=grid, offset=offset, limit=PAGE, **query))
        yield from page.rows
        offset += len(page.rows)
        if not page.rows or offset >= page.total:
            return


def shops(book: Book, grid: str | None = None, **query: Any) -> pandas.DataFrame:
    """Shops as a table: of one grid, or as `ShopQuery` narrows them."""
    columns: dict[str, Callable[[ShopRow], Any]] = {
        "grid": lambda row: row.grid,
        "door": lambda row: row.door,
        "unit": lambda row: row.unit,
        "sign": lambda row: row.sign,
        "business_type": lambda row: row.business_type,
        "state": lambda row: row.state,
        "residents": lambda row: row.residents,
        "workers": lambda row: row.workers,
        "lat": lambda row: row.location and row.location.lat / 1e7,
        "lon": lambda row: row.location and row.location.lon / 1e7,
        "due": lambda row: row.due.name.lower(),
        "visited": lambda row: row.last and pandas.Timestamp(row.last.at_ms, unit="ms", tz="UTC"),
        "findings": lambda row: row.findings,
        "conflicts": lambda row: row.conflicts,
    }
    rows = list(shop_rows(book, grid, **query))
    values = {name: [of(row) for row in rows] for name, of in columns.items()}
    index = pandas.Index([row.id for row in rows], name="shop")
    return pandas.DataFrame(values, index=index)


def records(book: Book, kind: str, shop: str | None = None) -> pandas.DataFrame:
    """Records of a kind with their small facts as columns: the last made first, 200 at most."""
    page: RowPage = book.rows(kind, shop, limit=PAGE)
    facts = [{"title": row.title} | {key: plain(fact) for key, fact in row.facts.items()} for row in page.rows]
    return pandas.DataFrame(facts, index=pandas.Index([row.id for row in page.rows], name=kind))


def plain(value: Value) -> Any:
    """A field's value as Python has it; a place as its latitude and longitude in degrees."""
    if value.is_NULL():
        return None
    if value.is_PLACE():
        return value.value.lat / 1e7, value.value.lon / 1e7
    return value.value
