"""Keeps an example of the newest schema in ``fixtures``, once, when that schema is released.

``python -m tests.storage.keep``
"""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from jupyter_groupchat.reply_types import Act, Decision, Manifest
from jupyter_groupchat.storage import schema, tables, versions
from jupyter_groupchat.storage.documents import Snapshot
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.types import AuditBody, Draft
from tests.storage.conftest import sqlite_url
from tests.storage.things import Stage, a_file, a_job, an_invitation, minutes

FIXTURES = Path(__file__).parent / "fixtures"


def main() -> None:
    """Write both files. One that is there already is refused: databases like it exist."""
    with (FIXTURES / f"{versions.HEAD}.postgresql.sql").open("x") as file:
        file.write(_postgresql())
    with tempfile.TemporaryDirectory() as directory:
        path = _sqlite(Path(directory))
        with path.open("rb") as data, gzip.open(FIXTURES / f"{versions.HEAD}.sqlite.gz", "xb") as kept:
            shutil.copyfileobj(data, kept)


def _postgresql() -> str:
    dialect = postgresql.dialect()
    ddl: list[str] = []
    for table in tables.metadata.sorted_tables:
        ddl.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        ddl += [str(CreateIndex(index).compile(dialect=dialect)) for index in sorted(table.indexes, key=str)]
    ddl += [*schema.OWN["postgresql"], *schema.VERSION]
    return ";\n".join(ddl) + ";\n"


def _sqlite(directory: Path) -> Path:
    store = Store(sqlite_url(directory))
    store.open()
    _fill(store)
    store.close()
    assert store.path is not None
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = DELETE")
    return store.path


def _fill(store: Store) -> None:
    stage = Stage(store)
    stage.post("Hello")
    second = stage.post("Hey", mentions=("bob",))
    deleted = stage.post("a secret", mentions=("bob",))
    manifest = Manifest(
        model="m", instructions="", messages=("m1",), messages_cut=(), cells=(), files=(), tools=(),
        prompt_tokens=10, completion_tokens=20, counted_by="endpoint",
    )  # fmt: skip
    with store.writing() as tx:
        tx.messages.set_body("t1", second.id, "Look at cell 3, @bob", ("bob",), minutes(1))
        tx.messages.delete("t1", deleted.id)
        tx.members.mark_read("t1", "bob", 0)
        tx.invitations.add(an_invitation(), "hash")
        tx.documents.append("page:t1:0", "t1", b"update 1")
        tx.documents.append("page:t1:0", "t1", b"update 2")
        tx.documents.fold("page:t1:0", Snapshot(b"snapshot"), 1)
        tx.commands.remember("ana", "c1", {"message": {}}, minutes(0))
        tx.replies.add(a_job())
        tx.replies.put_manifest("r1", manifest)
        tx.decisions.add("t1", "m1", Decision(act=Act.STAY_OUT, reason="Bob was asked", by="rule"), minutes(0))
        tx.usage.add("t1", "ana", "m", 10, 20, minutes(0), True)
        tx.files.add(a_file(), b"data")
        tx.audit.append("t1", "ana", "thread.create", {"title": "Thread t1"}, minutes(0))
        tx.audit.append(None, "ana", "usage.read", {}, minutes(1))
        said = AuditBody(text="a secret", since=minutes(0))
        tx.audit.append("t1", "ana", "message.delete", {"message": deleted.id}, minutes(1), said)
        draft = Draft(id="d1", thread_id="t1", opened_by="ana", opened_at=minutes(0))
        tx.drafts.add(draft)
        tx.drafts.changed(draft, minutes(1))
        tx.notify("document", {"id": "page:t1:0", "seq": 2})


if __name__ == "__main__":
    main()
