"""People who guess invitation codes."""

from __future__ import annotations

import secrets

import pytest

from jupyter_groupchat.errors import InvitationGone, RateLimited
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import invitations
from jupyter_groupchat.threads.guesses import AT_ONCE, EVERY, Guesses
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.wire.commands import InvitationAccept, InvitationCreate
from tests.doubles import ANA, BEN, EVE, Party, Seconds
from tests.server.client import Person, Refused
from tests.server.process import ServerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


def test_waiting_as_told_gives_one_guess_more() -> None:
    """And in time all of them."""
    clock = Seconds()
    guesses = Guesses(clock)

    def guess_all() -> int:
        for number in range(100):
            try:
                guesses.check("eve")
            except RateLimited as refused:
                clock.now += refused.retry_after
                return number
            guesses.wrong("eve")
        raise AssertionError("no limit")

    assert [guess_all() for _ in range(3)] == [AT_ONCE, 1, 1]
    clock.now += AT_ONCE * EVERY
    assert guess_all() == AT_ONCE
    guesses.check("ben")


def test_who_stopped_guessing_is_forgotten() -> None:
    """Memory does not grow with everybody who ever mistyped a code."""
    clock = Seconds()
    guesses = Guesses(clock)
    for number in range(5_000):
        guesses.wrong(f"user{number}")
        clock.now += 1
    assert len(guesses._forgiven) < 1_100


async def test_who_guesses_is_stopped_and_nobody_else(store: Store) -> None:
    """Before the code is looked up, so that from then on not even the right one tells anything."""
    service = ThreadService(store)
    await service.start()
    party = await Party.of(service, ANA)
    code = (await party.do(ANA, InvitationCreate))["invitation"]["code"]
    for length in range(AT_ONCE):
        with pytest.raises(InvitationGone):
            await party.do(EVE, InvitationAccept, code=code[: length + 1])
    for guess in (secrets.token_urlsafe(invitations.CODE_BYTES), code):
        with pytest.raises(RateLimited, match="Wait") as refused:
            await party.do(EVE, InvitationAccept, code=guess)
        assert 0 < refused.value.retry_after <= EVERY
    await party.do(BEN, InvitationAccept, code=code)
    assert [member["username"] for member in await service.members(ANA, party.thread)] == ["ana", "ben"]
    await service.stop()


async def test_a_guesser_is_told_when_to_come_back(server: ServerProcess) -> None:
    """On the wire as of any other rate, by whichever way they come; the rest of the chat is open to them."""
    eve = Person(server, "Eve")
    socket = await eve.connect()
    for number in range(AT_ONCE):
        with pytest.raises(Refused) as refused:
            await socket.command("invitation.accept", code=f"guess{number}")
        assert refused.value.code == "invitation_gone"
    with pytest.raises(Refused) as refused:
        await socket.command("invitation.accept", code="guess")
    assert refused.value.code == "rate_limited"
    response = await eve.fetch("POST", "invitations/accept", {"code": "guess"})
    assert response.code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= EVERY + 1
    await eve.new_thread()
