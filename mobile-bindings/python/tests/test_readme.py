"""The README's examples, run as they stand there."""

import asyncio
import re
from pathlib import Path

import gridbook
from conftest import GRID, shop


def test_the_readme_lists_a_grids_shops_into_a_table(street, monkeypatch, capsys):
    async def fill():
        wang = await street.phone("1001")
        for door in (12, 8, 100):
            wang.save(shop(f"古美路 {door} 号", f"{door} 号店"))
        assert (await wang.sync()).complete
        await wang.shut()

    asyncio.run(fill())
    readme = Path(__file__).parents[1] / "README.md"
    enrol, table = re.findall(r"```python\n(.*?)```", readme.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(street.folder)
    monkeypatch.setenv("GRIDBOOK_SERVER", street.server.url)
    monkeypatch.setenv("GRIDBOOK_TICKET", street.server.ticket("1002"))
    exec(enrol, {})
    assert "Read to the supervisor:" in capsys.readouterr().out
    street.server.command("confirm", device())
    seen = {}
    exec(table, seen)
    found = seen["table"]
    assert list(found["door"]) == ["古美路 8 号", "古美路 12 号", "古美路 100 号"]
    assert list(found["sign"]) == ["8 号店", "12 号店", "100 号店"]
    assert set(found["grid"]) == {GRID}
    assert "古美路 100 号" in capsys.readouterr().out


def device():
    async def ask():
        secret = Path("book.key").read_bytes()
        book = await gridbook.Book.open("street.book", gridbook.software_keys(secret[:32], secret[32:]))
        named = book.standing().device
        await book.shut()
        return named

    return asyncio.run(ask())
