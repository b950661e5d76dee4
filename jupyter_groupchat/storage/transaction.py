"""A transaction: one attribute a noun."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import text, update

from jupyter_groupchat.storage import contents, notices
from jupyter_groupchat.storage.asides import Asides
from jupyter_groupchat.storage.audit import Audit
from jupyter_groupchat.storage.bus import REPLACED
from jupyter_groupchat.storage.commands import Commands
from jupyter_groupchat.storage.decisions import Decisions
from jupyter_groupchat.storage.documents import Documents
from jupyter_groupchat.storage.drafts import Drafts
from jupyter_groupchat.storage.evidence import Evidence
from jupyter_groupchat.storage.files import Files
from jupyter_groupchat.storage.guests import Guests
from jupyter_groupchat.storage.invitations import Invitations
from jupyter_groupchat.storage.members import Members
from jupyter_groupchat.storage.messages import Messages
from jupyter_groupchat.storage.people import People
from jupyter_groupchat.storage.replies import Replies
from jupyter_groupchat.storage.reports import Reports
from jupyter_groupchat.storage.requests import Requests
from jupyter_groupchat.storage.retention import Retention
from jupyter_groupchat.storage.session import Session
from jupyter_groupchat.storage.statement import Statement, params
from jupyter_groupchat.storage.tables.generation import generation
from jupyter_groupchat.storage.threads import Threads
from jupyter_groupchat.storage.usage import Usage

_RENAME = Statement(update(generation).values(params("id")))
_NOTIFY = {
    "sqlite": Statement(text(notices.SQLITE)),
    "postgresql": Statement(text(notices.POSTGRESQL)),
}


class Transaction:
    """What ``Store.writing`` and ``Store.reading`` give. Reads see what was written before in the same transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.threads = Threads(session)
        self.members = Members(session)
        self.invitations = Invitations(session)
        self.requests = Requests(session)
        self.guests = Guests(session)
        self.people = People(session)
        self.messages = Messages(session)
        self.documents = Documents(session)
        self.commands = Commands(session)
        self.replies = Replies(session)
        self.asides = Asides(session)
        self.decisions = Decisions(session)
        self.usage = Usage(session)
        self.files = Files(session)
        self.drafts = Drafts(session)
        self.audit = Audit(session)
        self.evidence = Evidence(session)
        self.reports = Reports(session)
        self.retention = Retention(session)

    def notify(self, topic: str, payload: dict[str, Any]) -> None:
        """Tell all servers, this one among them, when and if this transaction commits; see ``storage.bus``.

        Raises ValueError when it does not fit into a notice.
        """
        self._session.run(_NOTIFY[self._session.dialect.name], notice=notices.pack(topic, payload))

    def begin_anew(self) -> None:
        """Make this another chat: what anybody has in memory of it, or in a browser, is void."""
        self._session.run(_RENAME, id=secrets.token_urlsafe(12))

    def copy_all(self, target: Transaction) -> None:
        """Copy everything from PostgreSQL into a new SQLite database."""
        contents.take_out(self._session, target._session)

    def replace_all(self, file: Path) -> None:
        """Put what a file of the newest schema holds in the place of everything, and tell all servers.

        For a transaction of ``Store.alone``, whose store is to be closed afterwards.
        """
        contents.put_in(self._session, file)
        self.notify(REPLACED, {})
