"""What is done now and then."""

from __future__ import annotations

import pytest

from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.rooms.room import page_view
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import upkeep
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.threads.work import FOLD_AFTER
from jupyter_groupchat.wire.commands import InvitationCreate, ThreadDelete
from tests.doubles import ANA, BEN, Party, until
from tests.storage.raw import execute

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


def waiting(store: Store, doc_id: str) -> int:
    """How many updates of a document wait to be folded."""
    with store.reading() as tx:
        return len(tx.documents.load(doc_id).updates)


def stored(store: Store, doc_id: str) -> YPage:
    """A page as the log has it."""
    with store.reading() as tx:
        return page_view(tx.documents.load(doc_id))


def size(store: Store) -> int:
    """Bytes that the database takes, with what SQLite keeps beside it."""
    assert store.path is not None
    return sum(file.stat().st_size for file in store.path.parent.iterdir())


async def test_a_long_log_is_folded_while_people_go_on(party: Party, store: Store) -> None:
    """A reply in many pieces: the log stays short, and nobody's replica notices."""
    await party.post(ANA, "tell me", id="m1")
    page = await party.look(BEN, page=0)
    reply = await party.begin_reply("m1")
    for number in range(2 * FOLD_AFTER):
        await party.append(reply, f"{number} ")
    await party.seal(reply)
    await until(lambda: waiting(store, page.doc_id) <= FOLD_AFTER)
    text = "".join(f"{number} " for number in range(2 * FOLD_AFTER))
    assert page.messages[-1].body == stored(store, page.doc_id).body(reply) == text
    await party.post(ANA, "and on")
    assert page.bodies[-1] == "and on"
    assert (await party.look(ANA, page=0)).messages == page.messages


async def test_a_full_page_is_folded(party: Party, store: Store) -> None:
    """It is seldom written again, so it rests as one compressed snapshot."""
    page = f"page:{party.thread}:0"
    await party.fill(ANA, 255)
    await until(lambda: waiting(store, page) == 0)
    assert len(list(stored(store, page).messages(party.thread))) == 256


async def test_logs_that_an_earlier_server_left_long_are_folded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that was killed before it folded leaves that to the next."""
    first = ThreadService(store)
    await first.start()
    party = await Party.of(first, ANA)
    await party.post(ANA, "tell me", id="m1")
    monkeypatch.setattr(first._upkeep, "fold", lambda doc_ids: None)
    reply = await party.begin_reply("m1")
    for number in range(FOLD_AFTER + 1):
        await party.append(reply, f"{number} ")
    await party.seal(reply)
    await first.stop()
    page = f"page:{party.thread}:0"
    assert waiting(store, page) > FOLD_AFTER
    second = ThreadService(store)
    await second.start()
    await until(lambda: waiting(store, page) == 0)
    await second.stop()


async def test_answers_are_not_kept_for_ever(party: Party, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a week nobody asks again; what was deleted gives its space back then, too."""
    monkeypatch.setattr(upkeep, "KEEP_ANSWERS", -upkeep.KEEP_ANSWERS)
    made = await party.do(ANA, InvitationCreate, id="c-old")
    again = await party.do(ANA, InvitationCreate, id="c-old")
    assert again == {"invitation": {key: value for key, value in made["invitation"].items() if key != "code"}}
    await party.fill(ANA, 200)
    await party.do(ANA, ThreadDelete)
    assert execute(store, "SELECT count(*) FROM commands WHERE id LIKE 'c-old/%'") == [(1,)]
    before = size(store)
    await party.service._upkeep._prune()
    assert execute(store, "SELECT count(*) FROM commands") == [(0,)]
    assert size(store) < before


async def test_rooms_that_nobody_uses_leave_and_their_memory_goes_back(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks keeps hearing: a room is read again when something happens."""
    returned: list[None] = []
    monkeypatch.setattr(upkeep, "give_back", lambda: returned.append(None))
    monkeypatch.setattr(upkeep, "_MANY", 2)
    monkeypatch.setattr(upkeep, "IDLE", 0.0)
    page = await party.look(BEN, page=0)
    await party.post(ANA, "here")
    await until(lambda: returned)
    assert len(party.service._rooms) == 0
    await party.post(ANA, "still here")
    assert page.bodies == ["here", "still here"]


async def test_rounds_go_on_when_one_fails(
    party: Party, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What failed is said in the log and tried again."""

    async def failing() -> None:
        raise RuntimeError("no luck")

    await party.service._upkeep._logged("Try your luck", failing)
    assert "Try your luck: this failed" in caplog.text
    await party.post(ANA, "unimpressed")
