"""What the assistant does for one person alone: once at a time, on whatever server, under a lease of that server."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.assistant import asides
from jupyter_groupchat.storage.values import micros

_this = (asides.c.username == param("username_"), asides.c.what == param("what_"))

# One statement, for another server may try the same at this moment.
_TAKE = Statement(
    lambda insert: (
        insert(asides)
        .values(params("username", "what", "server", "lease_until"))
        .on_conflict_do_update(
            index_elements=["username", "what"],
            set_={"server": param("server"), "lease_until": param("lease_until")},
            where=or_(asides.c.lease_until < param("now"), asides.c.server == param("dead")),
        )
        .inline()
    )
)
_SERVER = Statement(select(asides.c.server).where(*_this))
_RENEW = Statement(update(asides).where(asides.c.server == param("by")).values(lease_until=param("until")))
_END = Statement(delete(asides).where(*_this, asides.c.server == param("by")))


class Asides(Noun):
    """Rows of ``asides``."""

    def server(self, username: str, what: str) -> str | None:
        """Which server does it for them at the moment, or did when it died."""
        row = self._run(_SERVER, username_=username, what_=what).fetchone()
        return None if row is None else str(row[0])

    def take(self, username: str, what: str, server: str, until: datetime, *, now: datetime, dead: str = "") -> bool:
        """Begin to do it, until ``until`` unless that is renewed; false while a server other than ``dead`` does it."""
        lease = micros(until)
        values = {"username": username, "what": what, "server": server, "lease_until": lease}
        return bool(self._run(_TAKE, **values, now=micros(now), dead=dead).rowcount > 0)

    def renew(self, server: str, until: datetime) -> None:
        """Extend the leases of a server."""
        self._run(_RENEW, by=server, until=micros(until))

    def end(self, username: str, what: str, server: str) -> None:
        """It has ended. Nothing happens where another server does it by now."""
        self._run(_END, username_=username, what_=what, by=server)
