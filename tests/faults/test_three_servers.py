"""Three Jupyter servers on one PostgreSQL database, people on each, and what may happen to one or to the other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import pytest

from jupyter_groupchat.storage.backup import backup
from jupyter_groupchat.storage.restoring import restore
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.wire import frames
from tests.browser.model_endpoint import ModelEndpoint
from tests.doubles import PATIENCE, until
from tests.durability.rounds import every_message, follow, open_all, pages, same, streaming
from tests.faults.conftest import Database
from tests.faults.crowd import Writer, compare
from tests.server.client import Client, Person, Refused
from tests.server.process import ServerProcess

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.usefixtures("anyio_backend"),
    pytest.mark.postgresql,
]

NAMES = ("Ana", "Ben", "Cleo")
#: Seconds that the database is away: longer than a server waits for a lock or a connection.
AWAY = 10.0


@pytest.fixture(scope="module")
def servers(
    tmp_path_factory: pytest.TempPathFactory, postgresql: Database, model: ModelEndpoint
) -> Iterator[list[ServerProcess]]:
    """Three running servers with one database and one model."""
    options = {
        "database_url": postgresql.url,
        "base_url": model.base_url,
        "model": "stand-in",
        "commands_per_second": 100_000.0,
    }
    servers = [ServerProcess(tmp_path_factory.mktemp("server"), people=NAMES, options=options) for _ in NAMES]
    try:
        with ThreadPoolExecutor() as starting:
            list(starting.map(ServerProcess.start, servers))
        yield servers
    finally:
        for server in servers:
            server.kill()


async def gather(servers: list[ServerProcess]) -> tuple[str, list[list[Person]]]:
    """A thread that all are in. Each person has a server to go to first, and the others to turn to."""
    people = [[Person(server, name) for server in (*servers[at:], *servers[:at])] for at, name in enumerate(NAMES)]
    ana = people[0][0]
    thread = await ana.new_thread()
    for others in people[1:]:
        await ana.invite(thread, others[0])
    return thread, people


async def looking(person: Person, thread: str) -> Client:
    """A connection with the whole thread open."""
    client = await person.connect()
    await open_all(client, thread)
    return client


def replies(client: Client, thread: str) -> list[dict[str, Any]]:
    """What the assistant wrote, as somebody sees it."""
    return [message for message in pages(client, thread) if message["kind"] == "assistant"]


def ended(client: Client, thread: str, count: int) -> list[dict[str, Any]]:
    """So many replies, once all of them have ended."""
    found = replies(client, thread)
    return found if len(found) >= count and all(reply["status"] != "streaming" for reply in found) else []


async def test_a_killed_server_takes_nothing_with_it(
    servers: list[ServerProcess], model: ModelEndpoint, chance: Random
) -> None:
    """While all write, one is killed and started again: what was acknowledged is there once, for everybody.

    Those who were on it go on by another one; the reply that it was writing becomes ``interrupted``, with its text.
    """
    thread, people = await gather(servers)
    watcher = await looking(people[0][0], thread)
    model.will_answer("a long story", "Once", endless=True)
    await people[1][0].ask("POST", f"threads/{thread}/messages", {"body": "@assistant tell us a long story"})
    seen = await watcher.until(lambda: streaming(watcher, thread))

    writers = [Writer(ways, thread) for ways in people]
    writing = [asyncio.ensure_future(writer.write(40)) for writer in writers]
    await watcher.until(partial(_acknowledged, writers, chance.randint(10, 40)))
    await asyncio.to_thread(servers[1].kill)
    seen = streaming(watcher, thread) or seen
    await watcher.until(partial(_acknowledged, writers, chance.randint(60, 100)))
    await asyncio.to_thread(servers[1].start)
    await asyncio.gather(*writing)

    assert writers[1].connections > 1
    (reply,) = await watcher.until(lambda: ended(watcher, thread, 1))
    assert reply["status"] == "interrupted"
    assert reply["body"].startswith(seen[reply["id"]])
    await compare(writers, [Person(server, "Ana") for server in servers])
    assert len(await watcher.until(lambda: ended(watcher, thread, 1))) == 1


def _acknowledged(writers: list[Writer], count: int) -> bool:
    return sum(len(writer.acknowledged) for writer in writers) >= count


async def test_the_assistant_answers_once(servers: list[ServerProcess], model: ModelEndpoint) -> None:
    """Whichever server a question came to, and also when it came to two of them, since somebody's connection tore."""
    thread, people = await gather(servers)
    clients = [await looking(ways[0], thread) for ways in people]
    asked, requests = [], len(model.requests)
    for number, ways in enumerate(people):
        body = {"id": f"{thread}-q{number}", "body": f"@assistant question {number}?"}
        asked += [door.ask("POST", f"threads/{thread}/messages", body) for door in ways[:2]]
    assert len({answer["message"]["seq"] for answer in await asyncio.gather(*asked)}) == 3
    await clients[0].until(lambda: ended(clients[0], thread, 3))
    # What is asked last is answered last: by then a second answer to an earlier question would be there.
    for client in clients:
        await client.post(thread, f"@assistant and the last one of {client.person.name}?")
    for client in clients:
        found = await client.until(partial(ended, client, thread, 6))
        about = Counter(reply["reply_to"] for reply in found)
        assert len(about) == 6
        assert max(about.values()) == 1
    assert len(model.requests) == requests + 6


