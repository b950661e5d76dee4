"""Commits of which nobody knows whether they were kept: the connection to the database broke in the midst of one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from jupyter_groupchat.errors import StorageUnavailable
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.threads.service import ThreadService
from tests.doubles import ANA, BEN, FailingStore, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


class DoubtfulStore(FailingStore):
    """A store that keeps what it is given and, when the test says so, does not tell."""

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        with self._store.writing() as tx:
            yield tx
        if self.failures and (failure := self.failures.pop(0)) is not None:
            raise failure


@pytest.fixture
def doubtful(store: Store) -> DoubtfulStore:
    """A store in a good mood."""
    return DoubtfulStore(store)


@pytest.fixture
async def party(doubtful: DoubtfulStore) -> AsyncIterator[Party]:
    """Ana's thread, in which Ben is too."""
    service = ThreadService(doubtful)  # type: ignore[arg-type]
    await service.start()
    yield await Party.of(service, ANA, BEN)
    await service.stop()


def doubt() -> StorageUnavailable:
    return StorageUnavailable("It is not known whether the change was kept; the same command again tells.")


async def test_a_message_that_was_kept_in_secret_is_there_once(party: Party, doubtful: DoubtfulStore) -> None:
    """Its author sends it again, everybody sees it once, and what comes after it follows it."""
    page = await party.look(BEN, page=0)
    doubtful.failures = [doubt()]
    with pytest.raises(StorageUnavailable, match="not known"):
        await party.post(ANA, "once", id="m1")
    assert (await party.post(ANA, "once", id="m1"))["seq"] == 1
    await party.post(BEN, "after it")
    await page.fetch(party.service, BEN)
    assert page.bodies == ["once", "after it"]


async def test_a_reply_that_began_in_secret_goes_on(party: Party, doubtful: DoubtfulStore) -> None:
    """Whoever writes it asks again until it is known to have begun; it has one beginning and one end."""
    await party.post(ANA, "how many?", id="m1")
    doubtful.failures = [doubt()]
    with pytest.raises(StorageUnavailable):
        await party.begin_reply("m1", id="r1")
    assert await party.begin_reply("m1", id="r1") == "r1"
    await party.append("r1", "Seven")
    await party.seal("r1")
    page = await party.look(BEN, page=0)
    assert [(message.body, message.status) for message in page.messages[-1:]] == [("Seven", "complete")]
    assert page.bodies == ["how many?", "Seven"]
