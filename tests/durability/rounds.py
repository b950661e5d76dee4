"""``python -m tests.durability.rounds N``: kills a server N times while people post and the assistant writes.

Each round starts a server on what the last one left. Two people write to one thread as fast as they get answers, and
the assistant streams into it; at a random moment comes ``kill -9``. A new server then has to show every acknowledged
message and reaction, once and unchanged, in the tables and in the documents alike; what was sent and not acknowledged
is sent again with the same ids, as a browser does, and must be there once as well. Replies that were being written
keep what people had seen of them, and in the end every one of them is ``interrupted``.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from jupyter_groupchat.types import ASSISTANT, PAGE_SIZE
from tests.browser.model_endpoint import ModelEndpoint
from tests.doubles import until
from tests.server.client import Client, Person
from tests.server.process import ServerProcess

#: Commands that each person has under way at a time.
IN_FLIGHT = 6
#: Acknowledged messages of a round after which the server is killed: between these.
KILL_AFTER = (40, 160)


class Lost(AssertionError):
    """Something that was acknowledged is not there, or not as it was."""


@dataclass
class Ledger:
    """What the server must know: messages by id as ``(author, body)``, and reactions as ``(message, username)``."""

    messages: dict[str, tuple[str, str]] = field(default_factory=dict)
    reactions: set[tuple[str, str]] = field(default_factory=set)
    #: Sent and not answered: what to give again, with the same ids.
    unanswered: dict[str, tuple[Person, dict[str, Any]]] = field(default_factory=dict)
    #: The assistant's unfinished replies, by id, with what somebody had seen of them.
    cut: dict[str, str] = field(default_factory=dict)

    def acknowledged(self, person: Person, command: dict[str, Any]) -> None:
        """The server answered a command."""
        self.unanswered.pop(command["id"], None)
        if command["do"] == "message.post":
            self.messages[command["id"]] = (person.username, command["body"])
        else:
            self.reactions.add((command["message"], person.username))


class Writer:
    """A person who goes on writing until the connection breaks."""

    def __init__(
        self, client: Client, thread: str, ledger: Ledger, prefix: str, acknowledged: Callable[[], None]
    ) -> None:
        self.client = client
        self._thread = thread
        self._ledger = ledger
        self._prefix = prefix
        self._acknowledged = acknowledged
        self._count = 0

    async def write(self) -> None:
        """Write with several commands under way; returns when the connection is gone."""
        await asyncio.gather(*(self._one_after_another() for _ in range(IN_FLIGHT)))

    async def _one_after_another(self) -> None:
        last = None
        while not self.client.closed:
            self._count += 1
            command = self._command(last)
            self._ledger.unanswered[command["id"]] = (self.client.person, command)
            try:
                await self.client.command(**command)
            except ConnectionError:
                return
            self._ledger.acknowledged(self.client.person, command)
            self._acknowledged()
            last = command["id"] if command["do"] == "message.post" else None

    def _command(self, last: str | None) -> dict[str, Any]:
        common = {"id": f"{self._prefix}-{self._count}", "thread": self._thread}
        if last and self._count % 5 == 0:
            return {**common, "do": "reaction.put", "message": last, "emoji": "👍"}
        return {**common, "do": "message.post", "body": f"{self._prefix}: line {self._count}, naïve → 🤔"}


class Rounds:
    """A folder with a server's data in it, and what that data must hold."""

    def __init__(self, folder: Path, model: ModelEndpoint, seed: int) -> None:
        self.random = Random(seed)
        self.ledger = Ledger()
        self.thread = ""
        self.number = 0
        options = {"base_url": model.base_url, "api_key": "none", "commands_per_second": 100_000.0}
        self.server = ServerProcess(folder, options=options)
        self.people = [Person(self.server, name) for name in ("Ana", "Ben")]

    async def run(self) -> str:
        """One round, from a running server to the next one; what happened in it, in words. Raises Lost."""
        self.number += 1
        old = await self._write_until_killed()
        self.server.start()
        came_back_in = await self._check(old)
        ledger = self.ledger
        return (
            f"round {self.number}: {len(ledger.messages)} messages and {len(ledger.reactions)} reactions "
            f"are there once, {len(ledger.cut)} replies were cut, people were back in {came_back_in:.1f} s"
        )

    async def settle(self) -> None:
        """Wait until no reply of a dead server counts as being written; then all cut ones must say so. Raises Lost."""
        client = await self.people[0].connect()
        await open_all(client, self.thread)
        # A server that others may share a database with waits for the dead ones' leases to run out.
        await client.until(lambda: not streaming(client, self.thread))
        for where, messages in (
            ("the documents", pages(client, self.thread)),
            ("the tables", await every_message(self.people[0], self.thread)),
        ):
            found = {message["id"]: message for message in messages}
            for key in self.ledger.cut:
                if found[key]["status"] != "interrupted":
                    raise Lost(f"the reply {key} is {found[key]['status']} in {where}")
        client.close()

    async def _write_until_killed(self) -> list[Client]:
        ana, ben = self.people
        if not self.thread:
            self.thread = await ana.new_thread()
            await ana.invite(self.thread, ben)
        clients = [await person.connect() for person in self.people]
        for client in clients:
            await open_all(client, self.thread)
        question = {
            "do": "message.post",
            "id": f"q{self.number}",
            "thread": self.thread,
            "body": "@assistant tell us a long story",
        }
        await clients[0].command(**question)
        self.ledger.acknowledged(ana, question)
        watcher = clients[1]
        await watcher.until(lambda: self._new_reply(watcher))

        enough = asyncio.Event()
        left = self.random.randint(*KILL_AFTER)

        def acknowledged() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                enough.set()

        writers = [
            Writer(client, self.thread, self.ledger, f"r{self.number}-{client.person.username}", acknowledged)
            for client in clients
        ]
        writing = asyncio.gather(*(writer.write() for writer in writers))
        await enough.wait()
        await asyncio.to_thread(self.server.kill)
        for client in clients:
            await client.gone()
        await writing
        self.ledger.cut.update(self._new_reply(watcher))
        return clients

    def _new_reply(self, client: Client) -> dict[str, str]:
        """The reply that this round's server is writing."""
        seen = streaming(client, self.thread)
        return {key: text for key, text in seen.items() if key not in self.ledger.cut}

    async def _check(self, old: list[Client]) -> float:
        began = time.monotonic()
        clients = [await person.connect() for person in self.people]
        for client in clients:
            await open_all(client, self.thread)
        took = time.monotonic() - began

        for person, command in list(self.ledger.unanswered.values()):
            client = clients[self.people.index(person)]
            await client.command(**command)
            self.ledger.acknowledged(person, command)

        # Who comes back with what they had before gets what they missed, and then has what a newcomer has.
        for client, before in zip(clients, old, strict=True):
            returning = await client.person.connect()
            returning.replicas = before.replicas
            await open_all(returning, self.thread)
            await follow(client, returning, self.thread)
            await until(partial(same, client, returning, self.thread))
            returning.close()
        await follow(clients[0], clients[1], self.thread)
        await until(partial(same, clients[0], clients[1], self.thread))
        shown = pages(clients[0], self.thread)
        listed = await every_message(self.people[0], self.thread)
        self._compare("the documents", shown, [reaction for message in shown for reaction in reactions_shown(message)])
        self._compare("the tables", listed, [reaction for message in listed for reaction in reactions_listed(message)])
        for client in clients:
            client.close()
        return took

    def _compare(self, where: str, messages: list[dict[str, Any]], reactions: list[tuple[str, str]]) -> None:
        ids = Counter(message["id"] for message in messages)
        if twice := [key for key, count in ids.items() if count > 1]:
            raise Lost(f"twice in {where}: {twice}")
        if sorted(message["seq"] for message in messages) != list(range(len(messages))):
            raise Lost(f"numbers are missing or double in {where}")
        found = {message["id"]: message for message in messages}
        for key, (author, body) in self.ledger.messages.items():
            if key not in found:
                raise Lost(f"{key} is not in {where}")
            if (found[key]["author"], found[key]["body"]) != (author, body):
                raise Lost(f"{key} is not what was sent, in {where}: {found[key]}")
        if lost := self.ledger.reactions - set(reactions):
            raise Lost(f"reactions are not in {where}: {lost}")
        for key, text in self.ledger.cut.items():
            if not found[key]["body"].startswith(text):
                raise Lost(f"the reply {key} lost text that people had seen, in {where}")


