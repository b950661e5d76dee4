"""Who uses the chat, and what they want to be called in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update

from jupyter_groupchat.storage import files as file_rows
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.files import blobs
from jupyter_groupchat.storage.tables.members import members
from jupyter_groupchat.storage.tables.people import people
from jupyter_groupchat.storage.tables.threads import threads
from jupyter_groupchat.storage.values import micros, time
from jupyter_groupchat.types import Person

_FIELDS = ("username", "name", "avatar", "display_name", "picture", "seen_at")
_COLUMNS = [people.c[name] for name in _FIELDS]
_this = people.c.username == param("username_")

_SEEN = Statement(
    lambda insert: (
        insert(people)
        .values(params("username", "name", "avatar", "seen_at"))
        .on_conflict_do_update(index_elements=["username"], set_=params("name", "avatar", "seen_at"))
        .inline()
    )
)
_GET = Statement(select(*_COLUMNS).where(_this))
_SET_NAME = Statement(update(people).where(_this).values(params("display_name")))
_SET_PICTURE = Statement(update(people).where(_this).values(params("picture")))
_ADD_BLOB = Statement(lambda insert: insert(blobs).values(params("sha256", "data")).on_conflict_do_nothing().inline())
_PICTURE = Statement(
    select(blobs.c.data).join(people, people.c.picture == blobs.c.sha256).where(people.c.picture == param("sha256"))
)
_STALE = Statement(
    select(threads.c.id)
    .join(members, members.c.thread == threads.c.key)
    .where(
        members.c.username == param("username_"),
        or_(members.c.name != param("name"), members.c.avatar.is_distinct_from(param("avatar"))),
    )
    .order_by(threads.c.updated_at.desc(), threads.c.key.desc())
    .limit(param("limit"))
)
_UNSEEN = Statement(
    select(people.c.username, people.c.picture)
    .where(people.c.seen_at < param("before"), ~exists().where(members.c.username == people.c.username))
    .order_by(people.c.seen_at)
    .limit(param("limit"))
)
_FORGET = Statement(delete(people).where(_this))
_name = func.coalesce(people.c.display_name, people.c.name)
#: What is looked for at the beginning of a word. SQLite folds no letters but ASCII's, so each is also tried as given.
_FIND = Statement(
    select(*_COLUMNS)
    .where(
        or_(
            *(
                column.like(param(name), escape="\\")
                for column in (func.lower(_name), _name)
                for name in ("start", "within", "given_start", "given_within")
            ),
            func.lower(people.c.username).like(param("start"), escape="\\"),
        ),
        ~exists().where(members.c.thread == param("thread"), members.c.username == people.c.username),
    )
    .order_by(people.c.seen_at.desc(), people.c.username)
    .limit(param("limit"))
)


def _person(row: tuple[Any, ...]) -> Person:
    username, name, avatar, display_name, picture, seen_at = row
    return Person(
        username=username,
        name=name,
        avatar=avatar,
        display_name=display_name,
        picture=picture,
        seen_at=time(seen_at),
    )


class People(Noun):
    """Rows of ``people``."""

    def seen(self, username: str, name: str, avatar: str | None, at: datetime) -> None:
        """Somebody is here, under this name of the identity provider's."""
        self._run(_SEEN, username=username, name=name, avatar=avatar, seen_at=micros(at))

    def get(self, username: str) -> Person | None:
        """The person, None when they were never here."""
        row = self._run(_GET, username_=username).fetchone()
        return None if row is None else _person(row)

    def set_name(self, username: str, name: str | None) -> None:
        """What somebody who was here wants to be called; None for what the identity provider says."""
        self._run(_SET_NAME, username_=username, display_name=name)

    def set_picture(self, username: str, sha256: str | None, data: bytes = b"") -> None:
        """The picture of somebody who was here. The bytes of the one before go when nothing else names them."""
        person = self.get(username)
        if sha256 is not None:
            self._run(_ADD_BLOB, sha256=sha256, data=data)
        self._run(_SET_PICTURE, username_=username, picture=sha256)
        if person is not None and person.picture not in (None, sha256):
            file_rows.forget_if_orphaned(self._session, str(person.picture))

    def find(self, thread_id: str, words: str, limit: int) -> list[Person]:
        """People who are not in a thread, by how a word of their name or their username begins; the latest first."""
        thread = self._session.key(thread_id)
        if thread is None:
            return []
        escaped = "".join(f"\\{character}" if character in "\\%_" else character for character in words)
        low, given = escaped.lower(), escaped.title()
        rows = self._run(
            _FIND,
            thread=thread,
            start=f"{low}%",
            within=f"% {low}%",
            given_start=f"{given}%",
            given_within=f"% {given}%",
            limit=limit,
        )
        return [_person(row) for row in rows]

    def picture(self, sha256: str) -> bytes | None:
        """The bytes of somebody's picture, None when it is nobody's: other files are not to be had this way."""
        row = self._run(_PICTURE, sha256=sha256).fetchone()
        return None if row is None else bytes(row[0])

    def prune(self, before: datetime, limit: int) -> None:
        """Forget at most ``limit`` people who are in no thread and were not seen since, with their pictures."""
        for username, picture in self._run(_UNSEEN, before=micros(before), limit=limit).fetchall():
            self._run(_FORGET, username_=username)
            if picture is not None:
                file_rows.forget_if_orphaned(self._session, picture)

    def stale(self, username: str, name: str, avatar: str | None, limit: int) -> list[str]:
        """Threads in which the person is shown under another name or face, those that go on first."""
        return [row[0] for row in self._run(_STALE, username_=username, name=name, avatar=avatar, limit=limit)]