@pytest.mark.slow
async def test_a_database_that_was_away_is_as_if_it_had_never_been(
    servers: list[ServerProcess], model: ModelEndpoint, postgresql: Database
) -> None:
    """Meanwhile there are clear errors; then what was refused is written, and the servers hear one another again."""
    thread, people = await gather(servers)
    clients = [await looking(ways[0], thread) for ways in people]
    page = f"page:{thread}:0"
    story = model.will_answer("how it ends", "It begins", rest="and ends well")
    await clients[1].post(thread, "@assistant tell us how it ends")
    await clients[2].until(lambda: streaming(clients[2], thread))

    writers = [Writer(ways[:1], thread) for ways in people]
    for writer in writers:
        await writer.client()
    enough = asyncio.Event()
    writing = [asyncio.ensure_future(_write_on(writer, enough)) for writer in writers]
    await asyncio.to_thread(postgresql.go_away)
    back = asyncio.get_running_loop().time() + AWAY
    try:
        await until(lambda: all(len(writer.refusals) > 3 for writer in writers))
        with pytest.raises(Refused, match=r"not available\. Nothing was changed; try again") as refused:
            await people[0][0].ask("GET", "threads")
        assert refused.value.code == "storage_unavailable"
        for client in clients:
            client.received.clear()
            vector = client.replicas[page].get_state()
            client.send_raw(frames.build(client.channels[page], frames.Step.STATE_VECTOR, vector))
        story.go_on.set()
        await until(lambda: asyncio.get_running_loop().time() > back)
    finally:
        await asyncio.to_thread(postgresql.come_back)
        enough.set()
    await asyncio.gather(*writing)

    for writer in writers:
        words = ("Nothing was changed; try again.", "It is not known whether the change was kept")
        assert all(any(word in refusal.message for word in words) for refusal in writer.refusals)
    (reply,) = await clients[0].until(lambda: ended(clients[0], thread, 1))
    assert (reply["status"], reply["body"]) == ("complete", "It begins and ends well")
    await compare(writers, [Person(server, "Ana") for server in servers])
    for client in clients:
        assert not client.closed
        # Who asked for what they miss while nobody could tell is answered now, and nobody's copy was called wrong.
        await client.until(partial(client.received.count, (frames.Step.DIFFERENCE.name, page)))
        assert not [event for event in client.events if event["event"] == "channel.refused"]
        await follow(client, await writers[0].client(), thread)
        await until(partial(same, client, await writers[0].client(), thread))
    await _sees_typing(clients[2], clients[1], thread)


def _sees(client: Client, thread: str, id: str) -> bool:
    return any(message["id"] == id for message in pages(client, thread))


async def _sees_typing(watcher: Client, other: Client, thread: str) -> None:
    """Who is typing is told by the servers' own connections to one another, which come back in their own time."""
    async with asyncio.timeout(PATIENCE):
        for typing in cycle((True, False)):
            await other.command("typing", thread=thread, typing=typing)
            if any(event.get("typing") == [other.person.username] for event in watcher.events):
                return
            await asyncio.sleep(0.1)


async def _write_on(writer: Writer, enough: asyncio.Event) -> None:
    while not enough.is_set():
        await writer.write(2)


async def test_a_whole_chat_is_put_back_under_all_of_them(
    servers: list[ServerProcess], model: ModelEndpoint, postgresql: Database, tmp_path: Path
) -> None:
    """While people write: each server sends its own away, and all come back to the chat as it was, on any of them.

    A reply that was being written then is shown as interrupted, and what the assistant writes now gets nowhere.
    """
    thread, people = await gather(servers)
    clients = [await looking(ways[0], thread) for ways in people]
    model.will_answer("a story without end", "It begins", endless=True)
    await clients[1].post(thread, "@assistant tell us a story without end")
    await clients[2].until(lambda: streaming(clients[2], thread))
    store = Store(postgresql.url)
    await asyncio.to_thread(backup, store, tmp_path / "copy.sqlite")
    store.close()
    later = [await client.post(thread, f"later {client.person.name}") for client in clients]

    writers = [Writer(ways[:1], thread) for ways in people]
    enough = asyncio.Event()
    writing = [asyncio.ensure_future(_write_on(writer, enough)) for writer in writers]
    await until(lambda: _acknowledged(writers, 10))
    kept = await asyncio.to_thread(restore, tmp_path / "copy.sqlite", postgresql.url, by="root")
    assert [await client.gone() for client in clients] == [4410, 4410, 4410]
    back = sum(len(writer.acknowledged) for writer in writers)
    await until(lambda: _acknowledged(writers, back + 10))
    enough.set()
    await asyncio.gather(*writing)

    now = [message["id"] for message in await every_message(people[0][0], thread)]
    assert len(now) == len(set(now))
    store = Store(f"sqlite:///{kept}")
    with store.reading() as tx:
        until_then = {message.id for message in tx.messages.newest(thread, 10_000)}
    store.close()
    for writer in writers:
        assert writer.acknowledged <= until_then | set(now)
    assert until_then >= {message["id"] for message in later}
    clients = [await looking(ways[0], thread) for ways in people]
    assert len({client.generation for client in clients}) == 1
    (reply,) = await clients[0].until(lambda: ended(clients[0], thread, 1))
    assert reply["status"] == "interrupted"
    assert not {message["id"] for message in later} & set(now)
    for client in clients:
        message = await client.post(thread, f"now {client.person.name}")
        for other in clients:
            await other.until(partial(_sees, other, thread, message["id"]))
    for one in (*clients, *[await writer.client() for writer in writers]):
        await follow(one, clients[0], thread)
        await until(partial(same, one, clients[0], thread))
        one.close()