async def open_all(client: Client, thread: str) -> None:
    """Open a thread's document and all its pages, and the one that comes next; those that are open stay so."""
    if f"thread:{thread}" not in client.channels:
        await client.open(f"thread:{thread}")
    for number in range((client.thread(thread).last_seq + 1) // PAGE_SIZE + 1):
        if f"page:{thread}:{number}" not in client.channels:
            await client.open(f"page:{thread}:{number}")


async def follow(client: Client, other: Client, thread: str) -> None:
    """Open what began since, as far as somebody else has it open: a page more, where one was full."""
    last = other.thread(thread).last_seq
    await client.until(lambda: client.thread(thread).last_seq >= last)
    await open_all(client, thread)


def pages(client: Client, thread: str) -> list[dict[str, Any]]:
    """All messages of the pages that a client has open, as their documents say."""
    numbers = sorted(int(doc.rpartition(":")[2]) for doc in client.replicas if doc.startswith(f"page:{thread}:"))
    return [message for number in numbers for message in client.page(thread, number).get()]


def same(one: Client, other: Client, thread: str) -> bool:
    """Whether two clients see the same."""
    return pages(one, thread) == pages(other, thread)


def streaming(client: Client, thread: str) -> dict[str, str]:
    """The replies that a client sees being written, and their text so far."""
    return {
        message["id"]: message["body"]
        for message in pages(client, thread)
        if message["author"] == ASSISTANT and message["status"] == "streaming" and message["body"]
    }


def reactions_shown(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Who reacted to a message, as a page's document says."""
    keys = (key.split("/", 2) for key in message if key.startswith("reaction/"))
    return [(message["id"], username) for _, _, username in keys]


def reactions_listed(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Who reacted to a message, as the REST call says."""
    return [(message["id"], username) for names in message["reactions"].values() for username in names]


async def every_message(person: Person, thread: str) -> list[dict[str, Any]]:
    """All messages of a thread by REST, page by page."""
    found: list[dict[str, Any]] = []
    query: dict[str, int] = {"limit": 256}
    while True:
        page = (await person.ask("GET", f"threads/{thread}/messages", **query))["messages"]
        found += page
        if not page or page[-1]["seq"] == 0:
            return found
        query["before_seq"] = page[-1]["seq"]


async def run(count: int, folder: Path, seed: int, tell: Callable[[str], None]) -> None:
    """``count`` rounds in a folder. Raises Lost at the first thing that is not as it must be."""
    model = ModelEndpoint()
    model.will_answer("long story", "Once", endless=True)
    with model.running():
        rounds = Rounds(folder, model, seed)
        with rounds.server:
            for _ in range(count):
                tell(await rounds.run())
            await rounds.settle()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rounds", type=int, nargs="?", default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="what decides when the server is killed")
    options = parser.parse_args()
    sys.stdout.write(f"seed {options.seed}\n")
    with tempfile.TemporaryDirectory() as folder:

        def tell(line: str) -> None:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

        asyncio.run(run(options.rounds, Path(folder), options.seed, tell))
    sys.stdout.write(f"{options.rounds} rounds: nothing that was acknowledged was lost or doubled\n")


if __name__ == "__main__":
    main()
