"""The assistant's replies as jobs, each carried by one server under a lease, and what each reply was made from."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, insert, select, text, update

from jupyter_groupchat.reply_types import ABANDONED, JobStatus, Manifest, ReplyJob, SeenCell, SeenFile, ToolUse
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.assistant import manifests, replies
from jupyter_groupchat.storage.tables.threads import threads
from jupyter_groupchat.storage.values import micros, time

_FIELDS = ("id", "about", "asked_by", "asked", "status", "created_at", "server", "lease_until")
_select = select(threads.c.id, *(replies.c[name] for name in _FIELDS)).join(threads, threads.c.key == replies.c.thread)
# Word for word the condition of the index, and no bound values: else the databases do not see that it is the same.
_unfinished = text("status IN ('queued', 'running')")

_ADD = Statement(insert(replies).values(params("thread", "updated_at", *_FIELDS)).inline())
_GET = Statement(_select.where(replies.c.id == param("id")))
_SET_STATUS = Statement(update(replies).where(replies.c.id == param("id_")).values(params("status", "updated_at")))
_UNFINISHED = Statement(_select.where(_unfinished).order_by(replies.c.created_at, replies.c.id))
_RENEW = Statement(
    update(replies).where(_unfinished, replies.c.server == param("by")).values(lease_until=param("until"))
)
_ABANDON = Statement(update(replies).where(_unfinished).values(server=ABANDONED))
_PUT_MANIFEST = Statement(
    lambda insert: (
        insert(manifests)
        .values(params("reply", "data"))
        .on_conflict_do_update(index_elements=["reply"], set_={"data": param("data")})
        .inline()
    )
)
_MANIFEST = Statement(select(manifests.c.data).where(manifests.c.reply == param("reply")))
_FORGET_MANIFEST = Statement(delete(manifests).where(manifests.c.reply == param("reply")))


def _job(row: tuple[Any, ...]) -> ReplyJob:
    thread_id, id, about, asked_by, asked, status, created_at, server, lease_until = row
    return ReplyJob(
        id=id,
        thread_id=thread_id,
        about=about,
        asked_by=asked_by,
        asked=bool(asked),
        status=JobStatus(status),
        created_at=time(created_at),
        server=server,
        lease_until=time(lease_until),
    )


def _manifest(data: bytes) -> Manifest:
    value = json.loads(zlib.decompress(data))
    for name in ("messages", "messages_cut", "tools"):
        value[name] = tuple(value[name])
    value["cells"] = tuple(SeenCell(**cell) for cell in value["cells"])
    value["files"] = tuple(SeenFile(**file) for file in value["files"])
    value["used"] = tuple(ToolUse(**use) for use in value.get("used", ()))
    return Manifest(**value)


class Replies(Noun):
    """Rows of ``replies`` and ``manifests``."""

    def add(self, job: ReplyJob) -> None:
        """Add a job. An id that is taken fails the transaction. Raises NotFound when there is no such thread."""
        at = micros(job.created_at)
        fields = {name: getattr(job, name) for name in _FIELDS}
        fields |= {"created_at": at, "lease_until": micros(job.lease_until)}
        self._run(_ADD, thread=self._session.key_of(job.thread_id), updated_at=at, **fields)

    def get(self, message_id: str) -> ReplyJob | None:
        """The job of a reply message, None when there is none."""
        row = self._run(_GET, id=message_id).fetchone()
        return None if row is None else _job(row)

    def set_status(self, message_id: str, status: JobStatus, at: datetime) -> None:
        """Set the job's status. Nothing happens when there is no such job."""
        self._run(_SET_STATUS, id_=message_id, status=status, updated_at=micros(at))

    def unfinished(self) -> list[ReplyJob]:
        """Jobs that are queued or running, oldest first; where a lease has ended, the server is dead or cut off."""
        return [_job(row) for row in self._run(_UNFINISHED)]

    def renew(self, server: str, until: datetime) -> None:
        """Extend the lease of all of a server's unfinished jobs."""
        self._run(_RENEW, by=server, until=micros(until))

    def abandon(self) -> None:
        """Say of all unfinished jobs that nobody carries them, so that the next server ends them."""
        self._run(_ABANDON)

    def put_manifest(self, message_id: str, manifest: Manifest) -> str:
        """Keep what a reply was made from; a second one replaces the first. The job must be there.

        What comes back is for the audit (see ``evidence``): the SHA-256 of the manifest as it is kept, which is compact
        JSON with sorted keys, so that whoever is told the manifest can compare.
        """
        data = json.dumps(asdict(manifest), separators=(",", ":"), sort_keys=True).encode()
        self._run(_PUT_MANIFEST, reply=message_id, data=zlib.compress(data))
        return sha256(data).hexdigest()

    def manifest(self, message_id: str) -> Manifest | None:
        """What a reply was made from, None when that was not kept."""
        row = self._run(_MANIFEST, reply=message_id).fetchone()
        return None if row is None else _manifest(row[0])

    def forget_manifest(self, message_id: str) -> None:
        """No longer keep what a reply was made from."""
        self._run(_FORGET_MANIFEST, reply=message_id)
