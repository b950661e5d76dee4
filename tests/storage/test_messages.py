"""Messages as the tables index them."""

from __future__ import annotations

import pytest

from jupyter_groupchat.errors import NotFound, StorageUnavailable
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.types import MessageKind, MessageStatus
from tests.storage.raw import execute
from tests.storage.things import Stage, a_member, a_message, a_thread, minutes, post


def test_a_message_comes_back_as_written(stage: Stage) -> None:
    """With every field, whatever script it is written in."""
    message = stage.post(
        "Γειά 'σου' \"100%\" \\ 🐙\n" * 3,
        "bob",
        kind=MessageKind.KERNEL,
        reply_to="m0",
        mentions=("ana", "dmítri o'hara"),
        cells=("c1",),
        files=("f1", "f2"),
        status=MessageStatus.STREAMING,
    )
    with stage.store.reading() as tx:
        assert tx.messages.get("t1", message.id) == message
        assert tx.messages.get("t1", "nothing") is None
        assert tx.messages.get("nowhere", message.id) is None


def test_any_identifier_can_be_a_messages_id(stage: Stage) -> None:
    """Of any length, a UUID or not."""
    uuid = "0f8fad5b-d9cb-469f-a165-70867728950e"
    ids = ["a", "m-1_Z", uuid, uuid.upper(), uuid.replace("-", ""), "0" * 32, "00000000-0000-0000-0000-000000000000"]
    ids += ["x" * length for length in (15, 16, 17, 18, 64)]
    messages = [stage.post(id=id) for id in ids]
    with stage.store.reading() as tx:
        assert [tx.messages.get("t1", id) for id in ids] == messages
        assert [message.id for message in tx.messages.newest("t1", 100)] == ids[::-1]


def test_the_ids_that_browsers_take_are_kept_small(stage: Stage) -> None:
    """With their digits, every message and its place in the index would be a tenth larger."""
    stage.post(id="0f8fad5bd9cb469fa16570867728950e")
    assert execute(stage.store, "SELECT length(id) FROM messages") == [(17,)]


def test_the_newest_messages_come_first_page_by_page(stage: Stage) -> None:
    """Before a seq, and no others than the thread's."""
    stage.thread("t2", "ana")
    messages = [stage.post(f"message {n}") for n in range(5)]
    stage.post(thread_id="t2")
    with stage.store.reading() as tx:
        assert tx.messages.newest("t1", 2) == [messages[4], messages[3]]
        assert tx.messages.newest("t1", 2, before_seq=3) == [messages[2], messages[1]]
        assert tx.messages.newest("t1", 10, before_seq=1) == [messages[0]]
        assert tx.messages.newest("t1", 10, before_seq=0) == []
        assert tx.messages.newest("nowhere", 10) == []
        assert (tx.messages.count("t1"), tx.messages.count("t2"), tx.messages.count("nowhere")) == (5, 1, 0)


def test_a_message_keeps_the_name_that_its_author_had(stage: Stage) -> None:
    """A new display name is for new messages."""
    old = stage.post(author_name="Ana")
    new = stage.post(author_name="Dr Ana")
    with stage.store.reading() as tx:
        assert tx.messages.newest("t1", 2) == [new, old]


def test_an_author_of_a_transaction_that_failed_can_still_write(stage: Stage) -> None:
    """Nothing of a rolled-back transaction is taken for kept."""

    def fail() -> None:
        with stage.store.writing() as tx:
            post(tx, author="carla")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    message = stage.post(author="carla")
    with stage.store.reading() as tx:
        assert tx.messages.newest("t1", 10) == [message]


def test_the_same_id_is_refused_in_one_thread_and_free_in_another(stage: Stage) -> None:
    """Clients choose ids, so two threads may hold the same."""
    message = stage.post()
    stage.thread("t2", "bob")
    other = stage.post(author="bob", thread_id="t2", id=message.id)
    with stage.store.reading() as tx:
        assert tx.messages.get("t2", message.id) == other
    with pytest.raises(StorageUnavailable):
        stage.post(id=message.id)
    with stage.store.reading() as tx:
        assert tx.messages.newest("t1", 10) == [message]


