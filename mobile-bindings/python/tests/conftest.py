"""A real server with an inspector's grid, and phones on it."""

import os
import subprocess
from types import SimpleNamespace

import gridbook
import pytest
from gridbook import Form, FormPlace, Value

GRID = "310112001001001"


class Server:
    def __init__(self, program, folder):
        self.program, self.data = program, str(folder / "data")
        serve = [program, "serve", "--listen", "127.0.0.1:0", "--data", self.data]
        log = open(folder / "log", "w")
        self.process = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=log, text=True)
        lines = (line for line in self.process.stdout if line.startswith("listening on "))
        self.url = next(lines).split()[2]

    def command(self, *words):
        done = subprocess.run([self.program, *words, "--data", self.data], check=True, capture_output=True, text=True)
        return done.stdout

    def ticket(self, inspector):
        said = self.command("enrol", inspector, "--name", f"Inspector {inspector}", "--grid", GRID)
        return next(line.split()[1] for line in said.splitlines() if line.startswith("ticket "))


@pytest.fixture
def server(tmp_path):
    running = Server(os.environ["GRIDBOOK"], tmp_path)
    yield running
    running.process.terminate()
    running.process.wait()


def shop(door, sign):
    words = {
        "door_no": door,
        "sign_name": sign,
        "premises_use": "commercial",
        "operating_state": "open",
        "business_type": "6210",
        "licence_match": "yes",
    }
    values = {key: Value.TEXT(word) for key, word in words.items()}
    return Form(kind="shop", place=FormPlace.GRID(GRID), values=values | {"lived_in": Value.FLAG(False)})


def new_keys():
    return gridbook.software_keys(gridbook.new_key(), gridbook.new_key())


@pytest.fixture
def street(server, tmp_path):
    async def phone(inspector, keys=None, network=None):
        """An enrolled, confirmed phone of an inspector."""
        path = str(tmp_path / f"{inspector}.book")
        book = await gridbook.Book.open(path, keys or new_keys(), network)
        await book.enrol(server.url, server.ticket(inspector), "test")
        server.command("confirm", book.standing().device)
        await book.sync()
        return book

    return SimpleNamespace(server=server, phone=phone, folder=tmp_path)
