"""Rows of those who ask to be let in."""

from __future__ import annotations

from typing import Any

from jupyter_groupchat.invitation_types import JoinRequest
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.types import Role
from tests.storage.things import Stage, a_thread, minutes


def a_request(username: str = "cleo", thread_id: str = "t1", **fields: Any) -> JoinRequest:
    """Somebody who asked at noon."""
    values: dict[str, Any] = {"role": Role.MEMBER, "invitation": "i1", "asked_at": minutes(0), "times": 1} | fields
    return JoinRequest(thread_id=thread_id, username=username, name=username.title(), **values)


def test_who_waits_comes_back_in_order(stage: Stage) -> None:
    """The longest first, with everything that was kept; asking again replaces the row."""
    first, second = a_request("eve", avatar="/eve.png", role=Role.REVIEWER), a_request("cleo", asked_at=minutes(1))
    with stage.store.writing() as tx:
        tx.requests.put(second)
        tx.requests.put(first)
    with stage.store.reading() as tx:
        assert tx.requests.waiting("t1") == [first, second]
        assert tx.requests.count("t1") == 2
        assert tx.requests.of("eve") == [first]
        assert tx.requests.get("t1", "cleo") == second
        assert tx.requests.get("t1", "kim") is None
    again = a_request("eve", asked_at=minutes(2), times=2)
    with stage.store.writing() as tx:
        tx.requests.put(again)
        assert tx.requests.waiting("t1") == [second, again]


def test_who_no_longer_waits_is_known_and_not_listed(stage: Stage) -> None:
    """Until it is forgotten that they ever asked."""
    with stage.store.writing() as tx:
        tx.requests.put(a_request("eve"))
        assert tx.requests.end("t1", "eve")
        assert not tx.requests.end("t1", "eve")
        assert (tx.requests.waiting("t1"), tx.requests.count("t1"), tx.requests.of("eve")) == ([], 0, [])
        assert tx.requests.get("t1", "eve") == a_request("eve", asked_at=None)
        tx.requests.delete("t1", "eve")
        assert tx.requests.get("t1", "eve") is None


def test_only_the_owner_has_people_waiting(stage: Stage) -> None:
    """Lists of threads count them for the owner and for nobody else."""
    with stage.store.writing() as tx:
        tx.members.update("t1", "ana", role=Role.OWNER)
        tx.requests.put(a_request("eve"))
        tx.requests.put(a_request("cleo"))
        tx.requests.put(a_request("kim"))
        tx.requests.end("t1", "kim")
    with stage.store.reading() as tx:
        assert [summary.waiting for summary in tx.threads.of("ana")] == [2]
        assert [summary.waiting for summary in tx.threads.of("bob")] == [0]


def test_requests_go_with_their_thread(store: Store) -> None:
    """A deleted thread has nobody waiting."""
    with store.writing() as tx:
        tx.threads.insert(a_thread("t1"))
        tx.requests.put(a_request("eve"))
        tx.threads.delete("t1")
        assert tx.requests.of("eve") == []
        tx.threads.insert(a_thread("t1"))
        assert tx.requests.get("t1", "eve") is None