def test_an_edit_keeps_what_was_said_before(stage: Stage) -> None:
    """Oldest first, each with the time at which it was written."""
    message = stage.post("first", created_at=minutes(0))
    with stage.store.writing() as tx:
        tx.messages.set_body("t1", message.id, "second", ("bob",), minutes(1))
        tx.messages.set_body("t1", message.id, "third", (), minutes(2))
        edited = tx.messages.get("t1", message.id)
        assert edited is not None
        assert (edited.body, edited.mentions) == ("third", ())
        assert tx.messages.versions("t1", message.id) == [
            ("first", minutes(0)),
            ("second", minutes(1)),
            ("third", minutes(2)),
        ]
        assert [(found.thread_id, found.body) for found in tx.messages.of_id(message.id)] == [("t1", "third")]
        assert list(tx.messages.of_id("nothing")) == []
        with pytest.raises(NotFound):
            tx.messages.set_body("t1", "nothing", "x", (), minutes(1))
        with pytest.raises(NotFound):
            tx.messages.versions("t1", "nothing")


def test_a_deleted_message_leaves_its_place_and_nothing_it_said(stage: Stage) -> None:
    """Neither its text nor its history, mentions, cells or files."""
    message = stage.post("a secret", mentions=("bob",), cells=("c1",), files=("f1",))
    with stage.store.writing() as tx:
        tx.messages.set_body("t1", message.id, "a better secret", ("bob",), minutes(1))
        tx.messages.delete("t1", message.id)
        deleted = tx.messages.get("t1", message.id)
        assert deleted is not None
        assert (deleted.deleted, deleted.body, deleted.mentions, deleted.cells, deleted.files) == (True, "", (), (), ())
        assert (deleted.seq, deleted.author, deleted.created_at) == (message.seq, "ana", message.created_at)
        assert tx.messages.versions("t1", message.id) == [("", message.created_at)]
        assert tx.messages.search("secret", username="ana") == []
        assert tx.messages.count("t1") == 1
        with pytest.raises(NotFound):
            tx.messages.delete("t1", "nothing")


def test_a_reply_is_findable_once_it_is_sealed(stage: Stage) -> None:
    """Its status changes with or without its body."""
    reply = stage.post("", "assistant", kind=MessageKind.ASSISTANT, status=MessageStatus.STREAMING)
    with stage.store.writing() as tx:
        tx.messages.set_status("t1", reply.id, MessageStatus.STREAMING, "The churn")
        tx.messages.set_status("t1", reply.id, MessageStatus.COMPLETE, "The churn rose in March.")
        assert [found.body for found in tx.messages.search("march", username="bob")] == ["The churn rose in March."]
        tx.messages.set_status("t1", reply.id, MessageStatus.FAILED)
        failed = tx.messages.get("t1", reply.id)
        assert failed is not None
        assert (failed.status, failed.body) == (MessageStatus.FAILED, "The churn rose in March.")
        with pytest.raises(NotFound):
            tx.messages.set_status("t1", "nothing", MessageStatus.COMPLETE)


def test_many_messages_are_added_at_once(store: Store) -> None:
    """As if each had been added by itself, to a thread whose members have read so far."""
    messages = [a_message(seq, f"number {seq}", "bob", kind=MessageKind.IMPORT) for seq in range(700)]
    messages[3] = a_message(3, "", "import:cleo")  # without a word to find it by
    with store.writing() as tx:
        tx.threads.insert(a_thread(last_seq=699))
        tx.members.add("t1", a_member("ana", read_seq=699))
        tx.messages.add_read("t1", messages)
        tx.messages.add_read("t1", [])
    with store.reading() as tx:
        assert tx.messages.newest("t1", 1_000) == messages[::-1]
        assert [found.seq for found in tx.messages.search("654", username="ana")] == [654]
        assert tx.members.unread("t1", "ana") == (0, 0)
    with pytest.raises(StorageUnavailable), store.writing() as tx:
        tx.messages.add_read("t1", [a_message(700), messages[0]])
    with store.reading() as tx:
        assert tx.messages.count("t1") == 700
