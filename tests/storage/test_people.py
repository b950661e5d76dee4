"""Rows of people."""

from __future__ import annotations

from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.types import Person
from tests.storage.things import Stage, a_file, a_member, a_thread, minutes


def test_somebody_is_remembered_as_they_are_now(store: Store) -> None:
    """What they chose themselves stays when they are seen again."""
    with store.writing() as tx:
        assert tx.people.get("ana") is None
        tx.people.seen("ana", "Ana Ruiz", None, minutes(0))
        tx.people.set_name("ana", "Ana R.")
        tx.people.set_picture("ana", "5ha", b"picture")
        tx.people.seen("ana", "Ana Ruiz-Marin", "/a.png", minutes(1))
    with store.reading() as tx:
        person = tx.people.get("ana")
    assert person == Person(
        username="ana",
        name="Ana Ruiz-Marin",
        avatar="/a.png",
        display_name="Ana R.",
        picture="5ha",
        seen_at=minutes(1),
    )
    assert (person.shown_name, person.shown_avatar) == ("Ana R.", "picture:5ha")


def test_pictures_stay_as_long_as_somebody_has_them(stage: Stage) -> None:
    """The bytes go with the last person or file that names them, and only pictures are to be had as such."""
    with stage.store.writing() as tx:
        for username in ("ana", "bob"):
            tx.people.seen(username, username.title(), None, minutes(0))
            tx.people.set_picture(username, "same", b"same")
        tx.files.add(a_file(sha256="file"), b"file")
        assert tx.people.picture("same") == b"same"
        assert tx.people.picture("file") is None
        tx.people.set_picture("ana", "other", b"other")
        assert tx.people.picture("same") == b"same"
        tx.people.set_picture("bob", None)
        assert tx.files.data("same") is None
        tx.people.set_picture("bob", "file", b"file")
        tx.people.set_picture("bob", None)
        assert tx.files.data("file") == b"file"


def test_who_is_in_no_thread_is_forgotten_in_time(stage: Stage) -> None:
    """With their picture; members stay, however long they were not here, and so does who was here of late."""
    with stage.store.writing() as tx:
        for place, username in enumerate(("ana", "eve", "mia", "zoe")):
            tx.people.seen(username, username.title(), None, minutes(place))
            tx.people.set_picture(username, f"of-{username}", b"picture")
        tx.people.prune(minutes(3), limit=1)
        assert [tx.people.get(username) is None for username in ("ana", "eve", "mia", "zoe")] == [0, 1, 0, 0]
        tx.people.prune(minutes(3), limit=9)
        assert [tx.people.get(username) is None for username in ("ana", "eve", "mia", "zoe")] == [0, 1, 1, 0]
        assert [tx.files.data(f"of-{username}") is None for username in ("ana", "eve", "mia", "zoe")] == [0, 1, 1, 0]


def test_compaction_and_deleted_threads_leave_pictures(stage: Stage) -> None:
    """A file of the same bytes that goes with its thread does not take the picture along."""
    with stage.store.writing() as tx:
        tx.people.seen("ana", "Ana", None, minutes(0))
        tx.people.set_picture("ana", "same", b"same")
        tx.files.add(a_file(sha256="same"), b"same")
        tx.threads.delete("t1")
    stage.store.compact()
    with stage.store.reading() as tx:
        assert tx.people.picture("same") == b"same"


def test_threads_that_show_somebody_otherwise_are_found(store: Store) -> None:
    """Those that go on first, as many as are asked for."""
    with store.writing() as tx:
        for number in range(4):
            tx.threads.insert(a_thread(f"t{number}", updated_at=minutes(number)))
            tx.members.add(f"t{number}", a_member("ana", name="Ana", avatar=None if number else "/a.png"))
        assert tx.people.stale("ana", "Ana R.", None, 10) == ["t3", "t2", "t1", "t0"]
        assert tx.people.stale("ana", "Ana R.", None, 2) == ["t3", "t2"]
        assert tx.people.stale("ana", "Ana", None, 10) == ["t0"]
        assert tx.people.stale("ana", "Ana", "/a.png", 10) == ["t3", "t2", "t1"]
        assert tx.people.stale("bob", "Bob", None, 10) == []


def test_people_are_found_by_words(stage: Stage) -> None:
    """Whatever the letters' case, the latest first, without those in the thread; signs are only signs."""
    with stage.store.writing() as tx:
        for number, (username, name) in enumerate({"ana": "Ana", "oe": "Özlem Ünal", "x_y": "100% sure"}.items()):
            tx.people.seen(username, name, None, minutes(number))
        tx.people.seen("kim", "Kim", None, minutes(9))
        tx.people.set_name("kim", "ÖZ 100")
    with stage.store.reading() as tx:
        found = {
            words: [person.username for person in tx.people.find("t1", words, 10)]
            for words in ("öz", "ün", "100", "0%", "ki", "an", "x_", "xx", "%")
        }
        assert tx.people.find("nowhere", "öz", 10) == []
        assert len(tx.people.find("t1", "100", 1)) == 1
    assert found.pop("öz") in (["kim", "oe"], ["oe"])  # SQLite folds no capital Ö
    assert found == {
        "ün": ["oe"],
        "100": ["kim", "x_y"],
        "0%": [],
        "ki": ["kim"],
        "an": [],
        "x_": ["x_y"],
        "xx": [],
        "%": [],
    }
