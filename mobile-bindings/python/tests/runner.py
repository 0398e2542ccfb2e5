"""Plays phones of tests/scenario: one JSON line in, one out, in the form of the app's types.ts."""

import asyncio
import enum
import json
import os
import sys

import gridbook
from gridbook import Book, BookError, Form, FormPlace, KeyStore, Point, Recovered, ShopQuery, Value

# Fields that another language's words forced another name upon.
NAMES = {"field_type": "type", "task_type": "type", "finding_class": "class"}
VALUES = {str: Value.TEXT, bool: Value.FLAG, int: Value.NUMBER, float: Value.DECIMAL}
ENUMS = {"due": gridbook.Due, "order": gridbook.Order}


class Keys(KeyStore):
    """A host's own key store, of which the data key may turn out to be another."""

    def __init__(self, data_key, seed):
        self.key = data_key
        self.device = gridbook.software_keys(data_key, seed)

    def data_key(self):
        return self.key

    def public_key(self):
        return self.device.public_key()

    def sign(self, message):
        return self.device.sign(message)


def value(given):
    if given is None:
        return Value.NULL()
    if isinstance(given, dict):
        return Value.PLACE(Point(**given))
    return VALUES[type(given)](given)


def form(args):
    place = args.get("place")
    if place:
        place = FormPlace.GRID(place["grid"]) if "grid" in place else FormPlace.WITH(place["with"])
    values = {key: value(given) for key, given in args.get("values", {}).items()}
    lists = {key: args.get(key, []) for key in ("added", "removed")}
    return Form(kind=args["kind"], record=args.get("record"), place=place, values=values, **lists)


def query(args):
    given = dict(args or {})
    for key, named in ENUMS.items():
        if key in given:
            given[key] = named[given[key].upper()]
    if "here" in given:
        given["here"] = Point(**given["here"])
    return ShopQuery(**given)


def written(answer):
    """An answer as types.ts writes it."""
    if isinstance(answer, enum.Enum):
        return answer.name.lower().replace("_", "-")
    if isinstance(answer, Value):
        return None if answer.is_NULL() else written(answer.value)
    if isinstance(answer, FormPlace):
        return {"grid": answer.grid} if answer.is_GRID() else {"with": answer.record}
    if isinstance(answer, bytes):
        return {"hex": answer.hex()}
    if isinstance(answer, list):
        return [written(one) for one in answer]
    if isinstance(answer, dict):
        return {key: written(one) for key, one in answer.items()}
    if not hasattr(answer, "__dict__"):
        return answer
    fields = {NAMES.get(key, key): written(one) for key, one in vars(answer).items()}
    if isinstance(answer, gridbook.FindingRow):
        fields |= fields.pop("row")
    return fields


class Phone:
    def __init__(self, path):
        self.path = path
        self.book = self.keys = self.syncing = None

    async def open(self, args):
        keys = Keys(bytes.fromhex(args["key"]), bytes.fromhex(args["seed"]))
        self.book = await Book.open(self.path, keys)
        self.keys = keys

    async def unlock(self, args):
        self.keys.key = bytes.fromhex(args["key"])
        await self.book.unlock()

    async def enrol(self, args):
        await self.book.enrol(args["server"], args["ticket"], "scenario")

    async def begin_sync(self, _):
        self.syncing = asyncio.create_task(self.book.sync())

    async def end_sync(self, _):
        return await self.syncing

    async def cancel_sync(self, _):
        self.syncing.cancel()
        try:
            await self.syncing
        except asyncio.CancelledError:
            return "cancelled"

    async def close(self, _):
        await self.book.shut()

    async def attach(self, args):
        return self.book.attach(args["record"], args["media"], bytes.fromhex(args["hex"]))

    async def export_outbox(self, _):
        return {"begins": bool(self.book.export_outbox())}

    async def recovery_ask(self, args):
        await self.book.recovery_ask(bytes.fromhex(args["copy"]), bytes.fromhex(args["secret"]))

    async def recovery_poll(self, args):
        found = await self.book.recovery_poll(bytes.fromhex(args["secret"]))
        if found.is_APPROVED():
            return {"state": "approved", "hex": found.data_key.hex()}
        states = {Recovered.NONE: "none", Recovered.WAITING: "waiting", Recovered.REFUSED: "refused"}
        return {"state": states[type(found)]}

    async def act(self, op, args):
        """An operation of the runner's own, or a method of the book of the same name."""
        own = getattr(self, op, None)
        if own:
            return await own(args)
        method = getattr(self.book, op)
        if op in ("check", "save"):
            answer = method(form(args))
        elif op in ("today", "shops"):
            answer = method(query(args))
        else:
            answer = method(**(args or {}))
        return await answer if asyncio.iscoroutine(answer) else answer


async def main():
    phones = {}
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        asked = json.loads(line)
        name = asked["phone"]
        path = os.path.join(os.environ["SCENARIO_FOLDER"], f"{name}.book")
        phone = phones.setdefault(name, Phone(path))
        try:
            reply = {"ok": written(await phone.act(asked["op"], asked["args"]))}
        except BookError.Failed as error:
            reply = {"error": written({key: one for key, one in vars(error).items() if key != "retry_after_ms"})}
        print(json.dumps(reply), flush=True)


asyncio.run(main())
